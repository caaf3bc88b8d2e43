/** What deserves attention, the worst first: a sentence, its evidence as links, possible causes. */
import { useState } from 'preact/hooks'
import type { Finding, Severity } from '../../../../report.js'
import { numbered } from '../../../../text/capture-names.js'
import { adviceOf, causesOf, sentenceOf } from '../../../../text/finding.js'
import { linkTo } from '../route.js'
import { flowByNumber, language, printing, spell, words } from '../store.js'

const ORDER: readonly Severity[] = ['problem', 'warning', 'note']
const FIRST = 6
/** Links of one finding: evidence is a pointer, not a list. */
const LINKS = 8

interface Props {
  readonly findings: readonly Finding[]
  readonly leftOut?: number
  /** The connection that is open: it needs no link to itself. */
  readonly within?: number
}

export const Findings = ({ findings, leftOut = 0, within }: Props) => {
  const [all, setAll] = useState(false)
  const text = words.value.findings
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
  const visible = all || printing.value ? sorted : sorted.slice(0, FIRST)
  return (
    <section class="card findings" aria-labelledby="findings">
      <h2 id="findings">
        {text.heading}
        {findings.length > 0 && <Tally findings={findings} />}
      </h2>
      {findings.length === 0 ? (
        <p class="calm">{text.none}</p>
      ) : (
        <ul>
          {visible.map((finding, index) => (
            <Item key={index} finding={finding} within={within} />
          ))}
        </ul>
      )}
      {findings.length > FIRST && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text.fewer : text.all(findings.length)}
        </button>
      )}
      {leftOut > 0 && <p class="aside">{text.more(leftOut)}</p>}
    </section>
  )
}

const Tally = ({ findings }: { findings: readonly Finding[] }) => (
  <span class="tally">
    {ORDER.map((severity) => {
      const n = findings.filter((finding) => finding.severity === severity).length
      return n === 0 ? null : (
        <span key={severity}>
          {language.value.severity[severity]} {n}
        </span>
      )
    })}
  </span>
)

const Item = ({ finding, within }: { finding: Finding; within: number | undefined }) => {
  const text = words.value.findings
  const { severity, flow, flows, packets, captures } = finding
  const about = flow === null ? flows : [flow, ...flows.filter((each) => each !== flow)]
  const links = about.filter((each) => each !== within && flowByNumber.has(each)).slice(0, LINKS)
  return (
    <li class={`finding ${severity}`}>
      <span class="severity">{language.value.severity[severity]}</span>
      <div>
        <p>{sentenceOf(finding, language.value, spell)}</p>
        <p class="evidence">
          {links.map((each) => (
            <a key={each} href={linkTo(each)}>
              {language.value.ladder.title(each)}
            </a>
          ))}
          {about.length > links.length + (within === undefined ? 0 : 1) && (
            <span>… {text.about(about.length)}</span>
          )}
          {packets.length > 0 && flow !== null && (
            <>
              <span>{text.evidence}:</span>
              {packets.slice(0, LINKS).map((packet, n) => (
                <a key={n} href={linkTo(flow, packet, captures?.[n])}>
                  #{numbered(language.value, packet, captures?.[n] ?? 0)}
                </a>
              ))}
              {packets.length > LINKS && <span>…</span>}
            </>
          )}
        </p>
        <Why finding={finding} />
      </div>
    </li>
  )
}

const Why = ({ finding }: { finding: Finding }) => {
  const text = words.value.findings
  const causes = causesOf(finding, language.value)
  const { decide, act } = adviceOf(finding, language.value)
  if (causes.length === 0 && decide === '' && act === '') return null
  return (
    <details class="why" open={printing.value}>
      <summary>{text.causes}</summary>
      <ul>
        {causes.map((cause) => (
          <li key={cause}>{cause}</li>
        ))}
      </ul>
      <dl>
        {decide !== '' && (
          <div>
            <dt>{text.decide}</dt>
            <dd>{decide}</dd>
          </div>
        )}
        {act !== '' && (
          <div>
            <dt>{text.act}</dt>
            <dd>{act}</dd>
          </div>
        )}
      </dl>
    </details>
  )
}
