/**
 * The README's part on speed, from what `make bench` has measured: `node tests/bench/readme-table.js` prints it.
 *
 * @typedef {import('./measure.js').Row} Row
 * @typedef {{ processor: string, cores: number, memory: number, node: string, peers: string[] }} Machine
 * @typedef {{ machine: Machine, rows: Row[], page: Parameters<typeof import('./table.js').pageLines>[0] | null }} Bench
 */
import { readFileSync } from 'node:fs'
import { CONFIGURATIONS } from './configurations.js'
import { nameOf } from './subjects.js'
import { shareOf, short } from './table.js'

/** @type {Record<string, string>} */
const PLACES = { node: 'Node', chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }

/** @param {Row} row */
const title = (row) => row.peer ? nameOf(row) : `**${nameOf(row).replace(row.engine, PLACES[row.engine])}**`

/** @param {Row | undefined} row */
const cell = (row) => !row ? '–' : `${short(row.charsPerSecond)}${shareOf(row) && ` (${shareOf(row)})`}`

/** @param {Row[]} rows @param {{ work: string, config: string, title: string }[]} columns */
function table(rows, columns) {
  const shown = rows.filter((row) => columns.some(({ work }) => work === row.work))
  const lines = [...new Set(shown.map(title))].map((name) => [
    name, ...columns.map(({ work, config }) => cell(shown.find((row) => title(row) === name && row.work === work && row.config === config)))])
  return [['', ...columns.map(({ title }) => title)], ['---', ...columns.map(() => '---:')], ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

/** @param {Bench} bench */
function speed({ machine, rows, page }) {
  const measured = CONFIGURATIONS.filter(({ name }) => rows.some(({ config }) => config === name))
  const training = measured.map(({ name, label }) => ({ work: 'train', config: name, title: label.replace(/^hello: /, '') }))
  const others = ['generate', 'evaluate'].flatMap((work) => measured.filter(({ name }) => 'CF'.includes(name)).map(({ name, label }) =>
    ({ work, config: name, title: `${work}, ${label.replace(/ T=.*/, '')}` })))
  const about = `${machine.processor}, ${machine.cores} cores, Node ${machine.node.slice(1)}${[...new Set(machine.peers)].map((peer) => `, ${peer}`).join('')}`
  const kilobytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000)} kB`
  return [
    'Characters per second of training; in brackets, the share of what the same thread reaches in a loop that only',
    'multiplies and adds, or how many times as fast two threads are as one (`make bench` measures them side by side, what two',
    'threads take by a clock on the wall):', '',
    table(rows, training), '',
    'Writing one text, where *bw* is the share of what the speed of reading all weights once per character allows, and',
    'the loss of a given text (on one thread):', '',
    table(rows, others), '',
    ...(page ? [`The page with all it loads is ${kilobytes(page.compressedBytes)} as gzip (\`rnn.wasm\` alone is ${kilobytes(page.wasmBytes)} plain), and has done its first`,
      `training step ${Math.round(page.firstStepMilliseconds)} ms after it was asked for (Chromium, nothing cached, no network between).`, ''] : []),
    `Measured on ${about}.`,
  ].join('\n')
}

console.log(speed(JSON.parse(readFileSync(new URL('../../build/bench.json', import.meta.url), 'utf8'))))
