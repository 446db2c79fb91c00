/** Our own engine on one thread, under Node and in a browser's worker. */
import { engineConfig, flopsOf, makeText, textOf, weightBytesOf } from '../configurations.js'

/** @typedef {import('../../../web/engine/index.js').Model} Model */
/** @typedef {import('../answer.js').Subject} Subject */

const PACKAGE = new URL('../../../build/unroll/', import.meta.url)

/** Training steps, or symbols to write, in a call: about a millisecond. @param {number} flops of one */
const numberACall = (flops) => Math.ceil(4e7 / (flops + 1e5))

/** @param {string} name @returns {Promise<BufferSource>} */
async function readModule(name) {
  const url = new URL(name, PACKAGE)
  if (url.protocol !== 'file:') return (await fetch(url)).arrayBuffer()
  const { readFile } = await import('node:fs/promises')
  return readFile(url)
}

const PEAK_CALL = 100_000 // iterations, and
const BANDWIDTH_CALL = 3e7 // bytes: about a millisecond

/**
 * The loop in registers and the one that reads, from the module itself.
 * @param {string} mode
 * @param {number} size of what is read, in bytes
 * @returns {Promise<NonNullable<Subject['bounds']>>}
 */
async function loadBounds(mode, size) {
  const { instance } = await WebAssembly.instantiate(await readModule(mode === 'fused' ? 'rnn-fused.wasm' : 'rnn.wasm'))
  const { peak, peak_flops, bandwidth, allocate, _initialize } = /** @type {Record<string, (...numbers: number[]) => number>} */ (instance.exports)
  _initialize()
  const bytes = 128 * Math.ceil(size / 128)
  const times = Math.ceil(BANDWIDTH_CALL / bytes)
  const block = allocate(bytes)
  // Pages that nothing was written to may all be one.
  new Float32Array(/** @type {WebAssembly.Memory} */ (instance.exports.memory).buffer, block, bytes / 4).fill(1)
  const flops = peak_flops() * PEAK_CALL
  return {
    peak: () => (peak(PEAK_CALL), flops),
    bandwidth: () => (bandwidth(block, bytes / 4, times), bytes * times),
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

  /** @type {Subject} */
  const subject = {
    async open({ configuration: wanted, mode = 'strict' }) {
      engine ??= await loadEngine(/** @type {object} */ ({ mode }))
      const has = Reflect.get(engine, 'mode') ?? 'strict'
      if (has !== mode) throw new Error(`there is no ${mode} module here, the engine took ${has}`)
      model?.dispose()
      configuration = wanted
      model = engine.createModel(engineConfig(configuration))
      model.setText(textOf(configuration))
      subject.bounds = await loadBounds(mode, weightBytesOf(configuration))
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
      const flops = flopsOf(configuration, work)
      if (work === 'generate') {
        const count = configuration.streams ?? 1
        const length = numberACall(flops * count)
        return () => live.generate({ prompt: [0], length, count }).symbols.length
      }
      if (work === 'evaluate') {
        const read = makeText(configuration.vocabulary, Math.max(2000, 2 * batch * steps) + batch)
        return () => live.evaluate(read).symbols
      }
      const count = numberACall(flops * batch * steps)
      return () => {
        live.train(count)
        return count * batch * steps
      }
    },
  }
  return subject
}
