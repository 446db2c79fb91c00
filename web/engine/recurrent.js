/** What takes a state to the next: the recurrent weights of a layer, or of one of its gates, as a matrix of their own. */
import { RnnError } from './errors.js'
import { eigenvalues } from './probe.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {{ layer?: number, gate?: string, direction?: import('./probe.js').Direction }} Recurrent  as `eigenvalues` takes it */
/** @typedef {{ name: string, from: number, values: Float32Array, radius: number }} Block  values: (H, H), of a parameter from there on */

/** @param {Model} model  @param {Recurrent} which  @returns {Block} */
export function recurrentBlock(model, which) {
  const { radius } = eigenvalues(model.inside, which)
  const { layer = 0, gate = '', direction = 'forward' } = which
  const name = `rnn.weight_hh_l${layer}${direction === 'reverse' ? '_reverse' : ''}`
  const size = Number(model.config.hidden) ** 2
  const from = Math.max(0, model.gates.indexOf(gate)) * size
  return { name, from, values: model.getParameter(name).subarray(from, from + size), radius }
}

/** All numbers of a parameter, with those of a block times a factor. @param {Model} model  @param {Block} block  @param {number} factor */
function withBlock(model, { name, from, values }, factor) {
  const all = model.getParameter(name)
  all.set(values.map((value) => value * factor), from)
  return all
}

/** Gives a block another spectral radius. @param {Model} model  @param {Block} block  as it was learned  @param {number} radius */
export function scaleBlock(model, block, radius) {
  if (!(radius >= 0 && Number.isFinite(radius))) throw new RnnError('invalid-config', `a spectral radius of ${radius} cannot be`)
  if (block.radius === 0) throw new RnnError('invalid-config', `the spectral radius of ${block.name} is 0: no factor makes it ${radius}`)
  model.setParameter(block.name, withBlock(model, block, radius / block.radius))
}
