/** Where things stand in the drawings of gated cells. Letters run across, neurons run down; everything in pixels. */
import { sizesOf, WIDE } from '../../drawing.js'
import { between, betsBelow } from './geometry.js'

/** @typedef {import('../../types.js').Run} Run */

/**
 * Gated cells: two lanes per neuron, the belt that is kept and below it what is proposed and, by the LSTM, shown. The GRU looks
 * back at the belt for what it proposes.
 * @param {Run} run
 * @param {number} width
 */
export function gatedGeometry(run, width) {
  const { H, L, T, V } = sizesOf(run)
  const wide = width >= WIDE
  const [shows, looks] = ['lstm', 'gru'].map((cell) => run.config.cell === cell)
  const names = wide ? 112 : 0
  const blank = wide ? 58 : 30
  const pitch = (width - names - blank - (wide ? 10 : 0)) / T
  const u = wide ? Math.min(1.15, pitch / 260) : pitch / 83
  const at = wide
    ? { keep: shows ? 40 : 58, plus: 106, belt: 140, beltWidth: 84, proposal: 76, proposalWidth: 60, shown: 152, shownWidth: 60, rail: shows ? 14 : 40, look: 20 }
    : { keep: shows ? 9 : 13, plus: 25, belt: 36, beltWidth: 42, proposal: 14, proposalWidth: 22, shown: 38, shownWidth: 38, rail: shows ? 3 : 6, look: 1 }
  for (const key of /** @type {(keyof typeof at)[]} */ (Object.keys(at))) at[key] *= u
  const row = wide ? between(252 / (H * L), 38, 84) : between(174 / (H * L), 40, 58)
  const lane = { belt: Math.min(26, row * 0.36), low: row * (wide ? 0.55 : 0.655), lowHeight: Math.min(wide ? 22 : 16, Math.max(14, row * 0.27)) }
  const top = wide ? 62 : 42
  const layerGap = L > 1 ? 18 : 0
  const neuron = (/** @type {number} */ l, /** @type {number} */ i) => top + (l * H + i) * row + l * layerGap
  const x = (/** @type {number} */ t) => names + blank + t * pitch
  const middle = (/** @type {number} */ t) => x(t) + at.plus + (wide ? 36 * u : 14)
  const letters = wide ? 168 * Math.min(1, u) : pitch - 12
  const bottom = top + L * H * row + (L - 1) * layerGap
  return {
    wide, shows, looks, H, L, T, V, width, names, blank, blankCell: wide ? 48 : 24, pitch, u, at, row, lane, x, middle, letters, letter: letters / V,
    belt: (/** @type {number} */ l, /** @type {number} */ i) => neuron(l, i) + lane.belt / 2,
    low: (/** @type {number} */ l, /** @type {number} */ i) => neuron(l, i) + lane.low + lane.lowHeight / 2,
    top: (/** @type {number} */ l) => neuron(l, 0),
    ...betsBelow(bottom + (wide ? 12 : 14), wide, L > 1),
  }
}

/** @param {Run} run @param {number} width @returns {import('./geometry.js').Span} */
export function gatedSpan(run, width) {
  const g = gatedGeometry(run, width)
  return { first: g.middle(0), last: g.middle(g.T - 1) }
}
