/** What can be held by hand in a drawing: which numbers, how far they can be moved, and the list of those that are. */
import { drawingFor } from '../drawing.js'

/** @typedef {import('../types.js').Hold} Hold */
/** @typedef {import('../types.js').Config} Config */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../arithmetic/place.js').Spot} Spot */

const GATES = 'fiozr'
const HELD = `${GATES}gnch`

/** States, gates and proposals, as the forward pass tells them. @param {Spot} spot @param {State} state */
export const canHold = ({ name, step }, { direction, run, width }) =>
  run !== null && drawingFor(run, width) !== 'folded' && step >= 0 && direction === 'forward' && name.length === 1 && HELD.includes(name)

/** How far a number goes by itself, or as far as one may want to see it. @param {string} name @param {Config} config */
export function rangeOf(name, { cell, activation }) {
  if (GATES.includes(name)) return { minimum: cell === 'minlstm' ? 0.01 : 0, maximum: 1, step: 0.02 } // there, one of two gates is to be open
  if (name === 'c' || cell === 'mingru' || cell === 'minlstm' || (cell === 'vanilla' && ['relu', 'identity'].includes(String(activation)))) return { minimum: -5, maximum: 5, step: 0.05 }
  return { minimum: cell === 'vanilla' && activation === 'sigmoid' ? 0 : -1, maximum: 1, step: 0.02 }
}

/** @param {Hold} hold @returns {Spot} */
export const spotOfHold = ({ state = 'h', layer = 0, step, unit }) => ({ name: state, layer, step, index: unit })

/** @param {Spot} spot */
const at = ({ name, layer, step, index }) => (/** @type {Hold} */ hold) => hold.state === name && hold.layer === layer && hold.step === step && hold.unit === index

/** @param {readonly Hold[]} holds @param {Spot} spot */
export const holdOf = (holds, spot) => holds.find(at(spot))

/** @param {readonly Hold[]} holds @param {Spot} spot */
export const without = (holds, spot) => holds.filter((hold) => !at(spot)(hold))

/** The list with a number at a value, which comes last. @param {readonly Hold[]} holds @param {Spot} spot @param {number} value @returns {readonly Hold[]} */
export const holding = (holds, spot, value) => [...without(holds, spot), { state: spot.name, layer: spot.layer, step: spot.step, unit: spot.index, value }]

/** What it is now. @param {State} state @param {Frame} frame @param {Spot} spot */
export function valueAt({ holds }, { values }, spot) {
  const tensor = values[`${spot.name}_l${spot.layer}`]
  return holdOf(holds, spot)?.value ?? tensor.data[spot.step * tensor.shape[tensor.shape.length - 1] + spot.index]
}

/** So many steps further, within its range. @param {number} value @param {number} steps @param {{ minimum: number, maximum: number, step: number }} range */
export function movedBy(value, steps, { minimum, maximum, step }) {
  return Math.min(maximum, Math.max(minimum, Number((Math.round((value + steps * step) / step) * step).toPrecision(10))))
}
