/**
 * The shape of the source, as src/README.md draws it: who may import whom, and why; no `any`; no Node where none is needed.
 * Says at the end which files have grown long.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const source = fileURLToPath(new URL('../src/', import.meta.url))

interface Rule {
  /** Folders and files of src/ that it may import from, besides itself. */
  readonly from: readonly string[]
  readonly because: string
  /** Built-in modules of Node that it may use; 'all' for those that deal with the world. */
  readonly node: readonly string[] | 'all'
}

const FAULTS = ['faults.ts', 'faults-english.ts'] as const
const REPORT = ['report.ts', 'listed.ts', 'numbered.ts', 'notes.ts', 'findings.ts', ...FAULTS] as const

const RULES: Readonly<Record<string, Rule>> = {
  'faults.ts': { from: [], because: 'codes only', node: [] },
  'bisection.ts': { from: [], because: 'it knows of indices only', node: [] },
  'faults-english.ts': { from: ['faults.ts'], because: 'what an exception has to say at once', node: [] },
  capture: { from: FAULTS, because: 'a reader of files knows no protocol', node: 'all' },
  wire: { from: ['capture'], because: 'a decoder sees one frame at a time, and no connection', node: [] },
  rfc9293: {
    from: [],
    because: 'the machine knows one end and no capture: only so can it be held beside the RFC',
    node: [],
  },
  flow: {
    from: ['bisection.ts', 'capture', 'wire', 'rfc9293'],
    because: 'a connection is found by addresses and sequence numbers (rfc9293/sequence), not by states',
    node: ['node:crypto'],
  },
  'findings.ts': {
    from: ['rfc9293', 'report.ts'],
    because: 'codes only; whoever finds and whoever words them meet here',
    node: [],
  },
  'notes.ts': { from: ['rfc9293', 'report.ts'], because: 'codes only, as above', node: [] },
  'report.ts': {
    from: ['rfc9293', 'notes.ts', 'findings.ts', 'faults.ts'],
    because: 'the waist: plain JSON, and the names of rules and states in it',
    node: [],
  },
  'listed.ts': { from: ['report.ts'], because: 'another form of what the report holds', node: [] },
  'numbered.ts': { from: ['report.ts'], because: 'another form of what a flow says', node: [] },
  infer: {
    from: ['bisection.ts', 'flow', 'rfc9293', ...REPORT],
    because: 'it guesses from segments alone; what it has guessed it must not read back from a replay',
    node: [],
  },
  replay: {
    from: ['bisection.ts', 'wire', 'flow', 'rfc9293', 'infer', ...REPORT],
    because: 'it folds the events that infer/ decided, and decides none',
    node: [],
  },
  plain: {
    from: ['bisection.ts', 'capture', 'wire', 'flow', 'rfc9293', 'infer', 'replay', 'diagnose', ...REPORT],
    because: 'the short cut must say what the long way would, so it may look at all that one rests on',
    node: [],
  },
  diagnose: {
    from: [...REPORT],
    because:
      'a finding must be found in the report alone, so that everybody can check it; and it has no words',
    node: [],
  },
  text: { from: ['rfc9293', ...REPORT], because: 'words know codes, not how they came about', node: [] },
  select: { from: [...REPORT], because: 'a filter asks what the report says', node: ['node:net'] },
  views: {
    from: ['bisection.ts', 'capture', 'text', 'version.ts', ...REPORT],
    because: 'a view shows the report; only the copy of a capture (views/pcapng) reads its blocks again',
    node: 'all',
  },
  carry: {
    from: ['wire', 'flow', ...REPORT],
    because: 'what one run leaves to the next is what it read, never what it concluded',
    node: 'all',
  },
  'turns.ts': {
    from: ['flow', ...REPORT],
    because:
      'it lets signals and timers be heard between connections; what is done with them it does not know',
    node: ['node:timers/promises'],
  },
  'reading.ts': {
    from: ['carry', 'capture', 'wire', 'flow', 'infer', 'plain', 'replay', ...REPORT],
    because: 'the first half of the pipeline: every packet passes it, nothing else does',
    node: [],
  },
  'large.ts': {
    from: ['analyze.ts', 'report.ts'],
    because: 'it asks only how large a file or a flow is; the command asks it before it loads a pipeline',
    node: ['node:fs'],
  },
  'beginning.ts': {
    from: ['flow', 'rfc9293', ...REPORT],
    because: 'it knows which segments move an end from state to state, and no more of a connection',
    node: [],
  },
  'long-connection.ts': {
    from: ['analyze.ts', 'beginning.ts', 'flow', 'rfc9293', 'diagnose', 'plain', ...REPORT],
    because: 'it hands one connection to the pipeline part by part, and keeps what rules ask for',
    node: [],
  },
  'long-rows.ts': {
    from: ['long-connection.ts', 'survey.ts', 'capture', 'wire', 'flow', 'plain', ...REPORT],
    because: 'it replays such connections once more, for who wants their rows',
    node: [],
  },
  'replays.ts': {
    from: ['analyze.ts', 'long-connection.ts', 'plain', ...REPORT],
    because: 'it hands the packets that a survey has held to the pipeline, as often as somebody wants them',
    node: [],
  },
  'replayed-rows.ts': {
    from: ['replays.ts', 'plain', ...REPORT],
    because: 'it asks for a connection again when its packets are due',
    node: [],
  },
  'survey.ts': {
    from: [
      'analyze.ts',
      'long-connection.ts',
      'replays.ts',
      'large.ts',
      'reading.ts',
      'turns.ts',
      'carry',
      'capture',
      'wire',
      'flow',
      'infer',
      'replay',
      'plain',
      'diagnose',
      'version.ts',
      ...REPORT,
    ],
    because: 'the pipeline for large files, on top of the other: it asks how much memory there is',
    node: ['node:os'],
  },
  'annotated.ts': {
    from: [
      'analyze.ts',
      'survey.ts',
      'chosen.ts',
      'long-rows.ts',
      'replayed-rows.ts',
      'reading.ts',
      'turns.ts',
      'flow',
      'plain',
      ...REPORT,
    ],
    because: 'the pipeline for large files of which every packet is wanted, on top of the survey',
    node: [],
  },
  'chosen.ts': {
    from: ['analyze.ts', 'survey.ts', 'reading.ts', 'turns.ts', 'wire', 'flow', 'plain', ...REPORT],
    because: 'the pipeline for some connections of a large file, on top of the survey',
    node: [],
  },
  'due-timers.ts': { from: [...REPORT], because: 'it asks what a replay has reckoned', node: [] },
  'following.ts': {
    from: [
      'analyze.ts',
      'beginning.ts',
      'reading.ts',
      'due-timers.ts',
      'diagnose',
      'flow',
      'version.ts',
      ...REPORT,
    ],
    because: 'the pipeline for what is still coming: the same stages, again for each conversation with news',
    node: [],
  },
  'analyze.ts': {
    from: [
      'reading.ts',
      'turns.ts',
      'carry',
      'capture',
      'wire',
      'flow',
      'rfc9293',
      'infer',
      'replay',
      'plain',
      'diagnose',
      'version.ts',
      ...REPORT,
    ],
    because: 'the pipeline: it sees every stage, and no words and no views',
    node: [],
  },
  'index.ts': {
    from: ['analyze.ts', 'capture', 'infer', 'text', 'version.ts', ...REPORT],
    because: 'the library is the pipeline, its types and its words',
    node: [],
  },
  cli: {
    from: [
      'analyze.ts',
      'large.ts',
      'survey.ts',
      'annotated.ts',
      'chosen.ts',
      'following.ts',
      'reading.ts',
      'carry',
      'capture',
      'diagnose',
      'select',
      'text',
      'views',
      'version.ts',
      ...REPORT,
    ],
    because: 'wiring: whatever it needs to know of packets, the report says',
    node: 'all',
  },
  'cli.ts': { from: ['cli', 'text'], because: 'the least that a run needs is loaded first', node: 'all' },
  'version.ts': { from: [], because: 'one line', node: [] },
}

