/** How much the page wants to be told while a network trains: every number of one that is drawn in whole, less often of a folded one. */

/** @typedef {import('../engine/observer.js').Watch} Watch */

/** Milliseconds of training between two reports. @param {boolean} whole */
export const intervalOf = (whole) => (whole ? 16 : 50)

/**
 * @param {{ whole: boolean, from: number, length: number, sampling: import('./state.js').State['sampling'], questions?: readonly import('./types.js').Question[] }} asked
 * @returns {Watch}
 */
export function watchOf({ whole, from, length, sampling: { prompt, length: letters, temperature, strategy, seed }, questions = [] }) {
  return {
    trace: { from, length }, parameters: whole, every: whole ? 0 : 200,
    sample: { prompt, length: letters, temperature: temperature || 1, strategy, seed, distributions: true, every: whole ? 60 : 1000 },
    ...(questions.length > 0 && { inspect: { questions, every: whole ? 60 : 1000 } }),
  }
}
