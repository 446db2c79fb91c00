/** `unroll evaluate`: how well a saved model reads a text. */
import { openModel } from './model-file.js'
import { readText } from './read-text.js'
import { grouped, losses, say, speakJson, tally, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('./options.js').Given} Given */

/** @param {Engine} engine  @param {Given} given */
export async function evaluate(engine, { positionals: [file, name], flag }) {
  if (flag('json')) speakJson()
  const { model, vocabulary } = await openModel(engine, file)
  const { text } = await readText(name)
  const { symbols, unknown } = vocabulary.encode(text)
  if (unknown.size) say(`Left out, since this model has never read them: ${tally(unknown)}.`)
  const start = performance.now()
  const { loss, symbols: counted } = model.evaluate(symbols)
  const seconds = (performance.now() - start) / 1000
  say(`${grouped(counted)} characters: ${losses(loss)}, perplexity ${Math.exp(loss).toFixed(3)}; ${grouped(counted / seconds)} chars/s`)
  const left = [...unknown.values()].reduce((sum, count) => sum + count, 0)
  tell({ done: true, metrics: { loss, bitsPerCharacter: loss / Math.LN2, perplexity: Math.exp(loss) }, characters: counted, unknown: left, seconds })
}
