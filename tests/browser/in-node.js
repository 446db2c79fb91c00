/** The networks of the page, as the engine has them under Node. */
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'

/** @typedef {import('../../web/engine/fields.js').Config} Config */

export const engine = await loadEngine({ seq2seq: true })

/** Every cell there is. */
export const CELLS = engine.fields.find(({ name }) => name === 'cell')?.choices ?? []

/**
 * A network that has learned a text for some rounds; who asks for it disposes of it. Of a long text, the page keeps the last
 * 2 % unseen.
 * @param {Config} config @param {number} rounds @param {string} [text]
 */
export function inNode(config, rounds, text = 'hello') {
  const vocabulary = createVocabulary(text)
  const model = engine.createModel({ ...config, vocabulary: vocabulary.size })
  const { symbols } = vocabulary.encode(text)
  model.setText(symbols.length < 1e5 ? symbols : symbols.subarray(0, symbols.length - Math.floor(0.02 * symbols.length)))
  if (rounds) model.train(rounds)
  return model
}

/** Its losses as the page marks them, round by round. @param {Config} config @param {number} rounds @param {string} [text] */
export function lossesInNode(config, rounds, text) {
  const model = inNode(config, 0, text)
  const losses = Array.from({ length: rounds }, () => String(model.train().loss))
  model.dispose()
  return losses
}

/** The last of them. @param {Config} config @param {number} rounds @param {string} [text] */
export function lossInNode(config, rounds, text) {
  const model = inNode(config, 0, text)
  const { loss } = model.train(rounds)
  model.dispose()
  return String(loss)
}