interface SourceFile {
  readonly path: string
  readonly part: string
  readonly text: string
}

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({
    path,
    part: path.split('/')[0] ?? path,
    text: readFileSync(join(source, path), 'utf8'),
  }))

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')

const importsOf = (file: SourceFile): string[] =>
  [
    ...withoutComments(file.text).matchAll(
      /(?:^|\n)\s*(?:import|export)[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?\s*from '([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
    ),
  ].map(([, named, lazy, bare]) => named ?? lazy ?? bare ?? '')

/** The part of src/ that a relative import leads to. */
const partOf = (file: SourceFile, target: string): string => {
  const part = relative(source, normalize(join(source, dirname(file.path), target))).split('/')[0] ?? ''
  return part.replace(/\.js$/, '.ts')
}

test('every part of src/ has its rule', () => {
  expect([...new Set(files.map(({ part }) => part))].filter((part) => !Object.hasOwn(RULES, part))).toEqual(
    [],
  )
})

describe.each(Object.entries(RULES))('%s', (part, rule) => {
  const own = files.filter((file) => file.part === part)

  test(`imports only what it may: ${rule.because}`, () => {
    const allowed = new Set([part, ...rule.from])
    const strays = own.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('.') && !allowed.has(partOf(file, target)))
        .map((target) => `${file.path} imports ${target}`),
    )
    expect(strays).toEqual([])
  })

  test('uses no more of Node than it must', () => {
    const { node } = rule
    if (node === 'all') return
    const strays = own.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('node:') && !node.includes(target))
        .map((target) => `${file.path} imports ${target}`),
    )
    expect(strays).toEqual([])
  })
})

