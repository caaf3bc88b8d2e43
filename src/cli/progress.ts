/**
 * A bar with rate and time left, for work that lasts, on stderr.
 *
 * In: how much of how much is done. Out: a line that is gone when the work ends. Only for a terminal.
 */
import cliProgress from 'cli-progress'
import type { RunningWords } from '../text/running.js'

export type Task = 'reading' | 'replaying'

export interface BarOptions {
  readonly stream: NodeJS.WritableStream
  readonly words: RunningWords
  readonly ascii: boolean
  /** Seconds. */
  readonly now: () => number
}

export class Bar {
  #bar: cliProgress.SingleBar | null = null
  #task: Task | null = null
  #began = 0
  #start = 0

  constructor(private readonly options: BarOptions) {}

  /** `of`: 0 when nobody knows. Bytes when reading, packets when replaying. */
  show(task: Task, done: number, of: number): void {
    const { words, now } = this.options
    if (task !== this.#task) {
      this.end()
      this.#task = task
      this.#began = now()
      this.#start = done
    }
    const seconds = now() - this.#began
    const rate = seconds > 0 ? (done - this.#start) / seconds : 0
    const left = rate > 0 ? (of - done) / rate : Number.POSITIVE_INFINITY
    const payload = {
      task: words.task[task],
      rate: words.rate[task](scaled(rate)),
      left: Number.isFinite(left) ? words.left(minutes(Math.max(0, left))) : '',
    }
    if (this.#bar === null) this.#bar = this.#make(of, done, payload)
    else this.#bar.update(done, payload)
  }

  /** Takes the line away. */
  end(): void {
    this.#bar?.stop()
    this.#bar = null
    this.#task = null
  }

  #make(of: number, done: number, payload: object): cliProgress.SingleBar {
    const { stream, ascii } = this.options
    const bar = new cliProgress.SingleBar({
      stream,
      format: of > 0 ? '{task} {bar} {percentage}%  {rate}  {left}' : '{task}  {rate}',
      barsize: 30,
      barCompleteChar: ascii ? '#' : '\u2588',
      barIncompleteChar: ascii ? '.' : '\u2591',
      clearOnComplete: true,
      hideCursor: true,
      // What is done is told often enough: no timer of its own.
      fps: 10,
      noTTYOutput: false,
      gracefulExit: true,
    })
    bar.start(of, done, payload)
    return bar
  }
}

const UNITS = ['', 'k', 'M', 'G', 'T'] as const

/** Three digits and a decimal unit: `123 M`. */
export const scaled = (value: number): string => {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)))
  return `${Number((value / 1000 ** power).toPrecision(3))} ${UNITS[power] ?? ''}`.trimEnd()
}

/** `1:05`. */
export const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
