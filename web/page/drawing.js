/** Which drawing suits a network: every number where there is room, a heat map where there is not. */

/** @typedef {import('./types.js').Run} Run */
/** @typedef {'vanilla' | 'lstm' | 'gru' | 'mingru' | 'minlstm' | 'folded'} Drawing */

/** From this width of the stage on, rows have names and numbers have room. */
export const WIDE = 900

/** Widths around the columns of the folded score. */
export const FOLDED = { names: 166, panel: 264, gap: 20, letter: 15, narrowNames: 24, narrowLetter: 13 }

/** What a column of letters is wide at each zoom, from −3 on, in units of the usual width. Closer than 0, fewer of the same letters are seen. */
const ZOOMS = [1 / 8, 1 / 4, 1 / 2, 1, 1, 1.5, 3]

/** How far one can go away and how close one can come. */
export const FAR = -3
export const CLOSE = 3

/** @param {Run} run */
export function sizesOf(run) {
  return {
    H: Number(run.config.hidden), L: Number(run.config.layers), T: run.plan.steps,
    V: Number(run.config.vocabulary),
  }
}

/** Letters go straight into a cell as it is drawn, and out of its state. @param {Run} run */
const isPlain = ({ config, task }) => config.input === 'one-hot' && !task
  && !config.bidirectional && !config.headLayers && !config.skip && !config.residual && !config.peephole && !config.layerNorm && (config.cell !== 'lstm' || config.candidate === 'tanh')

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
  return /** @type {Drawing} */ (run.config.cell)
}

/** How many columns a word is as wide as. @param {Run} run */
export const wordWidth = ({ vocabulary }) => vocabulary.tokens === 'words' ? 4 : 1

/** How many letters of the folded score have room. @param {Run} run @param {number} width @param {number} zoom */
export const roomFor = (run, width, zoom) => Math.max(1, Math.floor((width >= WIDE
  ? (width - FOLDED.names - FOLDED.panel - FOLDED.gap) / FOLDED.letter : (width - FOLDED.narrowNames) / FOLDED.narrowLetter) / ZOOMS[zoom - FAR] / wordWidth(run)))

/**
 * How many letters are read side by side: of a task, the whole sequence.
 * @param {Run} run
 * @param {number} width
 * @param {number} [zoom]
 */
export function columnsFor(run, width, zoom = 0) {
  const most = Math.min(run.plan.steps, run.plan.length - 1)
  return drawingFor(run, width) === 'folded' && !run.task ? Math.min(most, roomFor(run, width, Math.min(zoom, 0))) : most
}
