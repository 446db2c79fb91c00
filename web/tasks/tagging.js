/**
 * Which words of a sentence are first names? Words are read without capitals, which would tell, and many names are words of other
 * kinds as well: in "rose met a friend" it is one, in "rose bushes grow in town" it is none, as only what follows tells. Patterns of
 * sentences and names are split, and those that are held out are put together of nothing that is learned from. A word that is in
 * few patterns is read as its last letter.
 */
import { RnnError } from '../engine/errors.js'
import { measureFlags, outputsOf, part } from './answers.js'
import { LISTS } from './name-lists.js'
import { below, randomFrom, shuffled } from './random.js'
import { DOES, NAMING, OPENERS, ORDINARY, PHRASES } from './sentences.js'
import { integer, real } from './task.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./task.js').Batch} Batch */
/** @typedef {import('./task.js').Values} Values */
/** @typedef {{ words: readonly string[], flags: readonly number[] }} Sentence */
/** Patterns of two kinds, and names that are nothing else. @typedef {{ naming: readonly string[], ordinary: readonly string[], names: readonly string[] }} Parts */

/** How many words of a sentence are read at most, and how many sentences are held out. */
const [LONGEST, HELD] = [24, 1000]

/** Words, numbers, and other marks one by one. @param {string} text @returns {string[]} */
const wordsOf = (text) => text.match(/[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\p{N}+|\S/gu) ?? []

const plain = (/** @type {string} */ word) => word.toLowerCase()

/* --- Patterns and sentences ---------------------------------------------- */

/** Names that are other words too. */
const AMBIGUOUS = [...new Set(ORDINARY.flatMap(({ words }) => words))]

/** Of them, those that have a capital wherever they stand. */
const PROPER = ['May', 'June', 'April', 'Florence', 'Georgia', 'Virginia', 'Jordan', 'Dallas', 'Austin', 'Carolina']

/** All that can be done in place of {does}. @param {string} pattern */
const expanded = (pattern) => pattern.includes('{does}') ? DOES.map((does) => pattern.replace('{does}', does)) : [pattern]

/** A word in place of ~. @param {string} pattern @param {string} word */
const filled = (pattern, word) => pattern.replace('~', pattern.startsWith('~') || PROPER.includes(word) ? word : plain(word))

const WITH_NAMES = NAMING.flatMap(expanded)
const WITHOUT = ORDINARY.flatMap(({ words, patterns }) => words.flatMap((word) => patterns.map((pattern) => filled(pattern, word))))

/** @template T @param {Random} random @param {readonly T[]} list */
const oneOf = (random, list) => list[below(random, list.length)]

/** @param {string} text */
const uncapitalised = (text) => PROPER.some((word) => text.startsWith(`${word} `)) ? text : text[0].toLowerCase() + text.slice(1)

/** A pattern with its phrases, but with no names yet. @param {Random} random @param {string} pattern */
function phrased(random, pattern) {
  const text = pattern.replace(/\{(\w+)\}/g, (_, kind) => oneOf(random, PHRASES[kind]))
  return text.endsWith('.') && random() < 0.3 ? `${oneOf(random, OPENERS)} ${uncapitalised(text)}` : text[0].toUpperCase() + text.slice(1)
}

/** Half of all sentences are of patterns with a word that could be a name and is none; half of all names could be other words. @param {Random} random @param {Parts} parts @returns {Sentence} */
function draw(random, { naming, ordinary, names }) {
  const pieces = phrased(random, oneOf(random, random() < 0.5 ? naming : ordinary)).split('@').map(wordsOf)
  /** @type {{ words: string[], flags: number[] }} */
  const sentence = { words: [], flags: [] }
  pieces.forEach((words, i) => {
    if (i > 0) sentence.words.push(oneOf(random, random() < 0.5 ? AMBIGUOUS : names))
    if (i > 0) sentence.flags.push(1)
    sentence.words.push(...words)
    sentence.flags.push(...words.map(() => 0))
  })
  return sentence
}

/* --- Words as numbers ---------------------------------------------------- */

/** A word that is not known is read as its last letter, or as any other. */
const ENDINGS = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `…${letter}`)
const OTHER = '\uFFFD'

/** All words that a pattern may have beside names, each once. @param {string} pattern */
function vocabularyOf(pattern) {
  const phrases = [...pattern.matchAll(/\{(\w+)\}/g)].flatMap(([, kind]) => PHRASES[kind])
  return new Set([pattern.replace(/\{\w+\}|@/g, ' '), ...phrases].flatMap(wordsOf).map(plain))
}

/** Words in enough patterns, the most frequent first, after those that always count. @param {readonly string[]} patterns @param {number} least */
function knownOf(patterns, least) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const word of patterns.flatMap((pattern) => [...vocabularyOf(pattern)])) counts.set(word, (counts.get(word) ?? 0) + 1)
  const frequent = [...counts].filter(([, count]) => count >= least).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([word]) => word)
  return [...new Set([...AMBIGUOUS, ...OPENERS.flatMap(wordsOf)].map(plain).concat(frequent))]
}

/** @param {readonly string[]} known */
function encoderOf(known) {
  const numbers = new Map([OTHER, ...ENDINGS, ...known].map((word, i) => [word, i]))
  return (/** @type {string} */ word) => numbers.get(plain(word)) ?? numbers.get(`…${plain(word).at(-1)}`) ?? 0
}

