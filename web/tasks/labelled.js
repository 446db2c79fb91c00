/** Texts that each belong to one class: read letter by letter, or word by word, and told apart at the end. */
import { RnnError } from '../engine/errors.js'
import { classesOf, measureClasses, outputsOf, part } from './answers.js'
import { below, randomFrom, shuffled } from './random.js'
import { readRows, wrongLine } from './rows.js'
import { integer, real } from './task.js'

/** @typedef {readonly [text: string, label: string]} Example */
/** @typedef {import('./task.js').Values} Values */
/** @typedef {import('./task.js').Task} Task */

/**
 * How a text is read.
 * @typedef {object} Reading
 * @property {string} unit  what its symbols are called, as they are counted where they are unknown
 * @property {import('./task.js').TaskField[]} fields
 * @property {(text: string) => string[]} split
 * @property {string} between  what joins symbols
 * @property {(values: Values) => number} most  symbols of a text that are read, from its beginning
 * @property {(symbols: readonly string[], values: Values) => string[]} known  of all that is learned from, what has a number of its own
 * @property {import('./task.js').Config} [config]  of the network
 */

/** What stands for a symbol that was never read. */
const UNKNOWN = 0

/** @type {Reading} */
export const LETTERS = { unit: 'Letters', fields: [], split: (text) => [...text], between: '', most: () => Infinity, known: (letters) => [...new Set(letters)].sort() }

/** Each word from the most frequent to the least, those that are as frequent in the order of their letters. @param {readonly string[]} words */
function byFrequency(words) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([word]) => word)
}

/** @type {Reading} */
export const WORDS = {
  unit: 'Words', between: ' ',
  fields: [integer('length', 60, 1, 100, 'Words that are read of a text, from its beginning.'), integer('words', 4000, 1, 60000, 'Most frequent words that are known; all others are one symbol.')],
  split: (text) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}']+/gu) ?? [],
  most: ({ length }) => length,
  known: (all, { words }) => byFrequency(all).slice(0, words),
}

/** Each text once; those with more than one label have no answer, and are left out. @param {readonly Example[]} examples */
function distinct(examples) {
  /** @type {Map<string, string | undefined>} */
  const labels = new Map()
  for (const [text, label] of examples) labels.set(text, labels.has(text) && labels.get(text) !== label ? undefined : label)
  const kept = /** @type {Example[]} */ ([...labels].filter(([, label]) => label !== undefined))
  const pairs = new Set(examples.map((example) => JSON.stringify(example)))
  return { kept, ambiguous: labels.size - kept.length, repeated: examples.length - pairs.size }
}

/** @param {readonly string[]} known  @param {Reading['split']} split */
function encoderOf(known, split) {
  const numbers = new Map(known.map((symbol, i) => [symbol, i + 1]))
  return (/** @type {string} */ text) => split(text).map((symbol) => numbers.get(symbol) ?? UNKNOWN)
}

/** As a model was saved with it. @param {unknown} encoding  @param {Reading} reading */
function codeOf(encoding, { split }) {
  const { letters, classes } = /** @type {{ letters?: unknown, classes?: unknown }} */ (encoding ?? {})
  const [known, labels] = [letters, classes].map((list) => Array.isArray(list) && list.every((one) => typeof one === 'string') ? /** @type {string[]} */ (list) : [])
  if (!known.length || !labels.length) throw new RnnError('bad-checkpoint', 'what the model says of its letters and classes cannot be read')
  return { encode: encoderOf(known, split), labels }
}

/** What is read of a text. @param {Reading} reading  @param {Values} values  @returns {(example: Example) => Example} */
const cutBy = ({ split, between, most }, values) => ([text, label]) => [split(text).slice(0, most(values)).join(between), label]

/** What is learned from and what is held out, and the symbols and classes of the former. @param {readonly Example[]} examples  @param {Values} values  @param {Reading} reading */
function prepare(examples, values, reading) {
  const { unit, split, known } = reading
  const { share, split: seed } = values
  const { kept, ...counts } = distinct(examples.map(cutBy(reading, values)))
  const count = Math.round(share * kept.length)
  const all = shuffled(randomFrom(seed), kept)
  const [held, training] = [all.slice(0, count), all.slice(count)]
  const labels = [...new Set(kept.map(([, label]) => label))].sort()
  if (labels.length < 2) throw new RnnError('invalid-text', `the data has ${labels.length} classes after texts of more than one are left out, and needs 2`)
  if (!held.length) throw new RnnError('invalid-text', `share ${share} of ${kept.length} texts holds out none`)
  const unlearned = labels.find((one) => !training.some(([, label]) => label === one))
  if (unlearned !== undefined) throw new RnnError('invalid-text', `all texts of the class "${unlearned}" are held out; another split or a smaller share may help`)
  const letters = known(training.flatMap(([text]) => split(text)), values)
  const encode = encoderOf(letters, split)
  const unknown = held.flatMap(([text]) => encode(text)).filter((symbol) => symbol === UNKNOWN).length
  const longest = kept.reduce((most, [text]) => Math.max(most, split(text).length), 0)
  return { training, held, labels, letters, encode, longest, counts: { examples: training.length, heldOut: held.length, classes: labels.length, ...counts, [`unknown${unit}`]: unknown } }
}

