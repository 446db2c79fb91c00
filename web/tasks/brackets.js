/**
 * Which brackets of a text are matched? An opening and a closing one of the same kind match when all between them is
 * matched, so that [ and ] in ([)] do not. Whether an opening one is matched is told by what comes later, which only a
 * network that reads in both directions knows.
 */
import { flagsOf, measureFlags, part } from './answers.js'
import { below } from './random.js'
import { integer } from './task.js'

const OPENING = '([{<'
const CLOSING = ')]}>'

/** Symbols are 0, 1, … for the opening ones and then for the closing ones. @param {ArrayLike<number>} symbols  @param {number} kinds */
export function matchedIn(symbols, kinds) {
  const matched = new Uint8Array(symbols.length)
  /** @type {number[]} */
  let open = []
  for (let at = 0; at < symbols.length; at++) {
    const last = symbols[at] < kinds ? undefined : open.pop()
    if (symbols[at] < kinds) open.push(at)
    else if (last !== undefined && symbols[last] === symbols[at] - kinds) matched[last] = matched[at] = 1
    else open = [] // nothing before it can match anything after it
  }
  return matched
}

/**
 * Random brackets, where a closing one closes what is open more often than by chance.
 * @param {import('./random.js').Random} random
 * @param {number} length
 * @param {number} kinds
 */
function draw(random, length, kinds) {
  const symbols = new Int32Array(length)
  /** @type {number[]} */
  const open = []
  for (let t = 0; t < length; t++) {
    const [opens, fits, kind] = [random() < 0.5, random() < 0.8, below(random, kinds)]
    const last = opens ? undefined : open.pop()
    symbols[t] = opens ? kind : kinds + (fits && last !== undefined ? last : kind)
    if (opens) open.push(kind)
  }
  return symbols
}

/** @type {import('./task.js').Task} */
export const brackets = {
  name: 'brackets', label: 'whether each bracket is matched', shape: 'aligned',
  fields: [
    integer('length', 16, 1, 1000, 'Brackets in a sequence.'),
    integer('kinds', 2, 1, 4, 'Kinds of brackets: 1 is for (), 2 for () and [], …'),
  ],
  config: ({ length, kinds }) => ({
    vocabulary: 2 * kinds, outputs: 1, loss: 'binary', pool: 'each', steps: length,
    cell: 'lstm', bidirectional: true, hidden: 32, batch: 32, learningRate: 0.01, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, { length, kinds }) {
    const [inputs, values] = [new Int32Array(count * length), new Float32Array(count * length)]
    for (let b = 0; b < count; b++) {
      const symbols = draw(random, length, kinds)
      inputs.set(symbols, b * length)
      values.set(matchedIn(symbols, kinds), b * length)
    }
    return { batch: count, steps: length, inputs, values, fresh: true }
  },
  metrics: measureFlags,
  symbols: ({ kinds }) => ({ reads: [...OPENING.slice(0, kinds), ...CLOSING.slice(0, kinds)], says: ['−', '+'] }),
  goal: { metric: 'f1', atLeast: 0.97, iterations: 400 },
  show(model, { steps, ...batch }, { kinds }) {
    const letters = OPENING.slice(0, kinds) + CLOSING.slice(0, kinds)
    /** @param {ArrayLike<number>} flags */
    const marks = (flags) => Array.from({ length: steps }, (_, t) => flags[t] ? '+' : '-').join('')
    const text = Array.from({ length: steps }, (_, t) => letters[(batch.inputs ?? [])[t]]).join('')
    return `${text}\n${marks(batch.values ?? [])} (+ matched)\n${marks(flagsOf(model, part({ steps, ...batch }, 0, 1)))} is what it says`
  },
}
