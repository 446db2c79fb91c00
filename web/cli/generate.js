/** `unroll generate`: a saved model writes. */
import { once } from 'node:events'
import { generatePair } from './generate-pair.js'
import { generateReply } from './generate-reply.js'
import { generateSeries } from './generate-series.js'
import { asReader, learnedTask, open } from './model-file.js'
import { JSON_LINES, MODE, TOKENS, UsageError } from './options.js'
import { COLUMNS, taskOf } from './task-of.js'
import { conclude, lost, say, speakJson, tally, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/unroll.js').Vocabulary} Vocabulary */
/** @typedef {import('../../build/unroll/types/writing.js').Choice} Choice */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {import('./options.js').Option} Option */

const PIECE = 250 // symbols written at once
const WIDTH = 5

/** What begins a text where there is no prompt: the first character of the vocabulary, the most frequent word, a line break. */
const FIRST = { characters: 0, words: 1, bytes: 10 }

/** @type {Option[]} */
const SAMPLING = [
  { name: 'temperature', kind: 'real', minimum: 0.001, maximum: 1000, default: 1, help: 'Lower is more careful, higher more daring.' },
  { name: 'top-k', kind: 'integer', minimum: 0, maximum: 1e9, default: 0, help: 'Only so many of the likeliest characters or words; 0: all.' },
  { name: 'top-p', kind: 'real', minimum: 1e-9, maximum: 1, default: 1, help: 'The fewest of the likeliest that have this probability together (nucleus).' },
  { name: 'min-p', kind: 'real', minimum: 0, maximum: 1, default: 0, help: 'Those at least this share as likely as the likeliest.' },
  { name: 'typical-p', kind: 'real', minimum: 1e-9, maximum: 1, default: 1, help: 'The fewest of this probability that surprise as much as is usual.' },
  { name: 'seed', kind: 'integer', minimum: 0, maximum: 4294967295, default: 1, help: 'Where the random numbers start; the same seed writes the same text.' },
]

/** @type {Option[]} */
const BEAM = [
  { name: 'width', kind: 'integer', minimum: 1, maximum: 10_000, default: WIDTH, help: 'Texts that are kept after each character.' },
  { name: 'best', kind: 'integer', minimum: 1, maximum: 10_000, default: 1, help: 'Texts to show, the best first.' },
  { name: 'length-penalty', kind: 'real', minimum: -10, maximum: 10, default: 0, help: 'Log-probabilities are divided by ((5 + characters) / 6) to this power, so that long texts have their chance against those that --stop ends.' },
]

/** @type {Option[]} */
export const GENERATE_OPTIONS = [
  { name: 'prompt', kind: 'text', help: 'What is read first; by default the first of its vocabulary. A model that answers to one sequence, by another or by a class, needs it.' },
  { name: 'length', kind: 'integer', minimum: 0, maximum: 100_000_000, default: 500, help: 'Characters, words or bytes to write after the prompt.' },
  { name: 'strategy', kind: 'choice', choices: ['sample', 'greedy', 'beam'], default: 'sample', help: 'sample: draws each character. greedy: always the likeliest. beam: searches for the likeliest text.' },
  { name: 'repetition-penalty', kind: 'real', minimum: 0.01, maximum: 100, default: 1, help: 'Above 1, characters that the text holds already are made less likely.' },
  { name: 'ban', kind: 'text', help: 'Characters, or words, never to write.' },
  { name: 'stop', kind: 'text', help: 'Ends with this text.' },
  { name: 'unknown', kind: 'flag', help: 'With a model of words, the unknown word may be written, too.' },
  TOKENS,
  { name: 'lead', kind: 'integer', minimum: 1, maximum: 1_000_000, help: 'For a series: numbers that are read before it goes on by itself; by default as many as the network was trained to read.' },
  { name: 'data', kind: 'file', help: 'For a series: one to go on with, CSV or TSV with a header, in place of what was held out.' },
  COLUMNS,
  JSON_LINES,
  MODE,
  ...SAMPLING.map((option) => ({ ...option, group: 'strategy sample' })),
  ...BEAM.map((option) => ({ ...option, group: 'strategy beam' })),
]

/** What one strategy alone can use. @param {string} strategy  @param {Given} given */
function checkStrategy(strategy, { number }) {
  for (const [options, of] of /** @type {const} */ ([[SAMPLING, 'sample'], [BEAM, 'beam']])) {
    const [misplaced] = of === strategy ? [] : options.filter(({ name }) => number(name) !== undefined)
    if (misplaced) throw new UsageError(`--${misplaced.name} is for --strategy ${of}, not ${strategy}`)
  }
}

/** The ways in which a text may be among others. @param {Vocabulary} vocabulary  @param {string} text  @param {string} what */
function formsOf(vocabulary, text, what) {
  const forms = vocabulary.forms(text)
  if (forms.length) return forms
  const kind = vocabulary.tokens === 'words' ? 'words' : 'letters'
  throw new Error(`${what} has ${kind} that this model has never read: ${tally(vocabulary.encode(text).unknown)}`)
}

/** @param {Vocabulary} vocabulary  @param {string} text  @param {boolean} unknown  may be written */
function banned(vocabulary, text, unknown) {
  if (vocabulary.tokens === 'bytes' && /[^\0-\x7f]/.test(text)) throw new UsageError('--ban takes ASCII characters from a model of bytes: others share their bytes')
  const parts = vocabulary.tokens === 'words' ? text.match(/[^ ]+| +$/g) ?? [] : [...text]
  const symbols = parts.flatMap((part) => formsOf(vocabulary, part, '--ban').flatMap((form) => [...form]))
  return unknown ? symbols : [...symbols, ...vocabulary.unwritten]
}

/** A word that the model has never read is read as the unknown one; a letter is refused. @param {Vocabulary} vocabulary  @param {string} prompt */
function readPrompt(vocabulary, prompt) {
  const { symbols, unknown } = vocabulary.encodePrompt(prompt)
  if (unknown.size && vocabulary.tokens !== 'words') formsOf(vocabulary, prompt, 'the prompt')
  if (unknown.size) process.stderr.write(`unroll: ${lost(vocabulary.tokens, unknown)}\n`)
  return symbols
}

/** Writes, and waits when the reader is slower. @param {string} text */
async function write(text) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** @param {Engine} engine  @param {Given} given */
export async function generate(engine, given) {
  const { positionals: [file], text, flag } = given
  if (flag('json')) speakJson()
  const start = performance.now()
  const opened = await open(engine, file)
  const learned = learnedTask(opened.model)
  const metrics = learned ? await generateAnswer(opened.model, learned, given) : await generateText(asReader(file, opened, text('tokens')), given)
  conclude(opened.model, start, { metrics })
}

/** @param {Model} model  @param {import('./model-file.js').Learned} learned  @param {Given} given */
async function generateAnswer(model, learned, given) {
  const task = await taskOf(learned)
  const { rewrite } = task
  if (rewrite) return generatePair(model, { ...task, rewrite }, learned, given)
  return task.read ? generateReply(model, task, learned, given) : generateSeries(model, learned, given)
}

/** @param {{ model: Model, vocabulary: Vocabulary }} reader  @param {Given} given */
async function generateText({ model, vocabulary }, given) {
  const { number, text, flag } = given
  const misplaced = [number('lead') !== undefined && 'lead', text('data') !== undefined && 'data', text('columns') !== undefined && 'columns'].find(Boolean)
  if (misplaced) throw new UsageError(`--${misplaced} is for a model that has learned a series; this one writes text`)
  const strategy = text('strategy') ?? 'sample'
  checkStrategy(strategy, given)
  const symbols = text('prompt') ? readPrompt(vocabulary, text('prompt') ?? '') : [FIRST[vocabulary.tokens]]
  const prompt = (vocabulary.tokens === 'words' ? text('prompt')?.replace(/ $/, '') : text('prompt')) || vocabulary.decode(symbols)
  /** @type {Choice} */
  const choice = { ban: banned(vocabulary, text('ban') ?? '', flag('unknown') ?? false), stops: text('stop') ? formsOf(vocabulary, text('stop') ?? '', '--stop') : [], repetitionPenalty: number('repetition-penalty') }
  const options = { prompt: symbols, length: number('length') ?? 500, ...choice }
  if (strategy === 'beam') return search(model, vocabulary, prompt, options, given)
  return draw(model, vocabulary, prompt, { ...options, strategy: strategy === 'greedy' ? 'greedy' : 'sample' }, given)
}

/**
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {string} prompt
 * @param {import('../../build/unroll/types/writing.js').Generation} options
 * @param {Given} given
 */
async function draw(model, vocabulary, prompt, { prompt: first, length, ...options }, { number, flag }) {
  const how = {
    ...options, temperature: number('temperature'), topK: number('top-k'), topP: number('top-p'), minP: number('min-p'), typicalP: number('typical-p'), seed: number('seed'),
  }
  const writer = model.openWriter()
  const speller = vocabulary.speller()
  let written = prompt
  let [symbols, nats] = [0, 0]
  /** @param {string} text */
  const put = async (text) => {
    if (flag('json')) written += text
    else await write(text)
  }
  if (!flag('json')) await write(prompt)
  for (let left = length, piece = { prompt: first, length: 0 }; left > 0; left -= piece.length) {
    piece = { prompt: left === length ? first : [], length: Math.min(PIECE, left) }
    const made = writer.write({ ...how, ...piece })
    const end = made.symbols.indexOf(-1)
    const count = end < 0 ? piece.length : end
    for (const p of made.probabilities.subarray(0, count)) nats -= Math.log(p)
    symbols += count
    await put(speller(made.symbols.subarray(0, count)))
    if (end >= 0) break
  }
  await put(speller())
  writer.dispose()
  if (!flag('json')) await write('\n')
  tell({ text: written })
  return { symbols, ...(symbols && { bitsPerSymbol: nats / Math.LN2 / symbols }) }
}

/**
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {string} prompt
 * @param {import('../../build/unroll/types/searching.js').Search} options
 * @param {Given} given
 */
function search(model, vocabulary, prompt, options, { number }) {
  const width = number('width') ?? Math.max(WIDTH, number('best') ?? 1)
  const { texts } = model.search({ ...options, length: Math.max(1, options.length), width, lengthPenalty: number('length-penalty') })
  const many = (number('best') ?? 1) > 1
  for (const { symbols, logProbability, score } of texts.slice(0, number('best') ?? 1)) {
    const text = prompt + vocabulary.decode(symbols)
    say(many ? `${score.toFixed(3).padStart(9)}  ${text}` : text)
    tell({ text, logProbability, score })
  }
  const [{ logProbability, score }] = texts
  return { logProbability, score }
}
