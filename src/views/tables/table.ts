/**
 * What a table is, whatever file it becomes: columns with a type, and rows made one by one.
 *
 * In: nothing. Out: the types between the tables and the formats.
 */

/** `time`: ISO 8601, UTC, nanoseconds; `long`: a whole number that may need more than 31 bits. */
export type ColumnType = 'text' | 'integer' | 'long' | 'real' | 'boolean' | 'time'

export type Value = string | number | boolean | null

export interface Column<Row> {
  readonly name: string
  readonly type: ColumnType
  readonly of: (row: Row) => Value
}

/** Rows with their cells in the order of the columns. */
export interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
  readonly rows: () => Iterable<readonly Value[]>
}

export const tableOf = <Row>(
  name: string,
  columns: readonly Column<Row>[],
  rows: () => Iterable<Row>,
): Table => ({
  name,
  columns: columns.map(({ name: column, type }) => ({ name: column, type })),
  *rows() {
    for (const row of rows()) yield columns.map(({ of }) => of(row))
  },
})
