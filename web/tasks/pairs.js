/**
 * Sequence to sequence: a source is read, symbol by symbol or as one vector, before a target is written. Pairs are made by chance, or
 * come from a list (pair-list.js) of which a part is held out.
 */
import { RnnError } from '../engine/errors.js'
import { lossOf, part, rowsOf, sourcesOf } from './answers.js'
import { distance } from './metrics.js'
import { pictured } from './pen.js'
import { readRows, wrongLine } from './rows.js'
import { integer } from './task.js'

/** @typedef {readonly [source: string, target: string]} TextPair */
/** @typedef {TextPair | readonly [source: readonly number[], target: string]} Pair  of a text, or of a vector */
/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./task.js').Batch} Batch */
/** @typedef {import('./task.js').Model} Model */
/** @typedef {import('./task.js').Task} Task */
/** @typedef {import('./task.js').Values} Values */
/**
 * How pairs become symbols: `reads` and `writes` are all that there are; `split` cuts a text into them.
 * A source is cut by `splitSource`, or like a target; or it is a vector of `size` numbers.
 * @typedef {object} Alphabet
 * @property {readonly string[]} reads
 * @property {readonly string[]} writes
 * @property {number} [size]
 * @property {number} longestSource
 * @property {number} longestTarget
 * @property {(text: string) => string[]} split
 * @property {(text: string) => string[]} [splitSource]
 */
/**
 * @typedef {object} Source
 * @property {number} [size]  of a source that is a vector
 * @property {(values: Values) => Alphabet} alphabet
 * @property {(random: Random, values: Values) => Pair} draw  one to learn from
 * @property {(random: Random, count: number, values: Values) => readonly Pair[]} [drawAlike]  as many, which are of similar lengths; each as likely as any other
 * @property {(values: Values) => readonly Pair[]} [held]     those never learned from, where pairs come from a list
 * @property {(values: Values) => readonly Pair[]} [glance]   those of them that are measured while it learns
 * @property {(values: Values) => Readonly<Record<string, number>>} [counts]
 */

/** Cuts texts into characters, into words, or not at all. */
export const CHARACTERS = { split: (/** @type {string} */ text) => [...text] }
export const WORDS = { split: (/** @type {string} */ text) => text.split(' ') }

export const whole = (/** @type {string} */ text) => [text]

/** What stands for a symbol that was never read. */
export const UNKNOWN = '\uFFFD'

/** Sources that are answered at a time. */
const AT_ONCE = 512

/** The symbols beside an alphabet's own that a decoder has. @param {Alphabet} alphabet */
const marksOf = ({ writes }) => ({ start: writes.length, end: writes.length + 1 })

/** @param {readonly string[]} known  @param {string[]} symbols  @returns {number[]} */
const numbersOf = (known, symbols) => symbols.map((symbol) => Math.max(0, known.indexOf(symbol)))

const longestOf = (/** @type {readonly number[][]} */ all) => all.reduce((most, { length }) => Math.max(most, length), 1)

/** What is read of pairs. @param {Alphabet} alphabet  @param {readonly Pair[]} pairs  @param {Values} values */
function readOf({ reads, size, split, splitSource = split }, pairs, { reversed = 0 }) {
  if (size) return { sourceSteps: 1, sourceVectors: Float32Array.from(pairs.flatMap(([source]) => Array.from(source, Number))) }
  const symbols = pairs.map(([source]) => numbersOf(reads, splitSource(String(source))))
  const sourceSteps = longestOf(symbols)
  const sources = new Int32Array(pairs.length * sourceSteps)
  symbols.forEach((one, b) => sources.set(reversed ? one.reverse() : one, b * sourceSteps))
  return { sourceSteps, sources, sourceLengths: symbols.map(({ length }) => length) }
}

/** @param {Alphabet} alphabet  @param {readonly Pair[]} pairs  @param {Values} values  @returns {Batch} */
function batchOf(alphabet, pairs, values) {
  const { writes, split } = alphabet
  const { start, end } = marksOf(alphabet)
  const targets = pairs.map(([, target]) => [...numbersOf(writes, split(target)), end])
  const [batch, steps] = [pairs.length, longestOf(targets)]
  const filled = { inputs: new Int32Array(batch * steps), targets: new Int32Array(batch * steps).fill(-1) }
  targets.forEach((target, b) => {
    filled.inputs.set([start, ...target.slice(0, -1)], b * steps)
    filled.targets.set(target, b * steps)
  })
  return { batch, steps, ...filled, lengths: targets.map(({ length }) => length), ...readOf(alphabet, pairs, values), fresh: true }
}

/**
 * How a model writes after a source, or after several: from the start, until the end.
 * @template S  @param {Model} model  @param {S} source  @param {Alphabet} alphabet
 */
function opening({ config }, source, alphabet) {
  const { start, end } = marksOf(alphabet)
  return { source, prompt: [start], length: Number(config.steps), stops: [[end]] }
}

/**
 * What it writes after the sources of a batch, always the likeliest symbol, without the end.
 * @param {Model} model  @param {Batch} batch  @param {Alphabet} alphabet  @returns {number[][]}
 */
