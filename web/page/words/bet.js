/** What a traced sequence says at a step, for sentences about it. */
import { unitFor } from '../draw/colour.js'
import { glyph, largest, small } from '../draw/numbers.js'
import { sizesOf } from '../drawing.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */

/** How many letters of the frame the network would get right. @param {Frame} frame */
export function rightIn(frame) {
  const { shape, data } = frame.values.p
  const V = shape[shape.length - 1]
  let right = 0
  for (let t = 0; t < frame.targets.length; t++) if (largest(data, t * V, V) === frame.targets[t]) right++
  return right
}

/** At the yellow column. @param {State} state @param {Frame} frame */
export function betAt(state, frame) {
  const symbols = state.run?.vocabulary.symbols ?? []
  const { shape, data } = frame.values.p
  const V = shape[shape.length - 1]
  const t = state.step
  const guess = largest(data, t * V, V)
  const [reads, bet, target] = [frame.inputs[t], guess, frame.targets[t]].map((k) => ({ letter: glyph(symbols[k]) }))
  return { reads, guess: bet, target, right: guess === frame.targets[t], p: data[t * V + guess], pTarget: data[t * V + frame.targets[t]] }
}

/** @param {Frame} frame @param {string} name @param {number} t  −1 is the state before the first step @param {number} H @returns {ArrayLike<number>} */
export function rowAt(frame, name, t, H) {
  const tensor = t < 0 ? frame.values[`initial_${name}`] : frame.values[name]
  return tensor ? tensor.data.subarray(Math.max(0, t) * H, (Math.max(0, t) + 1) * H) : new Float32Array(H)
}

/** @param {State} state @param {Frame} frame @param {number} layer @returns {{ neuron: number, part: Part }} */
export function mostBlamed(state, frame, layer) {
  const { H } = sizesOf(/** @type {import('../types.js').Run} */ (state.run))
  const row = rowAt(frame, `dh_l${layer}`, state.step, H)
  let neuron = 0
  for (let k = 1; k < H; k++) if (Math.abs(row[k]) > Math.abs(row[neuron])) neuron = k
  return { neuron, part: { gradient: row[neuron], text: small(row[neuron]), unit: gradientUnit(frame) } }
}

/** One unit for every gradient on screen. @param {Frame} frame */
export function gradientUnit(frame) {
  return unitFor(Object.keys(frame.values).filter((name) => /^d(logits|[hc]_l\d+)$/.test(name)).map((name) => frame.values[name].data))
}
