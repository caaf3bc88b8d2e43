/** How many sockets each host held in each state, over time: one strip a state, one cursor a host. */
import { scaleLinear } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { useMemo, useRef, useState } from 'preact/hooks'
import { moment, seconds } from '../../../../text/amount.js'
import type { HostCounts, StateCounts } from '../../counts.js'
import { useWidth } from '../measure.js'
import { StateName, stateClass } from '../states.js'
import { data, nameOf, printing, report, words } from '../store.js'

const STRIP = 34
const FIRST = 6

export const SocketsOverTime = () => {
  const [all, setAll] = useState(false)
  const text = words.value.chart
  if (data.hosts.length === 0) return null
  const visible = all || printing.value ? data.hosts : data.hosts.slice(0, FIRST)
  return (
    <section class="card" aria-labelledby="sockets">
      <h2 id="sockets">{text.heading}</h2>
      {report.endAt === data.startAt ? (
        <p class="calm">{text.none}</p>
      ) : (
        <>
          <p class="explain">{text.explain}</p>
          <div class="hosts">
            {visible.map((host) => (
              <Host key={host.host} host={host} />
            ))}
          </div>
          {data.hosts.length > FIRST && (
            <button type="button" class="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? words.value.findings.fewer : words.value.findings.all(data.hosts.length)}
            </button>
          )}
          {data.leftOut.hosts > 0 && <p class="aside">{text.more(data.leftOut.hosts)}</p>}
        </>
      )}
    </section>
  )
}

const Host = ({ host }: { host: HostCounts }) => {
  const [at, setAt] = useState<number | null>(null)
  const strips = useRef<HTMLDivElement>(null)
  const plot = useRef<HTMLDivElement>(null)
  const width = useWidth(plot, 320)
  const text = words.value.chart
  const x = scaleLinear([data.startAt, report.endAt], [0, width])
  const name = nameOf(host.host)
  const follow = (event: PointerEvent): void => {
    const box = plot.current?.getBoundingClientRect()
    if (box !== undefined) setAt(clamped(x.invert(event.clientX - box.left)))
  }
  return (
    <figure class="host">
      <figcaption>
        <b class="mono">{host.host}</b> {name !== null && <bdi class="faint">{name}</bdi>}
        <span class="moment" aria-hidden="true">
          {at === null ? '' : text.at(moment(at))}
        </span>
      </figcaption>
      <div class="strips" ref={strips} onPointerMove={follow} onPointerLeave={() => setAt(null)}>
        {host.states.map((counts, index) => (
          <div class={`strip ${stateClass(counts.state)}`} key={counts.state}>
            <StateName state={counts.state} />
            <div ref={index === 0 ? plot : null} class="plot">
              <Strip counts={counts} width={width} />
            </div>
            <span class="peak" title={text.peak(counts.peak)}>
              {at === null ? counts.peak : countAt(counts, at)}
            </span>
          </div>
        ))}
        <div class="strip axis" aria-hidden="true">
          <span />
          <div class="plot">
            <svg width={width} height="18" aria-hidden="true">
              {x.ticks(Math.max(2, Math.floor(width / 90))).map((tick) => (
                <text key={tick} x={x(tick)} y="12" text-anchor={anchorOf(x(tick), width)}>
                  {seconds(tick)}
                </text>
              ))}
            </svg>
          </div>
          <span />
        </div>
        <input
          type="range"
          class="cursor"
          min={data.startAt}
          max={report.endAt}
          step="any"
          value={at ?? data.startAt}
          aria-label={text.cursor(host.host)}
          aria-valuetext={valueText(host, at ?? data.startAt)}
          onInput={(event) => setAt(Number(event.currentTarget.value))}
        />
        {at !== null && <CursorLine left={(plot.current?.offsetLeft ?? 0) + x(at)} />}
      </div>
      {host.step !== null && <p class="aside">{text.coarse(seconds(host.step))}</p>}
    </figure>
  )
}

const CursorLine = ({ left }: { left: number }) => <i class="cursor-line" style={{ left: `${left}px` }} />

const Strip = ({ counts, width }: { counts: StateCounts; width: number }) => {
  const [fill, edge] = useMemo(() => {
    const points = counts.times.map((time, index): [number, number] => [time, counts.counts[index] ?? 0])
    points.push([report.endAt, counts.counts.at(-1) ?? 0])
    const x = scaleLinear([data.startAt, report.endAt], [0, width])
    const y = scaleLinear([0, Math.max(1, counts.peak)], [STRIP - 4, 4])
    const shape = area<[number, number]>()
      .x(([time]) => x(time))
      .y0(y(0))
      .y1(([, count]) => y(count))
      .curve(curveStepAfter)
    const top = line<[number, number]>()
      .x(([time]) => x(time))
      .y(([, count]) => y(count))
      .curve(curveStepAfter)
    return [shape(points) ?? '', top(points) ?? '']
  }, [counts, width])
  return (
    <svg width={width} height={STRIP} aria-hidden="true">
      <path class="fill" d={fill} />
      <path class="edge" d={edge} />
    </svg>
  )
}

const countAt = ({ times, counts }: StateCounts, at: number): number =>
  counts[times.findLastIndex((time) => time <= at)] ?? 0

const clamped = (at: number): number => Math.min(report.endAt, Math.max(data.startAt, at))

const valueText = (host: HostCounts, at: number): string =>
  [moment(at), ...host.states.map((counts) => `${counts.state} ${countAt(counts, at)}`)].join(', ')

const anchorOf = (x: number, width: number): 'start' | 'middle' | 'end' =>
  x < 16 ? 'start' : x > width - 24 ? 'end' : 'middle'
