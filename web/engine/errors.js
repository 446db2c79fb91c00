/**
 * Every failure of the engine. `code` is for programs, `message` for people: it carries the numbers.
 *
 * Codes of the core: invalid-config, invalid-batch, invalid-text, out-of-memory, diverged, bad-checkpoint, not-live.
 * Of the JavaScript around it: disposed, unsupported; worker-failed, internal (a bug of ours) from a trainer.
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
