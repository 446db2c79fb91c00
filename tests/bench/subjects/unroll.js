/** Our own engine on one thread, under Node and in a browser's worker. */
import { engineConfig, flopsOf, makeText, textOf } from '../configurations.js'

/** @typedef {import('../../../web/engine/index.js').Model} Model */
/** @typedef {import('../answer.js').Subject} Subject */

const PACKAGE = new URL('../../../build/unroll/', import.meta.url)
const GENERATED = 400 // symbols in a piece of generating

/** Training steps in a call: about a millisecond. @param {number} flops of a step */
const stepsACall = (flops) => Math.ceil(4e7 / (flops + 1e5))

/** @returns {Promise<ArrayBuffer>} */
async function readModule() {
  const url = new URL('rnn.wasm', PACKAGE)
  if (url.protocol !== 'file:') return (await fetch(url)).arrayBuffer()
  const { readFile } = await import('node:fs/promises')
  return new Uint8Array(await readFile(url)).buffer
}

/** The loop in registers, from the module itself. */
async function loadPeak() {
  const { instance } = await WebAssembly.instantiate(await readModule(), { env: { emscripten_notify_memory_growth() {} } })
  const { peak, peak_flops } = /** @type {Record<string, (iterations?: number) => number>} */ (instance.exports)
  const flops = peak_flops()
  return (/** @type {number} */ iterations) => {
    peak(iterations)
    return flops * iterations
  }
}

/** @returns {Promise<Subject>} */
export async function create() {
  /** @type {typeof import('../../../web/engine/index.js')} */
  const { loadEngine } = await import(new URL('unroll.js', PACKAGE).href)
  /** @type {import('../../../web/engine/index.js').Engine} */
  let engine
  /** @type {import('../configurations.js').Configuration} */
  let configuration
  /** @type {Model | undefined} */
  let model

  return {
    async open({ configuration: wanted, mode = 'strict' }) {
      engine ??= await loadEngine(/** @type {object} */ ({ mode }))
      const has = Reflect.get(engine, 'mode') ?? 'strict'
      if (has !== mode) throw new Error(`there is no ${mode} module here, the engine took ${has}`)
      model?.dispose()
      configuration = wanted
      model = engine.createModel(engineConfig(configuration))
      model.setText(textOf(configuration))
      return { bytes: engine.modelSize(engineConfig(configuration)) }
    },

    async check(batch, updates) {
      const checked = engine.createModel({ ...engineConfig(configuration), batch: batch.batch, steps: batch.steps })
      const { gradientNorm } = checked.backward({ ...batch, fresh: true })
      const losses = Array.from({ length: updates }, () => checked.step({ ...batch, fresh: true }).loss)
      losses.push(checked.forward({ ...batch, fresh: true }).loss)
      checked.dispose()
      return { losses, gradientNorm }
    },

    unit(work, steps) {
      const live = /** @type {Model} */ (model)
      const { batch } = configuration
      if (work === 'generate') return () => live.generate({ prompt: [0], length: GENERATED }).symbols.length
      if (work === 'evaluate') {
        const read = makeText(configuration.vocabulary, Math.max(2000, 2 * batch * steps) + batch)
        return () => live.evaluate(read).symbols
      }
      const count = stepsACall(flopsOf(configuration, work) * batch * steps)
      return () => {
        live.train(count)
        return count * batch * steps
      }
    },

    peak: await loadPeak(),
  }
}
