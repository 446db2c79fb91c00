/** A network of the other kind beside the first: same text, sizes and seed, trained for as many rounds in a worker of its own. */
import { FIRST_ENGINE, splitConfig } from './engine-choice.js'
import { engineSays } from './language/index.js'
import { watchForHanging } from './overdue.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('../engine/trainer.js').Trainer} Trainer */
/** @typedef {{ from: number, length: number }} Place  of the text */
/**
 * @typedef {object} Twin
 * @property {string} cell
 * @property {number} rounds                        that it is to learn
 * @property {number} iteration                     that it has learned
 * @property {readonly Float64Array[] | null} norms  its blame for the last bet of the place, by layer and letter
 * @property {string} error                         why there is none
 */

/** What only one kind of cell has. */
const OF_ONE_KIND = ['activation', 'reset', 'candidate', 'peephole', 'forgetBias']

/** @param {Config} config */
export const otherKind = ({ cell }) => (cell === 'vanilla' ? 'lstm' : 'vanilla')

/** @param {Config} config @returns {Config} */
const twinConfig = (config) => ({
  ...Object.fromEntries(Object.entries(splitConfig(config).config).filter(([name]) => !OF_ONE_KIND.includes(name))), cell: otherKind(config),
})

/**
 * @param {(engine: typeof FIRST_ENGINE) => Promise<Trainer>} openTrainer
 * @param {(twin: Twin) => void} report
 */
export function createTwin(openTrainer, report) {
  let controller = new AbortController()

  /** @param {Twin} twin @param {Config} config @param {string} text @param {Place} place @param {AbortSignal} signal */
  async function train(twin, config, text, place, signal) {
    const watch = { inspect: { questions: [/** @type {const} */ ({ name: 'gradientNorms', options: { ...place, of: 'last' } })], every: 250 } }
    const tell = (/** @type {Partial<import('../engine/session.js').Progress>} */ { iteration = twin.iteration, inspections }) => {
      const answer = inspections?.[0]
      twin = { ...twin, iteration, norms: answer?.name === 'gradientNorms' && answer.result ? answer.result : twin.norms, error: answer?.error ?? '' }
      if (!signal.aborted) report(twin)
    }
    const trainer = await openTrainer(FIRST_ENGINE)
    const unwatch = watchForHanging(() => trainer)
    try {
      if (signal.aborted) return
      await trainer.start({ config, text })
      for await (const progress of trainer.train({ iterations: twin.rounds, interval: 50, watch, signal })) tell(progress)
      if (!signal.aborted) tell(await trainer.look(watch))
    } finally {
      unwatch()
      trainer.dispose()
    }
  }

  return {
    /** @param {State} state @param {Place} place */
    begin({ run, twin, text }, place) {
      if (!run || !twin) return
      const { signal } = controller = new AbortController()
      train(twin, twinConfig(run.config), text, place, signal).catch((error) => { if (!signal.aborted) report({ ...twin, error: engineSays(error.message) }) })
    },
    end: () => controller.abort(),
  }
}
