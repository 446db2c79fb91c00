/**
 * Every failure of the engine. `code` is for programs, `message` for people: it carries the numbers.
 *
 * Codes of the core: invalid-config, invalid-batch, invalid-text, out-of-memory, diverged, bad-checkpoint, not-live.
 * Of the JavaScript around it: disposed, unsupported, not-loaded and not-here (a task's data); worker-failed, internal (a bug of ours) from a trainer.
 */
export class RnnError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message)
    this.name = 'RnnError'
    this.code = code
  }
}

/** @typedef {{ code: string, message: string }} Failure  an error as a message between workers */

/** By its name, since what is loaded later has a class of its own. @param {unknown} error  @returns {Failure} */
export function failureOf(error) {
  const { name, message, code } = /** @type {RnnError} */ (error)
  return { code: name === 'RnnError' ? code : 'internal', message }
}

/** @param {Readonly<Record<string, number>>} indices  by what they are of */
export function checkIndices(indices) {
  for (const [what, index] of Object.entries(indices)) {
    if (!Number.isInteger(index) || index < 0) throw new RnnError('invalid-config', `${what} ${index} is not a whole number from 0 on`)
  }
}
