/** Places of the text that a trainer reads. */

/** @typedef {import('./model.js').Model} Model */
/** @typedef {{ from: number, length: number }} Place  symbols of the text */
/**
 * read: what a model reads of a prompt; write: what it writes then; practice: in place of a text, the task that is learned.
 * @typedef {{ model: Model, symbols: Uint8Array | Uint16Array, vocabulary: import('./text.js').Vocabulary, read: (prompt: string) => Uint8Array | Uint16Array,
 *   write: (options: import('./observer.js').SampleOptions) => import('./observer.js').Sample, copy: () => Model, practice?: import('../tasks/practice.js').Practice }} Subject */

/** As much of a place as the text has. @param {Subject} subject  @param {Place} place  @param {number} beyond symbols that must follow it */
function within({ symbols }, { from, length }, beyond = 0) {
  const last = symbols.length - beyond
  const start = Math.max(0, Math.min(from, last - 1))
  return { from: start, length: Math.max(1, Math.min(length, last - start)) }
}

/** @param {Subject} subject  @param {Place} place */
export function readAt(subject, place) {
  const { from, length } = within(subject, place)
  return subject.symbols.subarray(from, from + length)
}

/** What is read there, as symbols or as numbers. @param {Subject} subject  @param {Place} place  @returns {import('./probe.js').Sequence} */
export const sequenceAt = (subject, place) => subject.practice?.batchAt(place) ?? { inputs: readAt(subject, place) }

/** One sequence and what follows each of its symbols, or, of a task, what is wanted. @param {Subject} subject  @param {Place} place  @returns {import('./batch.js').Batch} */
export function batchAt(subject, place) {
  if (subject.practice) return subject.practice.batchAt(place)
  const { from, length } = within(subject, place, 1)
  const { symbols } = subject
  return {
    batch: 1, steps: length, fresh: true,
    inputs: Array.from(symbols.subarray(from, from + length)), targets: Array.from(symbols.subarray(from + 1, from + length + 1)),
  }
}
