/** What happens at the yellow column of a network that is too large for its numbers. */
import { fixed, glyph, percent } from '../draw/numbers.js'
import { sizesOf } from '../drawing.js'
import { phrase } from '../language/index.js'
import { betAt, mostBlamed } from './bet.js'

/** @typedef {import('./reading.js').Tell} Tell */

/** @type {Tell} */
function forward(state, frame) {
  const { reads, guess, target, right, p } = betAt(state, frame)
  const symbols = state.run?.vocabulary.symbols ?? []
  const letters = Array.from(frame.inputs).slice(Math.max(0, state.step - 12), state.step).map((k) => glyph(symbols[k])).join('')
  const before = (state.step > 12 ? '…' : '') + letters
  const [letter, share, bits] = [String(state.step + 1), percent(p), fixed(frame.values.loss.data[state.step] / Math.LN2, 1)]
  return [
    ...(before ? phrase`Letter ${letter}. After “${before}” it reads ${reads} and bets ${share} % on ${guess}.` : phrase`Letter ${letter}. It reads ${reads} and bets ${share} % on ${guess}.`),
    ' ', ...(right ? phrase`Right: ${bits} bits of surprise.` : phrase`It should say ${target}: ${bits} bits of surprise.`),
  ]
}

/** @type {Tell} */
function backward(state, frame) {
  const { target, pTarget } = betAt(state, frame)
  const { L } = sizesOf(/** @type {import('../types.js').Run} */ (state.run))
  const { neuron, part } = mostBlamed(state, frame, state.layer)
  const [letter, share, who, layer] = [String(state.step + 1), percent(pTarget), String(neuron + 1), String(state.layer + 1)]
  return L > 1 ? phrase`Letter ${letter} bet ${share} % on ${target}, the right answer. Neuron ${who} of layer ${layer} is most to blame here, ${part}, for this bet and all that follow.`
    : phrase`Letter ${letter} bet ${share} % on ${target}, the right answer. Neuron ${who} is most to blame here, ${part}, for this bet and all that follow.`
}

export const folded = { forward, backward }
