/** Where things stand in the drawing of the plain cell. Letters run across, neurons run down; everything in pixels. */
import { sizesOf, WIDE } from '../../drawing.js'

/** @typedef {import('../../types.js').Run} Run */

/** @param {number} value @param {number} low @param {number} high */
export const between = (value, low, high) => Math.max(low, Math.min(high, value))

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
export function betsBelow(top, wide, crowded) {
  const height = !wide ? 42 : crowded ? 46 : 62
  const tile = wide ? 34 : 28
  const target = top + height + (wide ? 26 : 20)
  return { bars: { y: top, height }, betLetters: target - (wide ? 10 : 6), target: { y: target, height: tile, width: wide ? 34 : 26 }, end: target + tile + (wide ? 8 : 3) }
}

/** Centres of the first and last column, for the scrubber that moves along them. @typedef {{ first: number, last: number }} Span */

/** Of each drawing; the others come with below.js. @type {Partial<Record<import('../../drawing.js').Drawing, (run: Run, width: number, zoom: number) => Span>>} */
export const spans = {
  vanilla(run, width) {
    const g = vanillaGeometry(run, width)
    const centre = (/** @type {number} */ t) => g.x(t) + g.letters / 2
    return { first: centre(0), last: centre(g.T - 1) }
  },
}