test('the rules have no circle between folders', () => {
  const folders = Object.keys(RULES).filter((part) => !part.endsWith('.ts'))
  const reaches = (from: string, seen: Set<string> = new Set()): Set<string> => {
    for (const to of RULES[from]?.from ?? []) {
      if (to.endsWith('.ts') || seen.has(to)) continue
      seen.add(to)
      reaches(to, seen)
    }
    return seen
  }
  expect(folders.filter((folder) => reaches(folder).has(folder))).toEqual([])
})

test('the page of the HTML view stands alone in a browser: no Node, nothing but report, text and itself', () => {
  const page = files.filter(({ path }) => path.startsWith('views/html/page/'))
  expect(page.length).toBeGreaterThan(0)
  const strays = page.flatMap((file) =>
    importsOf(file)
      .filter((target) => {
        if (target.startsWith('node:')) return true
        return target.startsWith('.') && !['views', 'text', ...REPORT].includes(partOf(file, target))
      })
      .map((target) => `${file.path} imports ${target}`),
  )
  expect(strays).toEqual([])
})

test('nothing is typed any', () => {
  const typed = /(?:[:<,|&(]|\bas|=>|\bextends)\s*any\b(?!\s*[:=(])|\bany\[\]/
  const strays = files.filter(({ text }) =>
    typed.test(withoutComments(text).replace(/'[^'\n]*'|`[^`]*`/g, "''")),
  )
  expect(strays.map(({ path }) => path)).toEqual([])
})

test('every file begins by saying what it is', () => {
  const silent = files.filter(({ text }) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(text))
  expect(silent.map(({ path }) => path)).toEqual([])
})

test('no file is longer than anybody reads in one go', () => {
  const lengths = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  const long = lengths.filter(({ lines }) => lines > 200).sort((a, b) => b.lines - a.lines)
  const median = lengths.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(lengths.length / 2)]
  console.info(
    [
      `${lengths.length} files in src/, half of them under ${median} lines; look twice at`,
      ...long.map(({ path, lines }) => `  ${lines} ${path}`),
    ].join('\n'),
  )
  expect(long.filter(({ lines }) => lines > 400)).toEqual([])
})
