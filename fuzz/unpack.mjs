/** What the report page makes of its data: the build puts it into the page's script only. Out: `unpack`. */
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const input = fileURLToPath(new URL('../src/views/html/page/unpack.ts', import.meta.url))
const bundle = await rolldown({ input })
const { output } = await bundle.generate({ format: 'esm' })
const code = Buffer.from(output[0].code).toString('base64')
export const { unpack } = await import(`data:text/javascript;base64,${code}`)
