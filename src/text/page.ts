/** The words of the report page, apart from the rest because only that page needs them. In: nothing. Out: their type. */
import type { Side, TimerSpan } from '../report.js'

export interface PageWords {
  readonly title: string
  readonly skip: string
  readonly language: string
  readonly theme: Readonly<Record<'label' | 'auto' | 'light' | 'dark', string>>
  readonly back: string
  readonly overview: string
  /** Behind the names of the first captures. */
  readonly moreCaptures: (captures: number) => string
  readonly capture: (packets: number, tcp: number, flows: number) => string
  readonly stack: (stack: string) => string
  readonly findings: {
    readonly heading: string
    readonly none: string
    readonly about: (flows: number) => string
    readonly all: (findings: number) => string
    readonly fewer: string
    readonly evidence: string
    readonly causes: string
    readonly decide: string
    readonly act: string
    readonly more: (findings: number) => string
  }
  readonly chart: {
    readonly heading: string
    readonly explain: string
    readonly at: (moment: string) => string
    readonly peak: (n: number) => string
    readonly cursor: (host: string) => string
    readonly coarse: (seconds: string) => string
    readonly more: (hosts: number) => string
    readonly none: string
  }
  readonly table: {
    readonly heading: string
    readonly filter: string
    readonly hint: string
    readonly verdict: string
    readonly any: string
    readonly shown: (shown: number, all: number) => string
    readonly none: string
    readonly bytes: string
    readonly start: string
    readonly duration: string
    readonly sort: (column: string) => string
    readonly more: (flows: number, command: string) => string
  }
  readonly flow: {
    readonly next: string
    readonly previous: string
    readonly duration: string
    readonly community: string
  }
  readonly ladder: {
    readonly heading: string
    readonly list: (flow: number, events: number) => string
    readonly scale: string
    readonly squeezed: string
    readonly linear: string
    readonly squeezedHint: string
    readonly fold: string
    readonly folded: (packets: number, first: number, last: number) => string
    readonly leftOut: (packets: number, first: number, last: number, command: string) => string
    readonly notPrinted: (lines: number) => string
    readonly timer: Readonly<Record<TimerSpan['name'], string>>
    readonly legend: Readonly<
      Record<
        | 'heading'
        | 'band'
        | 'assumed'
        | 'hindsight'
        | 'lost'
        | 'unheard'
        | 'thrown'
        | 'unseen'
        | 'crossing'
        | 'timer'
        | 'silent',
        string
      >
    >
    readonly empty: string
  }
  readonly diagram: {
    readonly heading: string
    readonly label: (side: Side, state: string) => string
    readonly stays: string
    readonly source: string
  }
  readonly detail: {
    readonly heading: string
    readonly before: string
    readonly nothing: string
    readonly position: (n: number, all: number) => string
  }
  readonly replay: {
    readonly heading: string
    readonly play: string
    readonly pause: string
    readonly first: string
    readonly previous: string
    readonly next: string
    readonly last: string
    readonly position: string
    readonly speed: string
    readonly squeezed: (real: string, shown: string) => string
    readonly timing: string
    readonly keys: string
    readonly value: (n: number, all: number, moment: string) => string
    readonly start: string
  }
  readonly netstat: {
    readonly heading: string
    readonly of: (host: string) => string
    readonly none: string
    readonly others: (sockets: number) => string
    readonly unknownQueue: string
  }
  readonly printed: (version: string) => string
}
