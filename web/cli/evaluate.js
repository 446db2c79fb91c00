/** `unroll evaluate`: how well a saved model reads a text, or does what it has learned. */
import { once } from 'node:events'
import { measured, measureText, surprises } from '../../build/unroll/unroll.js'
import { evaluateTask } from './evaluate-task.js'
import { asReader, learnedTask, open } from './model-file.js'
import { JSON_LINES, MODE, TOKENS, UsageError } from './options.js'
import { readText } from './read-text.js'
import { COLUMNS } from './task-of.js'
import { conclude, grouped, losses, lost, say, speakJson, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/unroll.js').Vocabulary} Vocabulary */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {import('./options.js').Option} Option */

/** @type {Option[]} */
export const EVALUATE_OPTIONS = [
  TOKENS,
  { name: 'surprise', kind: 'flag', help: 'For machines: an object a line for each symbol, with its probability, its surprise in bits, and what was expected instead.' },
  { name: 'data', kind: 'file', help: 'For a model that has learned a task: other data than what it held out, CSV or TSV with a header.' },
  COLUMNS,
  JSON_LINES,
  MODE,
]

/** @param {Engine} engine  @param {Given} given */
export async function evaluate(engine, given) {
  const { positionals: [file, name], flag, text: option } = given
  if (flag('json') || flag('surprise')) speakJson()
  const start = performance.now()
  const opened = await open(engine, file)
  const learned = learnedTask(opened.model)
  const told = learned ? await evaluateTask(engine, opened.model, learned, given) : await evaluateText(asReader(file, opened, option('tokens')), name, given)
  conclude(opened.model, start, told)
}

/** @param {{ model: Model, vocabulary: Vocabulary }} reader  @param {string | undefined} name  of the text  @param {Given} given */
async function evaluateText({ model, vocabulary }, name, { flag, text: option }) {
  const misplaced = ['data', 'columns'].find((name) => option(name) !== undefined)
  if (misplaced) throw new UsageError(`--${misplaced} is for a model that has learned a task; this one reads TEXT`)
  if (name === undefined) throw new UsageError('TEXT is missing: a file, - for standard input, or a preset')
  const { text } = await readText(name)
  const { unknown } = vocabulary.encode(text)
  if (unknown.size) say(lost(vocabulary.tokens, unknown))
  const start = performance.now()
  const { symbols, characters, unknown: left, ...metrics } = flag('surprise') ? await tellSurprises(model, vocabulary, text) : measureText(model, vocabulary, text)
  const rate = grouped(characters / (performance.now() - start) * 1000)
  const counted = vocabulary.tokens === 'characters' ? '' : ` in ${grouped(symbols)} ${vocabulary.tokens}`
  say(`${grouped(characters)} characters${counted}: ${losses(metrics.loss, characters / symbols)}, perplexity ${metrics.perplexity.toFixed(3)}; ${rate} chars/s`)
  return { metrics, tokens: vocabulary.tokens, characters, symbols, unknown: left }
}

/** A line for each symbol, as it is read; the means follow. @param {Model} model  @param {Vocabulary} vocabulary  @param {string} text */
async function tellSurprises(model, vocabulary, text) {
  let [bits, symbols, characters, unknown] = [0, 0, 0, 0]
  for (const one of surprises(model, vocabulary, text)) {
    if (one.symbol === vocabulary.unknown) unknown++
    if (one.expected.length) {
      bits += one.bits
      symbols++
      characters += vocabulary.charactersOf(one.symbol, one.text)
    }
    const [expected] = one.expected
    tell({ symbol: vocabulary.symbols[one.symbol], text: one.text, ...(expected && { probability: one.probability, bits: one.bits, expected: vocabulary.symbols[expected.symbol], expectedProbability: expected.probability }) })
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  }
  if (!symbols) throw new Error('a text needs at least 2 symbols that the model knows, one to read and one to predict')
  return measured(bits * Math.LN2, symbols, characters, unknown)
}
