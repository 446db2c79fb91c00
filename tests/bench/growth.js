/** How the cost grows with the network, the window, the batch, the number of texts written and the length of the text. */
import { CONFIGURATIONS, engineConfig, makeText } from './configurations.js'
import { measure } from './measure.js'

/** @typedef {import('../../web/engine/index.js').Engine} Engine */
/** @typedef {import('./measure.js').Effort} Effort */
/** @typedef {import('./measure.js').Row} Row */
/** @typedef {Row & { by: string, value: number, setTextMilliseconds?: number }} Growth */

const LSTM = CONFIGURATIONS[2]

/** @type {{ by: 'hidden' | 'steps' | 'batch' | 'streams', values: number[], quick: number[], with: object, work?: 'generate' }[]} */
const SERIES = [
  { by: 'hidden', values: [32, 64, 128, 256, 512, 1024], quick: [32, 128, 512], with: {} },
  { by: 'steps', values: [16, 64, 256, 1024, 4096], quick: [16, 256, 4096], with: { batch: 4 } },
  { by: 'batch', values: [1, 4, 16, 64, 256], quick: [1, 16, 256], with: {} },
  { by: 'streams', values: [1, 4, 16, 64], quick: [1, 16], with: { hidden: 512 }, work: 'generate' },
]

const TEXTS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

/**
 * @param {import('./measure.js').Present} node
 * @param {Engine} engine
 * @param {Effort} effort
 * @param {(line: string) => void} say
 */
export async function measureGrowth(node, engine, effort, say, quick = false) {
  /** @type {Growth[]} */
  const growth = []
  for (const series of SERIES) {
    for (const value of quick ? series.quick : series.values) {
      const configuration = { ...LSTM, ...series.with, [series.by]: value, name: `${series.by} ${value}` }
      const { rows } = await measure(configuration, [node], engine, effort, say, [series.work ?? 'train'])
      growth.push(...rows.map((row) => ({ ...row, by: series.by, value })))
    }
    say(`growth by ${series.by} measured`)
  }
  return [...growth, ...TEXTS.filter((length) => !quick || length !== 1e5 && length !== 1e7).map((length) => measureText(engine, length, effort))]
}

/**
 * Giving a model a text, and the speed of training then (by the time on the wall).
 * @param {Engine} engine @param {number} length @param {Effort} effort
 * @returns {Growth}
 */
function measureText(engine, length, effort) {
  const config = { ...LSTM, name: `text ${length}` }
  const model = engine.createModel(engineConfig(config))
  const text = makeText(LSTM.vocabulary, length)
  const before = performance.now()
  const { batch, steps } = model.setText(text)
  const start = performance.now()
  /** @type {number[]} */
  const rates = []
  let last = start
  for (let done = 0; last - start < 2 * effort.milliseconds.train || done < 3; done++) {
    model.train()
    const now = performance.now()
    if (done) rates.push(batch * steps / (now - last) * 1000)
    last = now
  }
  model.dispose()
  rates.sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => rates[Math.round((rates.length - 1) * share)]
  return {
    config: config.name, work: 'train', peer: null, engine: 'node', mode: 'strict', threads: 1, charsPerSecond: at(0.5), spread: [at(0.1), at(0.9)],
    gflops: 0, peakShare: null, speedup: null, boundShare: null, bytes: engine.modelSize(engineConfig(config)) + length, steps, by: 'text', value: length, setTextMilliseconds: start - before,
  }
}
