/** Texts that each belong to one class: read letter by letter, and told apart at the end. */
import { RnnError } from '../engine/errors.js'
import { classesOf, measureClasses, outputsOf, part } from './answers.js'
import { below, randomFrom, shuffled } from './random.js'
import { readRows, wrongLine } from './rows.js'
import { integer, real } from './task.js'

/** @typedef {readonly [text: string, label: string]} Example */
/** @typedef {import('./task.js').Values} Values */
/** @typedef {import('./task.js').Task} Task */

/** What stands for a letter that was never read. */
const UNKNOWN = 0

/** Each text once; those with more than one label have no answer, and are left out. @param {readonly Example[]} examples */
function distinct(examples) {
  /** @type {Map<string, string | undefined>} */
  const labels = new Map()
  for (const [text, label] of examples) labels.set(text, labels.has(text) && labels.get(text) !== label ? undefined : label)
  const kept = /** @type {Example[]} */ ([...labels].filter(([, label]) => label !== undefined))
  const pairs = new Set(examples.map((example) => JSON.stringify(example)))
  return { kept, ambiguous: labels.size - kept.length, repeated: examples.length - pairs.size }
}

/** What is learned from and what is held out, and the letters and classes of the former. @param {readonly Example[]} examples  @param {Values} values */
function prepare(examples, { share, split }) {
  const { kept, ...counts } = distinct(examples)
  const count = Math.round(share * kept.length)
  const all = shuffled(randomFrom(split), kept)
  const [held, training] = [all.slice(0, count), all.slice(count)]
  const labels = [...new Set(kept.map(([, label]) => label))].sort()
  if (labels.length < 2) throw new RnnError('invalid-text', `the data has ${labels.length} classes after texts of more than one are left out, and needs 2`)
  if (!held.length) throw new RnnError('invalid-text', `share ${share} of ${kept.length} texts holds out none`)
  const unlearned = labels.find((one) => !training.some(([, label]) => label === one))
  if (unlearned !== undefined) throw new RnnError('invalid-text', `all texts of the class "${unlearned}" are held out; another split or a smaller share may help`)
  const letters = [...new Set(training.flatMap(([text]) => [...text]))].sort()
  const numbers = new Map(letters.map((letter, i) => [letter, i + 1]))
  /** @param {string} text */
  const encode = (text) => Array.from(text, (letter) => numbers.get(letter) ?? UNKNOWN)
  const unknownLetters = held.flatMap(([text]) => encode(text)).filter((symbol) => symbol === UNKNOWN).length
  const longest = kept.reduce((most, [text]) => Math.max(most, [...text].length), 0)
  return { training, held, labels, letters, encode, longest, counts: { examples: training.length, heldOut: held.length, classes: labels.length, ...counts, unknownLetters } }
}

/** @typedef {ReturnType<typeof prepare>} Prepared */

/** @param {Prepared} prepared  @param {readonly Example[]} examples */
function batchOf({ encode, labels }, examples) {
  const texts = examples.map(([text]) => encode(text))
  const steps = texts.reduce((most, { length }) => Math.max(most, length), 0)
  const inputs = new Int32Array(texts.length * steps)
  texts.forEach((symbols, b) => inputs.set(symbols, b * steps))
  return { batch: texts.length, steps, inputs, targets: examples.map(([, label]) => labels.indexOf(label)), lengths: texts.map(({ length }) => length), fresh: true }
}

/** @param {string} text of a file with a column of texts and one of their classes  @returns {Example[]} */
function readExamples(text) {
  const { header, rows } = readRows(text)
  if (header.length !== 2) throw new RnnError('invalid-text', `the data has the columns ${header.join(', ')}; it needs two, a text and its class`)
  return rows.map(({ line, cells }) => {
    const empty = cells.findIndex((cell) => !cell.trim())
    if (empty >= 0) throw wrongLine(line, `has no ${header[empty] || `column ${empty + 1}`}`)
    return [cells[0], cells[1].trim()]
  })
}

/**
 * A task of texts and their classes.
 * @param {Pick<Task, 'name' | 'label' | 'goal'>} row
 * @param {readonly Example[]} examples
 * @returns {Task}
 */
export function labelled(row, examples) {
  /** The last preparation, since all questions are about one. @type {{ key: string, prepared: Prepared } | undefined} */
  let last
  /** @param {Values} values */
  const prepared = (values) => {
    const key = JSON.stringify([values.share, values.split])
    if (last?.key !== key) last = { key, prepared: prepare(examples, values) }
    return last.prepared
  }
  return {
    ...row, shape: 'many-to-one',
    fields: [
      real('share', 0.2, 0.01, 0.9, 'Share of the texts that is held out.'),
      integer('split', 1, 0, 4294967295, 'Seed of the choice which are held out.'),
    ],
    config(values) {
      const { letters, labels, longest } = prepared(values)
      return {
        vocabulary: letters.length + 1, outputs: labels.length, loss: 'cross-entropy', pool: 'last', steps: longest,
        cell: 'gru', hidden: 64, batch: 64, learningRate: 0.005, clip: 'norm', clipAt: 1,
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
    counts: (values) => prepared(values).counts,
    encoding(values) {
      const { letters, labels } = prepared(values)
      return { letters, classes: labels }
    },
    from: (text) => labelled(row, readExamples(text)),
  }
}
