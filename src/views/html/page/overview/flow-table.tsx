/** Every connection in a table: sorted, filtered, and only the rows drawn that can be seen. */
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Flow, Verdict } from '../../../../report.js'
import { followable, VERDICTS } from '../../../../report.js'
import { seconds } from '../../../../text/amount.js'
import { sizeOf } from '../../../copies.js'
import { endpoint } from '../../../endpoint.js'
import { linkTo } from '../route.js'
import { StateName } from '../states.js'
import { data, language, printing, report, words } from '../store.js'
import { COLUMNS, type ColumnName, matches, sorted } from './flow-order.js'

const ROW = 34
const VISIBLE = 16
const MARGIN = 10

export const FlowTable = () => {
  const [text, setText] = useState('')
  const [verdict, setVerdict] = useState<Verdict | ''>('')
  const [column, setColumn] = useState<ColumnName>('flow')
  const [down, setDown] = useState(false)
  const code = language.value
  const flows = useMemo(
    () =>
      sorted(
        report.flows.filter(
          (flow) => (verdict === '' || flow.verdict === verdict) && matches(flow, text, code),
        ),
        column,
        down,
        code,
      ),
    [text, verdict, column, down, code],
  )
  const sortBy = (name: ColumnName): void => {
    setDown(name === column ? !down : false)
    setColumn(name)
  }
  const table = words.value.table
  const example = report.flows[0]?.flow === 0 ? data.allFlows - 1 : 0
  return (
    <section class="card" aria-labelledby="flows">
      <div class="card-head">
        <h2 id="flows">{table.heading}</h2>
        <search class="filters">
          <label>
            <span>{table.filter}</span>
            <input
              type="search"
              value={text}
              placeholder={table.hint}
              spellcheck={false}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <VerdictChoice value={verdict} choose={setVerdict} />
          <output aria-live="polite">{table.shown(flows.length, report.flows.length)}</output>
        </search>
      </div>
      {flows.length === 0 ? (
        <p class="calm">{report.flows.length === 0 ? code.list.noFlows(followable(report)) : table.none}</p>
      ) : (
        <Rows flows={flows} column={column} down={down} sortBy={sortBy} />
      )}
      {data.leftOut.flows > 0 && (
        <p class="aside">
          {table.more(data.leftOut.flows, `bothends report --flow ${example} -o flow.html ${data.typed}`)}
        </p>
      )}
    </section>
  )
}

const VerdictChoice = ({ value, choose }: { value: Verdict | ''; choose: (value: Verdict | '') => void }) => {
  const counts = useMemo(() => {
    const all = new Map<Verdict, number>()
    for (const flow of report.flows) all.set(flow.verdict, (all.get(flow.verdict) ?? 0) + 1)
    return all
  }, [])
  return (
    <label>
      <span>{words.value.table.verdict}</span>
      <select
        value={value}
        onChange={(event) => choose(VERDICTS.find((each) => each === event.currentTarget.value) ?? '')}
      >
        <option value="">{words.value.table.any}</option>
        {VERDICTS.filter((each) => counts.has(each)).map((each) => (
          <option key={each} value={each}>
            {language.value.verdictNames[each]} ({counts.get(each)})
          </option>
        ))}
      </select>
    </label>
  )
}

interface RowsProps {
  readonly flows: readonly Flow[]
  readonly column: ColumnName
  readonly down: boolean
  readonly sortBy: (name: ColumnName) => void
}

const Rows = ({ flows, column, down, sortBy }: RowsProps) => {
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const first = printing.value
    ? 0
    : Math.max(0, Math.min(Math.floor(top / ROW) - MARGIN, flows.length - VISIBLE))
  const last = printing.value ? flows.length : first + VISIBLE + 2 * MARGIN
  const part = flows.slice(first, last)
  const after = Math.max(0, flows.length - last)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div
      class="scroll"
      role="group"
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard
      tabIndex={0}
      aria-label={words.value.table.heading}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <table class="flows" aria-rowcount={flows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map((name) => (
              <th
                key={name}
                class={`c-${name}`}
                scope="col"
                aria-sort={name === column ? (down ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  onClick={() => sortBy(name)}
                  title={words.value.table.sort(headingOf(name))}
                >
                  {headingOf(name)}
                  <span aria-hidden="true">{name === column ? (down ? '▾' : '▴') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Space height={first * ROW} />}
          {part.map((flow, index) => (
            <Row key={flow.flow} flow={flow} index={first + index + 2} />
          ))}
          {after > 0 && !printing.value && <Space height={after * ROW} />}
        </tbody>
      </table>
    </div>
  )
}

const Space = ({ height }: { height: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
  <tr aria-hidden="true" class="space">
    <td colSpan={COLUMNS.length} style={{ height: `${height}px` }} />
  </tr>
)

const headingOf = (name: ColumnName): string => {
  const { table } = words.value
  const { headings } = language.value.list
  if (name === 'bytes') return table.bytes
  if (name === 'start') return table.start
  if (name === 'seconds') return table.duration
  return headings[name]
}

const Row = ({ flow, index }: { flow: Flow; index: number }) => (
  // The link in the first cell is the way for the keyboard; a click anywhere in the row is a short cut.
  <tr
    aria-rowindex={index}
    class={`v-${flow.verdict}`}
    onClick={() => {
      if (getSelection()?.isCollapsed !== false) location.hash = linkTo(flow.flow)
    }}
  >
    <td class="c-flow">
      <a href={linkTo(flow.flow)}>{flow.flow}</a>
    </td>
    <td class="c-verdict">{language.value.verdictNames[flow.verdict]}</td>
    <td class="c-client mono">{endpoint(flow.client)}</td>
    <td class="c-server mono">{endpoint(flow.server)}</td>
    <td class="c-clientState">
      <StateName state={flow.client.state} certainty={flow.client.certainty} />
    </td>
    <td class="c-serverState">
      <StateName state={flow.server.state} certainty={flow.server.certainty} />
    </td>
    <td class="c-packets">{sizeOf(flow).packets}</td>
    <td class="c-bytes">{sizeOf(flow).bytes}</td>
    <td class="c-start">{flow.startAt.toFixed(3)}</td>
    <td class="c-seconds">{seconds(flow.endAt - flow.startAt)}</td>
  </tr>
)
