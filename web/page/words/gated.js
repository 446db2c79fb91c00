/** What happens at the yellow column of a gated cell: the neuron whose memory changes most tells the story. */
import { BLENDS } from '../blends.js'
import { fixed, percent } from '../draw/numbers.js'
import { sizesOf } from '../drawing.js'
import { phrase } from '../language/index.js'
import { betAt, rowAt } from './bet.js'
import { backward } from './reading.js'

/** @typedef {import('./reading.js').Tell} Tell */

/** @param {number} value */
const chip = (value) => ({ value, text: fixed(value) })

/** @param {import('../types.js').State} state @param {import('../types.js').Frame} frame @param {'c' | 'h'} belt  what runs along it */
function liveliest(state, frame, belt) {
  const { H, L } = sizesOf(/** @type {import('../types.js').Run} */ (state.run))
  const at = (/** @type {string} */ name, step = state.step) => rowAt(frame, `${name}_l${L - 1}`, step, H)
  const [before, after] = [at(belt, state.step - 1), at(belt)]
  let i = 0
  for (let k = 1; k < H; k++) if (Math.abs(after[k] - before[k]) > Math.abs(after[i] - before[i])) i = k
  return {
    step: String(state.step + 1), neuron: String(i + 1), reads: betAt(state, frame).reads, before: chip(before[i]), after: chip(after[i]),
    number: (/** @type {string} */ name) => chip(at(name)[i]), share: (/** @type {string} */ name) => percent(at(name)[i]),
  }
}

/** @type {Tell} */
function lstm(state, frame) {
  const { step, neuron, reads, before, after, number, share } = liveliest(state, frame, 'c')
  return phrase`Step ${step} reads ${reads}. Neuron ${neuron} keeps ${share('f')} % of ${before}, writes ${share('i')} % of ${number('g')}, so it holds ${after} and shows ${number('h')}.`
}

/** @param {import('../blends.js').Blend} blend @returns {Tell} */
const blended = ({ kept, proposal }) => (state, frame) => {
  const { step, neuron, reads, before, after, number } = liveliest(state, frame, 'h')
  const share = percent(kept((name) => number(name).value))
  return phrase`Step ${step} reads ${reads}. Neuron ${neuron} keeps ${share} % of ${before} and rewrites the rest with ${number(proposal)}, so it remembers ${after}.`
}

/** By cell. */
export const gated = {
  lstm: { forward: lstm, backward }, ...Object.fromEntries(Object.entries(BLENDS).map(([cell, blend]) => [cell, { forward: blended(blend), backward }])),
}
