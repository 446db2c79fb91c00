/** The looks inside, in their order: a file and a row each. */
import { beam } from './beam.js'
import { clipping } from './clipping.js'
import { gates } from './gates.js'
import { gradients } from './gradients.js'
import { neurons } from './neurons.js'
import { runs } from './runs.js'
import { sampling } from './sampling.js'
import { sensitivity } from './sensitivity.js'
import { spectrum } from './spectrum.js'
import { weights } from './weights.js'

/** @type {readonly import('../types.js').Panel[]} */
export const panels = [neurons, gates, gradients, spectrum, sensitivity, clipping, weights, sampling, beam, runs]
