/** Which drawing suits a network: every number where there is room, a heat map where there is not. */

/** @typedef {import('./types.js').Run} Run */
/** @typedef {'vanilla' | 'lstm' | 'gru' | 'folded'} Drawing */

/** From this width of the stage on, rows have names and numbers have room. */
export const WIDE = 900

/** Widths around the columns of the folded score. */
export const FOLDED = { names: 166, panel: 264, gap: 20, letter: 15, narrowNames: 24, narrowLetter: 13 }

/** @param {Run} run */
export function sizesOf(run) {
  return {
    H: Number(run.config.hidden), L: Number(run.config.layers), T: run.plan.steps,
    V: Number(run.config.vocabulary),
  }
}

/** Letters go straight into one of the cells that are drawn, and out of its state. @param {Run} run */
const isPlain = ({ config }) => ['vanilla', 'lstm', 'gru'].includes(String(config.cell)) && config.input === 'one-hot'
  && !config.headLayers && !config.skip && !config.residual && !config.peephole && !config.layerNorm && (config.cell !== 'lstm' || config.candidate === 'tanh')

/**
 * @param {Run} run
 * @param {number} width  of the stage
 * @returns {Drawing}
 */
export function drawingFor(run, width) {
  const { H, L, T, V } = sizesOf(run)
  const wide = width >= WIDE
  const pitch = (width - (wide ? 182 : 34)) / T
  const letter = Math.min(180, wide ? pitch * 0.64 : pitch - 14) / V
  if (!isPlain(run) || H > 8 || T > 8 || letter < (wide ? 12 : 11)) return 'folded'
  if (run.config.cell === 'vanilla') return H * L <= 12 ? 'vanilla' : 'folded'
  if (H * L > 8 || pitch < (wide ? 125 : 70)) return 'folded'
  return run.config.cell === 'gru' ? 'gru' : 'lstm'
}

/**
 * How many letters stand side by side.
 * @param {Run} run
 * @param {number} width
 */
export function columnsFor(run, width) {
  const most = Math.min(run.plan.steps, run.plan.length - 1)
  if (drawingFor(run, width) !== 'folded') return most
  const room = width >= WIDE ? (width - FOLDED.names - FOLDED.panel - FOLDED.gap) / FOLDED.letter : (width - FOLDED.narrowNames) / FOLDED.narrowLetter
  return Math.max(1, Math.min(most, Math.floor(room)))
}
