/** How much the page wants to be told while a network trains: every number of one that is drawn in whole, less often of a folded one. */

/** @typedef {import('../engine/observer.js').Watch} Watch */

/** Milliseconds of training between two reports. Nobody waits for those of a hidden page, which may not look at the clock more often. @param {boolean} whole @param {boolean} [hidden] */
export const intervalOf = (whole, hidden = false) => (hidden ? 1000 : whole ? 16 : 50)

/** The parameters that a number is made of, or part of. @param {import('./state.js').State} state */
export const weightsOf = ({ run, spot }) => spot && run
  ? run.parameters.map(({ name }) => name).filter((name) => !/_l\d/.test(name) || [spot.layer, spot.layer + 1].some((layer) => name.includes(`_l${layer}`))) : []

/**
 * @param {{ whole: boolean, from: number, length: number, holds?: () => readonly import('./types.js').Hold[], parameters?: readonly string[], sampling: import('./state.js').State['sampling'], questions?: readonly import('./types.js').Question[] }} asked
 *   holds: asked at each report, so that a hand that moves them need not stop the training
 * @returns {Watch}
 */
export function watchOf({ whole, from, length, holds = () => [], parameters = [], sampling: { prompt, length: letters, temperature, strategy, seed }, questions = [] }) {
  return {
    trace: { from, length, get hold() { return holds() } }, parameters: whole || parameters, every: whole ? 0 : 200,
    sample: { prompt, length: letters, temperature: temperature || 1, strategy, seed, distributions: true, every: whole ? 60 : 1000 },
    ...(questions.length > 0 && { inspect: { questions, every: whole ? 60 : 1000 } }),
  }
}
