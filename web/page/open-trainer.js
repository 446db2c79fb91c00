/** Opening the trainer that a choice of engine asks for. */
import { createTrainer } from '../engine/trainer.js'
import { trainerOptions } from './assets.js'

/** @param {import('./engine-choice.js').EngineChoice} engine */
export const openTrainer = async (engine) => createTrainer(await trainerOptions(engine))