function written(model, batch, alphabet) {
  const { end } = marksOf(alphabet)
  const all = sourcesOf(batch)
  return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE)).flatMap((some) => {
    const options = opening(model, some, alphabet)
    const { symbols } = model.generate({ ...options, count: some.length, strategy: 'greedy' })
    return rowsOf(symbols, new Array(some.length).fill(options.length)).map((row) => row.filter((symbol) => symbol >= 0 && symbol !== end))
  })
}

/** What should be written. @param {Batch} batch */
const wanted = ({ targets = [], lengths = [] }) => rowsOf(targets, lengths).map((row) => row.slice(0, -1))

/** The numbers of a text. @param {string} text  @param {number} size */
function vectorOf(text, size) {
  const words = text.split(/[\s,;]+/).filter((word) => word)
  const wrong = words.find((word) => !Number.isFinite(Number(word)))
  if (wrong !== undefined) throw new RnnError('invalid-text', `"${wrong}" is no number; the model reads ${size} of them`)
  if (words.length !== size) throw new RnnError('invalid-text', `a source of ${words.length} numbers is not one of ${size}`)
  return words.map(Number)
}

/** A source of one's own, as the model reads it. @param {Alphabet} alphabet  @param {string} text  @param {Values} values  @param {Model} model */
function sourceOf({ reads, size, split, splitSource = split }, text, { reversed = 0 }, { config }) {
  if (size) return vectorOf(text, size)
  const symbols = splitSource(text)
  const unknown = symbols.find((symbol) => !reads.includes(symbol))
  if (unknown !== undefined && reads[0] !== UNKNOWN) throw new RnnError('invalid-text', `"${unknown}" is nothing that the model reads; it reads ${reads.join(' ')}`)
  if (!symbols.length || symbols.length > Number(config.sourceSteps)) throw new RnnError('invalid-text', `a source of ${symbols.length} symbols is outside 1 … ${config.sourceSteps}`)
  const numbers = numbersOf(reads, symbols)
  return reversed ? numbers.reverse() : numbers
}

/**
 * What it writes after one source, without the end.
 * @param {Model} model  @param {number[]} source  @param {Alphabet} alphabet  @param {import('./task.js').Rewriting} how
 * @returns {{ symbols: number[], logProbability: number }[]}
 */
function answers(model, source, alphabet, how) {
  const { start } = marksOf(alphabet)
  const options = opening(model, source, alphabet)
  const whole = (/** @type {Iterable<number>} */ symbols) => Array.from(symbols).filter((symbol) => symbol >= 0 && symbol < start)
  if ('width' in how && how.width > 1) return model.search({ ...options, ...how }).texts.map(({ symbols, logProbability }) => ({ symbols: whole(symbols), logProbability }))
  const { symbols, probabilities } = model.generate({ ...options, ...('width' in how ? { strategy: 'greedy' } : how) })
  return [{ symbols: whole(symbols), logProbability: probabilities.reduce((sum, p, i) => sum + (symbols[i] < 0 ? 0 : Math.log(p)), 0) }]
}

/** @typedef {{ errors: number, symbols: number }} Mistakes  errors: symbols to change, insert or drop; symbols: that are wanted */

/** Of each source, however often it stands there, the target that what is written is nearest to. @param {Batch} batch  @param {readonly Mistakes[]} each  of its rows */
function nearest(batch, each) {
  /** @type {Map<string, Mistakes>} */
  const least = new Map()
  sourcesOf(batch).forEach((row, b) => {
    const before = least.get(String(row))
    if (!before || each[b].errors < before.errors) least.set(String(row), each[b])
  })
  return [...least.values()]
}

/** @param {readonly number[]} source  @param {number} [across]  where it is a picture */
const toldVector = (source, across) => across ? `\n${pictured(source, across)}\n` : source.map((value) => value.toFixed(2)).join(' ')

/**
 * errorRate: errors for each symbol that is wanted; exact: share of targets without any.
 * @param {Model} model  @param {Batch} batch  @param {Alphabet} alphabet
 * @param {boolean} listed  each target of a source is right
 */
function measure(model, batch, alphabet, listed) {
  const said = written(model, batch, alphabet)
  const each = wanted(batch).map((right, b) => ({ errors: distance(right, said[b]), symbols: right.length }))
  const counted = listed ? nearest(batch, each) : each
  const sum = (/** @type {keyof Mistakes} */ name) => counted.reduce((all, one) => all + one[name], 0)
  return { exact: counted.filter(({ errors }) => errors === 0).length / counted.length, errorRate: sum('errors') / sum('symbols') }
}

/** A field of all that is not open. */
export const REVERSED = integer('reversed', 0, 0, 1, 'Read sources backwards, which brings their beginnings near to those of targets.')

/** Where many targets are right: how much a symbol of one of them surprises. @param {Model} model  @param {Batch} batch */
const surprise = (model, batch) => ({ bitsPerSymbol: lossOf(model, batch) / Math.LN2 })

