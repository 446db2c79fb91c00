/** `unroll generate`: a saved model writes. */
import { once } from 'node:events'
import { openModel } from './model-file.js'
import { JSON_LINES, MODE, UsageError } from './options.js'
import { say, speakJson, tally, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/unroll.js').Vocabulary} Vocabulary */
/** @typedef {import('../../build/unroll/types/writing.js').Choice} Choice */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {import('./options.js').Option} Option */

const PIECE = 250 // letters written at once
const WIDTH = 5

/** @type {Option[]} */
const SAMPLING = [
  { name: 'temperature', kind: 'real', minimum: 0.001, maximum: 1000, default: 1, help: 'Lower is more careful, higher more daring.' },
  { name: 'top-k', kind: 'integer', minimum: 0, maximum: 1e9, default: 0, help: 'Only so many of the likeliest characters; 0: all.' },
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
  { name: 'prompt', kind: 'text', help: 'What is read first; by default the letter that its text began with.' },
  { name: 'length', kind: 'integer', minimum: 0, maximum: 100_000_000, default: 500, help: 'Characters to write after the prompt.' },
  { name: 'strategy', kind: 'choice', choices: ['sample', 'greedy', 'beam'], default: 'sample', help: 'sample: draws each character. greedy: always the likeliest. beam: searches for the likeliest text.' },
  { name: 'repetition-penalty', kind: 'real', minimum: 0.01, maximum: 100, default: 1, help: 'Above 1, characters that the text holds already are made less likely.' },
  { name: 'ban', kind: 'text', help: 'Characters never to write.' },
  { name: 'stop', kind: 'text', help: 'Ends with this text.' },
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

/** @param {Vocabulary} vocabulary  @param {string} text  @param {string} what */
function known(vocabulary, text, what) {
  const { symbols, unknown } = vocabulary.encode(text)
  if (unknown.size) throw new Error(`${what} has letters that this model has never read: ${tally(unknown)}`)
  return symbols
}

/** Writes, and waits when the reader is slower. @param {string} text */
async function write(text) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** @param {Engine} engine  @param {Given} given */
export async function generate(engine, given) {
  const { positionals: [file], number, text, flag } = given
  const strategy = text('strategy') ?? 'sample'
  checkStrategy(strategy, given)
  const { model, vocabulary } = await openModel(engine, file)
  const prompt = text('prompt') || vocabulary.symbols[0]
  const symbols = known(vocabulary, prompt, 'the prompt')
  const [ban, stop] = [known(vocabulary, text('ban') ?? '', '--ban'), known(vocabulary, text('stop') ?? '', '--stop')]
  /** @type {Choice} */
  const choice = { ban, stops: stop.length ? [stop] : [], repetitionPenalty: number('repetition-penalty') }
  const length = number('length') ?? 500
  if (flag('json')) speakJson()
  const start = performance.now()
  if (strategy === 'beam') search(model, vocabulary, prompt, { prompt: symbols, length, ...choice }, given)
  else await draw(model, vocabulary, prompt, { prompt: symbols, length, strategy: strategy === 'greedy' ? 'greedy' : 'sample', ...choice }, given)
  tell({ done: true, seconds: (performance.now() - start) / 1000 })
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
  let written = prompt
  if (!flag('json')) await write(prompt)
  for (let left = length, piece = { prompt: first, length: 0 }; left > 0; left -= piece.length) {
    piece = { prompt: left === length ? first : [], length: Math.min(PIECE, left) }
    const made = writer.write({ ...how, ...piece }).symbols
    const end = made.indexOf(-1)
    const text = vocabulary.decode(end < 0 ? made : made.subarray(0, end))
    if (flag('json')) written += text
    else await write(text)
    if (end >= 0) break
  }
  writer.dispose()
  if (!flag('json')) await write('\n')
  tell({ text: written })
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
}
