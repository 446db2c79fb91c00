/** What is known of a loss without any training. */

/** Of pure guessing, nats for each answer; none where answers are numbers. @param {import('./types.js').Run} run */
export function guessOf({ config: { loss, outputs, vocabulary } }) {
  if (loss === 'squared') return null
  return loss === 'binary' ? Math.LN2 : Math.log(Number(outputs) || Number(vocabulary))
}
