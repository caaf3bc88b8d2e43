#!/usr/bin/env node
/**
 * Starts the command: scripts/build-cli.mjs makes dist/cli.cjs and dist/cli.js of this file, and says there why it is so.
 * Both kinds of module must bear it.
 *
 * In: the bundle, and what V8 once made of it. Out: the command runs. Of Node's own modules only those are asked for
 * that are there already; an `import` would fetch them with all they hold.
 */
const { readFileSync } = process.getBuiltinModule('node:fs')
const { Script, constants } = process.getBuiltinModule('node:vm')

const file = `${HERE}/command/BUNDLE`
const cache = `${file}.${process.platform}-${process.arch}-${process.version}`

/** Another Node finds none, or V8 does not take it: then the bundle is compiled. */
const compiled = () => {
  try {
    return readFileSync(cache)
  } catch {
    return undefined
  }
}

const script = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  cachedData: compiled(),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
const bundle = { exports: {}, loaded: true }

/** A module of Node's, loaded when something of it is first used: the bundle names many, a run uses few. */
const builtIn = (name) => {
  let loaded
  const get = (_, key) => {
    loaded ??= process.getBuiltinModule(name)
    return loaded[key]
  }
  return new Proxy({}, { get })
}

/** A chunk beside the bundle, which may need the bundle in turn, or a package. */
const other = (name) => {
  const require = process.getBuiltinModule('node:module').createRequire(file)
  require.cache[require.resolve(file)] = bundle
  return require(name)
}

const load = (name) => (name.startsWith('node:') ? builtIn(name) : other(name))
script.runInThisContext()(bundle.exports, load)
