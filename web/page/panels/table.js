/** The looks inside, in their order: a file and a row each. */
import { attention } from './attention.js'
import { beam } from './beam.js'
import { clipping } from './clipping.js'
import { confusion } from './confusion.js'
import { embeddings } from './embeddings.js'
import { gates } from './gates.js'
import { gradients } from './gradients.js'
import { neurons } from './neurons.js'
import { runs } from './runs.js'
import { sampling } from './sampling.js'
import { sensitivity } from './sensitivity.js'
import { series } from './series.js'
import { spectrum } from './spectrum.js'
import { surprise } from './surprise.js'
import { weights } from './weights.js'

/** @type {readonly import('../types.js').Panel[]} */
export const panels = [attention, confusion, series, neurons, gates, gradients, spectrum, sensitivity, clipping, weights, embeddings, sampling, beam, surprise, runs]
