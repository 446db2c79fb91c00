/** A network beside the first that differs in one thing: same text or task, sizes and seed, trained for as many rounds in a worker of its own. */
import { presets } from '../presets.js'
import { FIRST_ENGINE, splitConfig } from './engine-choice.js'
import { engineSays } from './language/index.js'
import { watchForHanging } from './overdue.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('../engine/trainer.js').Trainer} Trainer */
/** @typedef {import('./types.js').Question} Question */
/** @typedef {import('./types.js').Inspection} Inspection */
/**
 * @typedef {object} Twin
 * @property {Config} change                        what it has in place of what the first has
 * @property {number} rounds                        that it is to learn
 * @property {number} iteration                     that it has learned
 * @property {Inspection[]} answers        to the questions it was asked, in their order
 * @property {import('../tasks/task.js').Metrics | null} metrics  of a task, when what is held out was looked at last
 * @property {string} error                         why there is none
 */

/** What only one kind of cell has. */
const OF_ONE_KIND = ['activation', 'reset', 'candidate', 'peephole', 'forgetBias']

/** @param {Config} config */
export const otherKind = ({ cell }) => (cell === 'vanilla' ? 'lstm' : 'vanilla')

/** The one that differs in a field, if there is one. @param {State} state @param {string} field */
export const twinIn = ({ twin }, field) => (twin && field in twin.change ? twin : null)

/** Whether it has learned as long as it was to, or cannot. @param {Twin} twin */
export const isDone = ({ iteration, rounds, answers, error }) => error !== '' || (iteration >= rounds && answers.length > 0)

/** @param {Config} config @param {Config} change @returns {Config} */
const twinConfig = (config, change) => ({
  ...Object.fromEntries(Object.entries(splitConfig(config).config).filter(([name]) => !('cell' in change && OF_ONE_KIND.includes(name)))), ...change,
})

/**
 * @param {(engine: typeof FIRST_ENGINE) => Promise<Trainer>} openTrainer
 * @param {(twin: Twin) => void} report
 */
export function createTwin(openTrainer, report) {
  let controller = new AbortController()

  /** @param {Twin} twin @param {{ config: Config, text: string, task?: string }} learned @param {readonly Question[]} questions @param {AbortSignal} signal */
  async function train(twin, learned, questions, signal) {
    const watch = { inspect: { questions, every: 250 } }
    const tell = (/** @type {Partial<import('../engine/session.js').Progress>} */ { iteration = twin.iteration, inspections: answers = twin.answers, validation }) => {
      twin = { ...twin, iteration, answers, metrics: validation?.metrics ?? twin.metrics, error: answers.find(({ error }) => error)?.error ?? '' }
      if (!signal.aborted) report(twin)
    }
    const trainer = await openTrainer(FIRST_ENGINE)
    const unwatch = watchForHanging(() => trainer, () => learned.task !== undefined)
    try {
      if (signal.aborted) return
      await trainer.start(learned)
      for await (const progress of trainer.train({ iterations: twin.rounds, interval: 50, watch, signal })) tell(progress)
      if (!signal.aborted) tell(await trainer.look(watch))
    } finally {
      unwatch()
      trainer.dispose()
    }
  }

  return {
    /** @param {State} state @param {readonly Question[]} questions */
    begin({ run, twin, text, preset }, questions) {
      if (!run || !twin) return
      const { signal } = controller = new AbortController()
      train(twin, { config: twinConfig(run.config, twin.change), text, task: presets[preset].task }, questions, signal).catch((error) => { if (!signal.aborted) report({ ...twin, error: engineSays(error.message) }) })
    },
    end: () => controller.abort(),
  }
}
