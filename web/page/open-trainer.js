/** Opening the trainer that a choice of engine asks for, with or without its threads. */
import { createTrainer } from '../engine/index.js'
import { trainerOptions } from './assets.js'

/** @typedef {import('./engine-choice.js').EngineChoice} EngineChoice */
/** @typedef {import('../engine/trainer.js').Trainer} Trainer */

const PATIENCE = 4000 // ms
const ATTEMPTS = 2

/** @param {EngineChoice} engine */
const open = async (engine) => createTrainer(await trainerOptions(engine))

/** Nothing where it takes too long; what comes later is ended. @param {Promise<Trainer>} opening @returns {Promise<Trainer | undefined>} */
const inTime = (opening) => new Promise((resolve) => {
  let late = false
  const timer = setTimeout(() => { late = true; resolve(undefined) }, PATIENCE)
  opening.then((trainer) => (late ? trainer.dispose() : resolve(trainer)), () => resolve(undefined)).finally(() => clearTimeout(timer))
})

/** Firefox, one time in forty, never starts a worker within a worker: threads are tried again, then done without. @param {EngineChoice} engine */
export async function openTrainer(engine) {
  for (let i = 0; engine.threads > 1 && i < ATTEMPTS; i++) {
    const trainer = await inTime(open(engine))
    if (trainer) return trainer
  }
  return open({ ...engine, threads: 1 })
}