/* --- The task ------------------------------------------------------------ */

/** A list in two, the first of which is held out. @template T @param {Random} random @param {readonly T[]} list @param {number} share @returns {[held: T[], training: T[]]} */
function divided(random, list, share) {
  const [all, count] = [shuffled(random, list), Math.round(share * list.length)]
  return [all.slice(0, count), all.slice(count)]
}

/** Names that no pattern has as another word. */
function names() {
  const words = new Set([...WITH_NAMES, ...WITHOUT].flatMap((pattern) => [...vocabularyOf(pattern)]))
  return [...new Set(Object.values(LISTS).flat())].filter((name) => !words.has(plain(name)))
}

/** @param {Values} values */
function prepare({ share, split, least }) {
  const random = randomFrom(split)
  const parts = [WITH_NAMES, WITHOUT, names()].map((list) => divided(random, list, share))
  const [held, training] = [0, 1].map((which) => ({ naming: parts[0][which], ordinary: parts[1][which], names: parts[2][which] }))
  const known = knownOf([...training.naming, ...training.ordinary], least)
  const sentences = Array.from({ length: HELD }, () => draw(random, held))
  const encode = encoderOf(known)
  const unknownWords = sentences.flatMap(({ words }) => words.map(encode)).filter((symbol) => symbol <= ENDINGS.length).length
  const count = (/** @type {Parts} */ { naming, ordinary }) => naming.length + ordinary.length
  return {
    training, known, encode, sentences,
    counts: { patterns: count(training), names: training.names.length, words: known.length, patternsHeldOut: count(held), namesHeldOut: held.names.length, unknownWords },
  }
}

/** The last preparation, since all questions are about one. @type {{ key: string, prepared: ReturnType<typeof prepare> } | undefined} */
let last
/** @param {Values} values */
function prepared(values) {
  const key = JSON.stringify(values)
  if (last?.key !== key) last = { key, prepared: prepare(values) }
  return last.prepared
}

/** @param {(word: string) => number} encode @param {readonly Sentence[]} sentences @param {number} steps @returns {Batch} */
function batchOf(encode, sentences, steps) {
  const batch = sentences.length
  const [inputs, values, mask] = [new Int32Array(batch * steps), new Float32Array(batch * steps), new Uint8Array(batch * steps)]
  sentences.forEach(({ words, flags }, b) => {
    inputs.set(words.map(encode), b * steps)
    values.set(flags, b * steps)
    mask.fill(1, b * steps, b * steps + words.length)
  })
  return { batch, steps, inputs, values, mask, lengths: sentences.map(({ words }) => words.length), fresh: true }
}

/** As a model was saved with it. @param {unknown} encoding */
function encoderFrom(encoding) {
  const { words } = /** @type {{ words?: unknown }} */ (encoding ?? {})
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) throw new RnnError('bad-checkpoint', 'what the model says of its words cannot be read')
  return encoderOf(words)
}

/** @type {import('./task.js').Task} */
export const tagging = {
  name: 'tagging', label: 'which words of a sentence are names', shape: 'aligned', between: ' ',
  fields: [
    real('share', 0.2, 0.01, 0.9, 'Share of the patterns of sentences, and of the names, that is held out.'),
    integer('split', 1, 0, 4294967295, 'Seed of the choice which are held out.'),
    integer('least', 2, 1, 20, 'Patterns that a word is in to be known; others are read as their last character.'),
  ],
  config: (values) => ({
    vocabulary: 1 + ENDINGS.length + prepared(values).known.length, outputs: 1, loss: 'binary', pool: 'each', steps: LONGEST,
    input: 'embedding', inputSize: 32, cell: 'lstm', bidirectional: true, hidden: 32, batch: 32, learningRate: 0.005, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, values) {
    const { training, encode } = prepared(values)
    return batchOf(encode, Array.from({ length: count }, () => draw(random, training)), LONGEST)
  },
  held(values) {
    const { encode, sentences } = prepared(values)
    return batchOf(encode, sentences, Math.max(...sentences.map(({ words }) => words.length)))
  },
  metrics: measureFlags,
  goal: { metric: 'f1', atLeast: 0.93, iterations: 300 },
  show(model, batch, values) {
    const [{ words, flags }] = prepared(values).sentences
    const shares = outputsOf(model, part(batch, 0, 1), 'p')
    return `${words.map((word, t) => `${word} ${Math.round(100 * shares[t])}`).join(', ')} (per cent that it is a name; names are ${words.filter((_, t) => flags[t]).join(', ') || 'none'})`
  },
  symbols: (values) => ({ reads: [OTHER, ...ENDINGS, ...prepared(values).known], says: ['−', '+'] }),
  counts: (values) => prepared(values).counts,
  encoding: (values) => ({ words: prepared(values).known }),
  spelled: (values) => prepared(values).sentences.map(({ words }) => words),
  read(text, encoding) {
    const words = wordsOf(text)
    if (!words.length || words.length > LONGEST) throw new RnnError('invalid-text', `a sentence of ${words.length} words is outside 1 … ${LONGEST}`)
    return { weighed: words, batch: batchOf(encoderFrom(encoding), [{ words, flags: words.map(() => 0) }], words.length) }
  },
}