/** @typedef {ReturnType<typeof prepare>} Prepared */

/** @param {Pick<Prepared, 'encode' | 'labels'>} prepared  @param {readonly Example[]} examples */
function batchOf({ encode, labels }, examples) {
  const texts = examples.map(([text]) => encode(text))
  const steps = texts.reduce((most, { length }) => Math.max(most, length), 0)
  const inputs = new Int32Array(texts.length * steps)
  texts.forEach((symbols, b) => inputs.set(symbols, b * steps))
  return { batch: texts.length, steps, inputs, targets: examples.map(([, label]) => labels.indexOf(label)), lengths: texts.map(({ length }) => length), fresh: true }
}

/** @param {string} text of a file with a column of texts and one of their classes  @param {Reading} reading  @returns {Example[]} */
function readExamples(text, { split }) {
  const { header, rows } = readRows(text)
  if (header.length !== 2) throw new RnnError('invalid-text', `the data has the columns ${header.join(', ')}; it needs two, a text and its class`)
  return rows.map(({ line, cells }) => {
    const empty = cells.findIndex((cell) => !cell.trim())
    if (empty >= 0) throw wrongLine(line, `has no ${header[empty] || `column ${empty + 1}`}`)
    if (!split(cells[0]).length) throw wrongLine(line, 'has nothing to read')
    return [cells[0], cells[1].trim()]
  })
}

/** Examples, each of which a network can read whole. @param {Example[]} examples  @param {Reading} reading  @param {import('./task.js').Config} config */
function checked(examples, { split }, { steps }) {
  for (const [text] of examples) {
    const { length } = split(text)
    if (!length) throw new RnnError('invalid-text', 'the text has nothing to read')
    if (length > Number(steps)) throw new RnnError('invalid-text', `"${text}" has ${length} letters, and the model reads at most ${steps}`)
  }
  return examples
}

/** @param {Reading} reading */
export const fieldsOf = ({ fields }) => [
  real('share', 0.2, 0.01, 0.9, 'Share of the texts that is held out.'),
  integer('split', 1, 0, 4294967295, 'Seed of the choice which are held out.'),
  ...fields,
]

/** The same of a file of one's own. @param {Parameters<typeof labelled>[0]} row  @param {Reading} reading  @returns {(text: string) => Task} */
export const ownExamples = (row, reading) => (text) => labelled(row, readExamples(text, reading), reading)

/**
 * A task of texts and their classes.
 * @param {Pick<Task, 'name' | 'label' | 'goal'>} row
 * @param {readonly Example[]} examples
 * @param {Reading} reading
 * @returns {Task}
 */
export function labelled(row, examples, reading) {
  /** The last preparation, since all questions are about one. @type {{ key: string, prepared: Prepared } | undefined} */
  let last
  /** @param {Values} values */
  const prepared = (values) => {
    const key = JSON.stringify(values)
    if (last?.key !== key) last = { key, prepared: prepare(examples, values, reading) }
    return last.prepared
  }
  return {
    ...row, shape: 'many-to-one', between: reading.between, roles: ['text', 'class'], fields: fieldsOf(reading),
    config(values) {
      const { letters, labels, longest } = prepared(values)
      return {
        vocabulary: letters.length + 1, outputs: labels.length, loss: 'cross-entropy', pool: 'last', steps: longest,
        cell: 'gru', hidden: 64, batch: 64, learningRate: 0.005, clip: 'norm', clipAt: 1, ...reading.config,
      }
    },
    sample(random, count, values) {
      const { training } = prepared(values)
      return batchOf(prepared(values), Array.from({ length: count }, () => training[below(random, training.length)]))
    },
    held: (values) => batchOf(prepared(values), prepared(values).held),
    metrics: measureClasses,
    show(model, batch, values) {
      const { held, labels } = prepared(values)
      const first = part(batch, 0, 1)
      const said = classesOf(model, first)[0]
      return `"${held[0][0]}" is ${held[0][1]}, and it says ${labels[said]} (${Math.round(100 * outputsOf(model, first, 'p')[said])} %)`
    },
    symbols(values) {
      const { letters, labels } = prepared(values)
      return { reads: ['\uFFFD', ...letters], says: labels }
    },
    counts: (values) => prepared(values).counts,
    encoding(values) {
      const { letters, labels } = prepared(values)
      return { letters, classes: labels }
    },
    read(text, encoding, values, config) {
      const { labels, ...code } = codeOf(encoding, reading)
      const [own] = checked([cutBy(reading, values)([text, ''])], reading, config)
      return { weighed: labels, batch: { ...batchOf({ ...code, labels }, [own]), targets: [0] } }
    },
    examine(text, encoding, values, config) {
      const own = checked(readExamples(text, reading).map(cutBy(reading, values)), reading, config)
      const { encode, labels } = codeOf(encoding, reading)
      for (const [, label] of own) {
        if (!labels.includes(label)) throw new RnnError('invalid-text', `the class "${label}" is not one of those that the model tells apart: ${labels.join(', ')}`)
      }
      return batchOf({ encode, labels }, own)
    },
    from: ownExamples(row, reading),
  }
}
