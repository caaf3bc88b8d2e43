/** DuckDB, asked about exported files. In: SQL. Out: rows, every value as JSON. */
import { DuckDBInstance } from '@duckdb/node-api'

export type Row = Record<string, unknown>

export const ask = async (...statements: readonly string[]): Promise<Row[]> => {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  try {
    let rows: Row[] = []
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowObjectsJson()
    return rows
  } finally {
    connection.closeSync()
    database.closeSync()
  }
}
