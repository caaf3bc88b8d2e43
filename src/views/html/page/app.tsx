/** The frame of the page: what was captured, the switches, and either the overview or one connection. */
import { useEffect, useRef } from 'preact/hooks'
import { namesOf } from '../../../text/capture-names.js'
import { describeDamage } from '../../../text/fault.js'
import { footerLines } from '../../terminal/footer.js'
import { FlowView } from './flow/flow-view.js'
import { Overview } from './overview/overview.js'
import { OVERVIEW, route } from './route.js'
import { data, flowByNumber, language, languageCode, report, shown, THEMES, theme, words } from './store.js'

const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'zh', name: '中文' },
] as const

export const App = () => {
  const open = route.value.flow
  const flow = open === null ? undefined : flowByNumber.get(open)
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useEffect(() => {
    // Whoever follows a link lands at the beginning of what it opened, with the keyboard too.
    if (!first.current) {
      scrollTo(0, 0)
      main.current?.focus({ preventScroll: true })
    }
    first.current = false
  }, [open])
  return (
    <>
      <a class="skip" href="#main">
        {words.value.skip}
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        {flow === undefined ? <Overview /> : <FlowView key={flow.flow} flow={flow} />}
      </main>
      <footer class="foot">
        <p>
          {words.value.printed(data.version)} · {words.value.stack(data.stack)}
        </p>
      </footer>
    </>
  )
}

const Header = () => {
  const several = data.allFlows > 1
  return (
    <header class="top">
      <div class="top-in">
        <a class="brand" href={several ? OVERVIEW : '#'} aria-label={`bothends, ${words.value.overview}`}>
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path d="M5 3v18M19 3v18" class="brand-line" />
            <path d="M5 7l14 3M19 14L5 17" class="brand-arrow" />
          </svg>
          <span>bothends</span>
        </a>
        <p class="source">
          <Captures />
        </p>
        <div class="switches">
          <fieldset class="switch">
            <legend class="hidden">{words.value.language}</legend>
            {LANGUAGES.map(({ code, name }) => (
              <button
                key={code}
                type="button"
                lang={code === 'zh' ? 'zh-CN' : 'en'}
                aria-pressed={languageCode.value === code}
                onClick={() => {
                  languageCode.value = code
                }}
              >
                {name}
              </button>
            ))}
          </fieldset>
          <fieldset class="switch">
            <legend class="hidden">{words.value.theme.label}</legend>
            {THEMES.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={theme.value === name}
                onClick={() => {
                  theme.value = name
                }}
              >
                {words.value.theme[name]}
              </button>
            ))}
          </fieldset>
        </div>
      </div>
      <Remarks />
    </header>
  )
}

/** So many captures are named above every page; all of them where the pointer rests. */
const NAMED = 4

const Captures = () => {
  const packets = report.captures.reduce((sum, capture) => sum + capture.packets, 0)
  const tcp = report.captures.reduce((sum, capture) => sum + capture.tcpPackets, 0)
  const names = namesOf(report.captures.map(({ file }) => file)).map(shown)
  const more = names.length - NAMED
  return (
    <>
      <strong title={report.captures.map(({ file }) => shown(file)).join('\n')}>
        <bdi>{names.slice(0, more > 1 ? NAMED : names.length).join(', ')}</bdi>
        {more > 1 ? words.value.moreCaptures(more) : ''}
      </strong>{' '}
      <span>
        {report.epoch === null ? '' : `${report.epoch.slice(0, 10)} ${report.epoch.slice(11, 19)} UTC · `}
        {words.value.capture(packets, tcp, data.allFlows)}
      </span>
    </>
  )
}

/** What the reader must know before believing anything: damage, and what stands below the terminal's ladder. */
const Remarks = () => {
  const names = namesOf(report.captures.map(({ file }) => file))
  const damaged = report.captures.flatMap((capture) =>
    capture.damage === null ? [] : [shown(describeDamage(capture, capture.damage, language.value))],
  )
  const captures = report.captures.map((capture, index) => ({ ...capture, file: names[index] ?? '' }))
  const lines = [...damaged, ...footerLines({ captures, endAt: report.endAt }, language.value)]
  if (lines.length === 0) return null
  return (
    <ul class="remarks">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