/**
 * A task of pairs. `open`: many targets are right. `told`: how a target is shown. `between` joins symbols to a text.
 * @param {Pick<Task, 'name' | 'label' | 'goal' | 'fields' | 'across' | 'sourceAcross' | 'right' | 'corners'> & { config?: import('./task.js').Config, open?: boolean, told?: (target: string) => string, between?: string, betweenSources?: string }} row
 * @param {Source} source
 * @returns {Task}
 */
export function pairs({ config = {}, fields, open = false, told = (target) => target, between = '', betweenSources = between, ...row }, { size, alphabet: alphabetOf, draw, drawAlike, held, glance, counts }) {
  const alphabet = (/** @type {Values} */ values) => ({ ...alphabetOf(values), size })
  /** @param {readonly string[]} names  @param {readonly number[]} symbols */
  const worded = (names, symbols, joined = between) => symbols.map((symbol) => names[symbol] ?? '⏎').join(joined)
  return {
    ...row, shape: 'sequence-to-sequence', between, betweenSources,
    fields: open || size ? fields : [...fields, REVERSED],
    config(values) {
      const { reads, writes, longestSource, longestTarget } = alphabet(values)
      return {
        vocabulary: writes.length + 2, ...(size ? { sourceSize: size } : { sourceVocabulary: reads.length }), sourceSteps: longestSource, steps: longestTarget + 1, loss: 'cross-entropy', pool: 'each',
        input: 'embedding', inputSize: 24, cell: 'gru', hidden: 64, attention: 'multiplicative', batch: 64, learningRate: 0.005, clip: 'norm', clipAt: 1, ...config,
      }
    },
    sample: (random, count, values) => batchOf(alphabet(values), drawAlike?.(random, count, values) ?? Array.from({ length: count }, () => draw(random, values)), values),
    ...(held && { held: (values) => batchOf(alphabet(values), held(values), values) }),
    ...(glance && { glance: (values) => batchOf(alphabet(values), glance(values), values) }),
    metrics: (model, batch, values) => open ? surprise(model, batch) : measure(model, batch, alphabet(values), held !== undefined),
    examine(text, encoding, values, { sourceSteps, steps }) {
      const own = saved(alphabet(values), encoding)
      const rows = readPairs(text)
      for (const row of rows) checkRow(row, own, Number(sourceSteps), Number(steps) - 1)
      return batchOf(own, rows.map(({ pair }) => pair), values)
    },
    rewrite(model, source, { values, encoding }, how) {
      const own = saved(alphabet(values), encoding)
      return answers(model, sourceOf(own, source, values, model), own, how).map(({ symbols, logProbability }) => ({ text: told(worded(own.writes, symbols)), logProbability }))
    },
    writes: (model, batch, values) => written(model, batch, alphabet(values)),
    opens: (model, batch, values) => opening(model, sourcesOf(batch)[0], alphabet(values)),
    symbols(values) {
      const { reads, writes } = alphabet(values)
      return { ...(!size && { sources: reads }), reads: [...writes, '▸', '⏎'], says: [...writes, '▸', '⏎'] }
    },
    show(model, batch, values) {
      const { reads, writes } = alphabet(values)
      const first = part(batch, 0, 1)
      const [read] = sourcesOf(first)
      const source = size ? toldVector(read, row.sourceAcross) : worded(reads, values.reversed ? read.reverse() : read, betweenSources)
      const [right, said] = [wanted(first), written(model, first, alphabet(values))].map(([symbols]) => told(worded(writes, symbols)))
      return `${source} ${open ? 'may' : 'should'} become ${right}; it writes ${said}`
    },
    ...(counts && { counts }),
  }
}

/** An alphabet as a model was saved with it. @param {Alphabet} alphabet  @param {unknown} encoding */
const saved = (alphabet, encoding) => ({ ...alphabet, .../** @type {Partial<Alphabet> | undefined} */ (encoding) })

/** @typedef {{ line: number, pair: TextPair }} PairRow */

/** @param {string} text of a file with a column of sources and one of targets  @returns {PairRow[]} */
export function readPairs(text) {
  const { header, rows } = readRows(text)
  if (header.length !== 2) throw new RnnError('invalid-text', `the data has the columns ${header.join(', ')}; it needs two, a source and its target`)
  return rows.map(({ line, cells: [source, target] }) => {
    if (!source.trim() || !target.trim()) throw wrongLine(line, `has no ${source.trim() ? 'target' : 'source'}`)
    return { line, pair: [source.trim(), target.trim()] }
  })
}

/** Whether a model can read the source of a row, and write its target. @param {PairRow} row  @param {Alphabet} alphabet  @param {number} longestSource  @param {number} longestTarget */
function checkRow({ line, pair: [source, target] }, { reads, writes, split, splitSource = split }, longestSource, longestTarget) {
  for (const [what, symbols, known, most] of /** @type {const} */ ([['reads', splitSource(source), reads, longestSource], ['writes', split(target), writes, longestTarget]])) {
    const unknown = symbols.find((symbol) => !known.includes(symbol))
    if (unknown !== undefined) throw wrongLine(line, `has "${unknown}", which is nothing that the model ${what}`)
    if (symbols.length > most) throw wrongLine(line, `has ${symbols.length} symbols where the model ${what} at most ${most}`)
  }
}
