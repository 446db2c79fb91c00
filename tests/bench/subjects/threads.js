/** Our own engine on several threads, which a trainer brings: it trains, no more. */
import { engineConfig, textOf } from '../configurations.js'

/** @typedef {import('../../../web/engine/index.js').Trainer} Trainer */

const PACKAGE = new URL('../../../build/unroll/', import.meta.url)
const MILLISECONDS = 50 // of training asked for at a time

/** @returns {Promise<import('../answer.js').Subject>} */
export async function create() {
  /** @type {typeof import('../../../web/engine/index.js')} */
  const { createTrainer } = await import(new URL('unroll.js', PACKAGE).href)
  /** @type {Trainer | undefined} */
  let trainer
  let count = 1
  let read = 0 // symbols until now

  return {
    async open({ configuration, mode, threads }) {
      trainer ??= await createTrainer({ mode: mode === 'fused' ? 'fused' : 'strict', threads })
      const letters = Array.from({ length: configuration.vocabulary }, (_, symbol) => String.fromCharCode(0x100 + symbol))
      const text = Array.from(textOf(configuration), (symbol) => letters[symbol]).join('')
      const { vocabulary, ...config } = engineConfig(configuration)
      const run = await trainer.start({ text, config, vocabulary: letters.slice(0, Number(vocabulary)) })
      if (run.threads !== threads || run.mode !== mode) throw new Error(`there are no ${threads} ${mode} threads here, but ${run.threads} ${run.mode}`)
      count = 1
      read = 0
      return { bytes: run.bytes }
    },

    check: () => Promise.reject(new Error('the losses of several threads are checked by the tests')),

    unit: () => async () => {
      const start = performance.now()
      const { symbols } = await /** @type {Trainer} */ (trainer).step(count)
      if (performance.now() - start < MILLISECONDS / 2) count *= 2
      const more = symbols - read
      read = symbols
      return more
    },
  }
}
