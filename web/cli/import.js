/** `unroll import`: weights alone, as PyTorch saves them, become a model that trains and writes. */
import { readFile } from 'node:fs/promises'
import { Vocabulary } from '../../build/unroll/unroll.js'
import { checkWritable, saveModel } from './model-file.js'
import { fieldOptions, JSON_LINES, UsageError } from './options.js'
import { conclude, grouped, say, speakJson } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {import('./options.js').Option} Option */

/** @param {Engine} engine  @returns {Option[]} */
export const importOptions = ({ fields }) => [
  { name: 'out', kind: 'file', help: 'Where the model is saved.' },
  { name: 'letters', kind: 'file', help: 'A JSON list of its letters, in the order of their numbers.' },
  { name: 'rename', kind: 'text', help: 'Beginnings of names and what they are here: lstm.=rnn.,decoder.=output.' },
  JSON_LINES,
  ...fieldOptions(fields).map((option) => ({ ...option, default: undefined })),
]

/** a=b,c=d @param {string} text */
function readPrefixes(text) {
  return Object.fromEntries(text.split(',').map((pair) => {
    const parts = pair.split('=')
    if (parts.length !== 2) throw new UsageError(`--rename is OLD=NEW,OLD=NEW …, not "${text}"`)
    return parts
  }))
}

/** @param {Engine} engine  @param {Given} given */
export async function importModel(engine, { positionals: [file], text, flag, config }) {
  const start = performance.now()
  if (flag('json')) speakJson()
  const [out, letters] = [text('out'), text('letters')]
  if (!out || !letters) throw new UsageError(`--${out ? 'letters' : 'out'} is missing: a model is saved, with the letters that it reads and writes`)
  await checkWritable(out)
  const vocabulary = Vocabulary.fromJSON(await readFile(letters, 'utf8'))
  const model = engine.importWeights(await readFile(file), config, { rename: readPrefixes(text('rename') ?? 'rnn.=rnn.') })
  if (vocabulary.size !== model.config.vocabulary) throw new Error(`${letters}: it has ${vocabulary.size} letters for a network of ${model.config.vocabulary}`)
  const { cell, layers, hidden } = model.config
  const bytes = await saveModel(model, vocabulary, out)
  say(`Saved ${cell} with ${layers} × ${hidden} hidden units to ${out} (${grouped(bytes)} bytes).`)
  conclude(model, start, { file: out, bytes })
}
