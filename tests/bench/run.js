/**
 * `make bench`: how fast training, generating and evaluating are, in each engine and beside what people would use
 * instead. Prints a table and writes build/bench.json.
 *
 *     node tests/bench/run.js [--quick] [--only=AC] [--skip=peers,growth,page,webkit]
 *
 * Everyone opens a configuration, computes the losses that we compute, and is warmed up; then they take turns, round
 * by round, ours in slices beside the machine's peak (turn.js): medians are of rounds. A rate on one thread is per second
 * of that thread on a processor, on more threads per second on the wall (clock.js).
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { HAS_THREAD_TIMES } from './clock.js'
import { CONFIGURATIONS } from './configurations.js'
import { measureGrowth } from './growth.js'
import { measure } from './measure.js'
import { measurePage } from './page-load.js'
import { median, spread } from './statistics.js'
import { browserCandidates, nameOf, nodeCandidates, PEERS } from './subjects.js'
import { growthTable, mainTable, pageLines } from './table.js'

/** @typedef {import('./measure.js').Present} Present */
/** @typedef {import('./measure.js').Effort} Effort */
/** @typedef {import('./subjects.js').Candidate} Candidate */

process.chdir(fileURLToPath(new URL('../../', import.meta.url)))

const { quick, only, skip } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string', default: CONFIGURATIONS.map(({ name }) => name).join('') }, skip: { type: 'string' } },
}).values
const skipped = new Set([...(skip?.split(',') ?? []), ...(quick ? ['webkit'] : [])])

/** @type {Effort} milliseconds of each turn, of warming up, and at most of a step of a slow library */
const effort = quick
  ? { rounds: 3, milliseconds: { train: 60, generate: 30, evaluate: 30 }, warm: 150, limit: 100 }
  : { rounds: 5, milliseconds: { train: 300, generate: 100, evaluate: 100 }, warm: 300, limit: 300 }

const began = performance.now()
/** @param {string} line */
const say = (line) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
/** @param {unknown} error */
const why = (error) => (error instanceof Error ? error.message.split('\n')[0] : String(error))

/** @type {(() => unknown)[]} */
const closing = []

/** @param {Candidate[]} candidates */
async function startAll(candidates) {
  /** @type {Present[]} */
  const present = []
  for (const candidate of candidates) {
    try {
      const place = await candidate.start()
      closing.push(place.close)
      if (place.about) say(`${nameOf(candidate)}: ${place.about}`)
      present.push({ ...candidate, place })
    } catch (error) {
      say(`without ${nameOf(candidate)}: ${why(error)}`)
    }
  }
  return present
}

/** @returns {Promise<Present[]>} */
async function startEveryone() {
  const present = await startAll(nodeCandidates())
  for (const name of /** @type {const} */ (['chromium', 'firefox', 'webkit'])) {
    if (skipped.has(name)) continue
    try {
      const { candidates, close } = await browserCandidates(name)
      closing.push(close)
      present.push(...await startAll(candidates))
    } catch (error) {
      say(`without ${name}: ${why(error)}`)
    }
  }
  return skipped.has('peers') ? present : [...present, ...await startAll(PEERS)]
}

async function main() {
  /** @type {typeof import('../../web/engine/index.js')} */
  const { loadEngine } = await import(new URL('../../build/unroll/unroll.js', import.meta.url).href)
  const engine = await loadEngine()
  const everyone = await startEveryone()
  say(`${everyone.length} candidates; ${HAS_THREAD_TIMES ? 'rates of one thread are per second on a processor, of more per second on the wall' : 'wall time'}`)

  const rows = []
  /** @type {Map<string, number[]>} */
  const allPeaks = new Map()
  for (const configuration of CONFIGURATIONS.filter(({ name }) => only.includes(name))) {
    const measured = await measure(configuration, everyone, engine, effort, say)
    rows.push(...measured.rows)
    for (const [where, found] of measured.peaks) allPeaks.set(where, [...(allPeaks.get(where) ?? []), ...found])
    say(`${configuration.name}, ${configuration.label}: measured`)
  }
  const node = everyone.find(({ peer, engine, mode, threads }) => !peer && engine === 'node' && mode === 'strict' && threads === 1)
  const growth = node && !skipped.has('growth') ? await measureGrowth(node, engine, { ...effort, rounds: 3 }, say, quick) : []
  await closeAll()
  const page = skipped.has('page') ? null : await measurePage(quick ? 4 : 10)

  const peaks = Object.fromEntries([...allPeaks].map(([where, found]) => [where, { gflops: median(found) / 1e9, spread: spread(found).map((value) => value / 1e9) }]))
  const abouts = everyone.flatMap(({ place }) => place.about ?? [])
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, memory: totalmem(), node: process.version, clock: HAS_THREAD_TIMES ? 'processor' : 'wall', peers: abouts }
  mkdirSync('build', { recursive: true })
  writeFileSync('build/bench.json', JSON.stringify({ machine, peaks, rows, growth, page }, null, 1) + '\n')

  console.log(`\n${mainTable(rows)}\n`)
  for (const [where, { gflops }] of Object.entries(peaks)) console.log(`peak, ${where}: ${gflops.toFixed(1)} GFLOP/s`)
  if (growth.length) console.log(`\n${growthTable(growth)}`)
  if (page) console.log(`\n${pageLines(page)}`)
  console.log(`\n${Math.round((performance.now() - began) / 1000)} s; all of it is in build/bench.json`)
}

async function closeAll() {
  for (const close of closing.splice(0).reverse()) await close()
}

try {
  await main()
} finally {
  await closeAll()
}
