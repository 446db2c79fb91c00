/** Where things stand in each drawing. Letters run across, neurons run down; everything in pixels. */
import { columnsFor, drawingFor, sizesOf, FOLDED, WIDE } from '../../drawing.js'

/** @typedef {import('../../types.js').Run} Run */

/** @param {number} value @param {number} low @param {number} high */
const between = (value, low, high) => Math.max(low, Math.min(high, value))

/**
 * The plain cell: one-hot letters, W_xh, hidden states with W_hh between the steps, W_hy, logits, bars, targets.
 * @param {Run} run
 * @param {number} width
 */
export function vanillaGeometry(run, width) {
  const { H, L, T, V } = sizesOf(run)
  const wide = width >= WIDE
  const names = wide ? 112 : 0
  const blank = wide ? 58 : 34
  const pitch = (width - names - blank - (wide ? 12 : 0)) / T
  const letters = wide ? Math.min(180, pitch * 0.64) : pitch - 14
  const cell = wide ? Math.min(112, pitch * 0.43) : Math.max(Math.min(42, pitch * 0.5), pitch * 0.36)
  const weight = wide ? Math.min(14, (pitch * 0.2) / H) : Math.max(1.5, Math.min(pitch * 0.06, (pitch * 0.2) / H))
  const crowded = H * L > 5
  const row = between((wide ? 111 : 87) / (L > 1 ? H * L * 0.92 : H), wide ? 17 : 18, wide ? 37 : 29)
  const thin = between(27 / (L > 1 ? H * 1.8 : H), 3.5, 9)
  const x = (/** @type {number} */ t) => (wide ? names + blank + (t + 1) * pitch - letters : blank + t * pitch + 8)
  const cellX = (/** @type {number} */ t) => (wide ? x(t) + letters / 2 - cell / 2 : blank + (t + 1) * pitch - 6 - cell)

  const oneHot = wide ? { y: 34, height: 24 } : { y: 30, height: 16 }
  const inputWeights = oneHot.y + oneHot.height + (wide ? 8 : 4)
  const gap = !wide ? { above: 13, below: 10 } : L > 1 ? { above: 22, below: 13 } : { above: 25, below: 21 }
  /** @type {number[]} */
  const hidden = []
  let y = inputWeights + H * thin
  for (let l = 0; l < L; l++) {
    hidden.push(y += l === 0 ? gap.above : gap.below + H * thin + gap.above)
    y += H * row
  }
  const outputWeights = y + gap.below
  const logits = { y: outputWeights + H * thin + (wide ? 8 : 5), height: wide ? 24 : 14 }
  const bars = logits.y + logits.height + 21
  return {
    wide, H, L, T, V, width, names, blank, blankCell: wide ? 58 : 30, pitch, x, letters, letter: letters / V, cellX, cell, weight, row, thin,
    weightX: (/** @type {number} */ t) => cellX(t) - (wide ? 12 : 3) - H * weight,
    oneHot, inputWeights, hidden, outputWeights, logits, gap, ...betsBelow(bars, wide, crowded),
  }
}

/** @param {number} top @param {boolean} wide @param {boolean} crowded */
function betsBelow(top, wide, crowded) {
  const height = !wide ? 42 : crowded ? 46 : 62
  const tile = wide ? 34 : 28
  const target = top + height + (wide ? 26 : 20)
  return { bars: { y: top, height }, betLetters: target - (wide ? 10 : 6), target: { y: target, height: tile, width: wide ? 34 : 26 }, end: target + tile + (wide ? 8 : 3) }
}

/**
 * Gated cells: two lanes per neuron, the belt that is kept and below it what is proposed and shown.
 * @param {Run} run
 * @param {number} width
 */
export function gatedGeometry(run, width) {
  const { H, L, T, V } = sizesOf(run)
  const wide = width >= WIDE
  const gru = run.config.cell === 'gru'
  const names = wide ? 112 : 0
  const blank = wide ? 58 : 30
  const pitch = (width - names - blank - (wide ? 10 : 0)) / T
  const u = wide ? Math.min(1.15, pitch / 260) : pitch / 83
  const at = wide
    ? { keep: gru ? 58 : 40, plus: 106, belt: 140, beltWidth: 84, proposal: 76, proposalWidth: 60, shown: 152, shownWidth: 60, rail: gru ? 40 : 14, look: 20 }
    : { keep: gru ? 13 : 9, plus: 25, belt: 36, beltWidth: 42, proposal: 14, proposalWidth: 22, shown: 38, shownWidth: 38, rail: gru ? 6 : 3, look: 1 }
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
    wide, gru, H, L, T, V, width, names, blank, blankCell: wide ? 48 : 24, pitch, u, at, row, lane, x, middle, letters, letter: letters / V,
    belt: (/** @type {number} */ l, /** @type {number} */ i) => neuron(l, i) + lane.belt / 2,
    low: (/** @type {number} */ l, /** @type {number} */ i) => neuron(l, i) + lane.low + lane.lowHeight / 2,
    top: (/** @type {number} */ l) => neuron(l, 0),
    ...betsBelow(bottom + (wide ? 12 : 14), wide, L > 1),
  }
}

/**
 * The folded score: a narrow column per letter, a heat map per layer.
 * @param {Run} run
 * @param {number} width
 */
export function foldedGeometry(run, width) {
  const { H, L, V } = sizesOf(run)
  const wide = width >= WIDE
  const columns = columnsFor(run, width)
  const names = wide ? FOLDED.names : FOLDED.narrowNames
  const room = width - names - (wide ? FOLDED.panel + FOLDED.gap : 0)
  const letter = room / columns
  const layer = wide ? Math.max(48, (268 - 12 * (L - 1)) / L) : Math.max(36, (150 - 8 * (L - 1)) / L)
  const top = wide ? 32 : 24
  const layers = Array.from({ length: L }, (_, l) => top + l * (layer + (wide ? 12 : 8)))
  const below = layers[L - 1] + layer
  const opened = 16
  const rows = Math.max(1, Math.min(H, Math.floor(layer - opened - 4)))
  return {
    wide, H, L, V, width, columns, names, letter, span: letter * columns, panel: wide ? FOLDED.panel : 0, layers, layer, opened, rows,
    each: Math.ceil(H / rows),
    bets: { y: below + 10, height: wide ? 28 : 22 }, betLetters: below + (wide ? 54 : 46), targets: { y: below + (wide ? 60 : 52), height: wide ? 20 : 18 },
    surprise: { y: below + (wide ? 90 : 80), height: wide ? 36 : 28 }, end: below + (wide ? 130 : 110),
  }
}

/**
 * Centres of the first and last column, for the scrubber that moves along them.
 * @param {Run} run
 * @param {number} width
 */
export function rulerSpan(run, width) {
  const drawing = drawingFor(run, width)
  if (drawing === 'folded') {
    const g = foldedGeometry(run, width)
    return { first: g.names + g.letter / 2, last: g.names + g.span - g.letter / 2 }
  }
  if (drawing === 'vanilla') {
    const g = vanillaGeometry(run, width)
    const centre = (/** @type {number} */ t) => g.x(t) + g.letters / 2
    return { first: centre(0), last: centre(g.T - 1) }
  }
  const g = gatedGeometry(run, width)
  return { first: g.middle(0), last: g.middle(g.T - 1) }
}
