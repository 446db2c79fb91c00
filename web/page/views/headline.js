/** The sentence at the top: what is happening now, in plain words with live numbers. */
import { createPhrase } from '../draw/phrase.js'
import { headline } from '../words/headline.js'

/** @type {import('../types.js').CreateView} */
export function createHeadline(root) {
  root.replaceChildren()
  const write = createPhrase(root)
  return {
    render(state, frame) { write(headline(state, frame)) },
    destroy() { root.replaceChildren() },
  }
}
