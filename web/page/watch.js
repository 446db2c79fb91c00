/** How much the page wants to be told while a network trains: every number of one that is drawn in whole, less often of a folded one. */

/** @typedef {import('../engine/observer.js').Watch} Watch */

/** Milliseconds of training between two reports. Nobody waits for those of a hidden page, which may not look at the clock more often. @param {boolean} whole @param {boolean} [hidden] */
export const intervalOf = (whole, hidden = false) => (hidden ? 1000 : whole ? 16 : 50)

/** The parameters that a number is made of, or part of: of its layer and of those that read it. @param {import('./state.js').State} state */
export function weightsOf({ run, spot }) {
  if (!spot || !run) return []
  const last = run.config.residual ? Infinity : spot.layer + 1
  const layerOf = (/** @type {string} */ name) => Number(/_l(\d+)/.exec(name)?.[1] ?? spot.layer)
  return run.parameters.map(({ name }) => name).filter((name) => layerOf(name) >= spot.layer && layerOf(name) <= last)
}

/** In one order, so that two questions that are the same look the same. @param {import('./state.js').State['sampling']} sampling */
const sampleOf = ({ prompt, length, temperature, strategy, seed, ...rules }) => ({ prompt, length, temperature: temperature || 1, strategy, seed, ...rules, distributions: true })

/**
 * @param {{ whole: boolean, from: number, length: number, holds?: () => readonly import('./types.js').Hold[], parameters?: readonly string[], sampling?: import('./state.js').State['sampling'], questions?: readonly import('./types.js').Question[] }} asked
 *   holds: asked at each report, so that a hand that moves them need not stop the training
 * @returns {Watch}
 */
export function watchOf({ whole, from, length, holds = () => [], parameters = [], sampling, questions = [] }) {
  return {
    trace: { from, length, get hold() { return holds() } }, parameters: whole || parameters, every: whole ? 0 : 200,
    ...(sampling && { sample: { ...sampleOf(sampling), every: whole ? 60 : 1000 } }),
    ...(questions.length > 0 && { inspect: { questions, every: whole ? 60 : 1000 } }),
  }
}
