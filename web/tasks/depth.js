/**
 * How deep is a text of brackets nested after each of them? All are matched (Dyck words), so that a network has to count. Whether it has learned to, and
 * not just to tell the sequences of one length, longer ones say that it never learns from.
 */
import { classesOf, measureClasses, part } from './answers.js'
import { below, randomFrom } from './random.js'
import { integer } from './task.js'

const OPENING = '([{<'
const CLOSING = ')]}>'

/** Longer sequences that are measured. */
const LONGER = 64

/** Symbols are 0, 1, … for the opening ones and then for the closing ones. @param {import('./random.js').Random} random  @param {number} length  @param {import('./task.js').Values} values */
function draw(random, length, { kinds, deepest }) {
  const [symbols, depths] = [new Int32Array(length), new Int32Array(length)]
  /** @type {number[]} */
  const open = []
  for (let t = 0; t < length; t++) {
    const opens = open.length === 0 || (open.length < deepest && open.length < length - t && random() < 0.5)
    if (opens) open.push(symbols[t] = below(random, kinds))
    else symbols[t] = kinds + Number(open.pop())
    depths[t] = open.length
  }
  return { symbols, depths }
}

/** @param {import('./random.js').Random} random  @param {number} count  @param {number} length  @param {import('./task.js').Values} values */
function sequences(random, count, length, values) {
  const [inputs, targets] = [new Int32Array(count * length), new Int32Array(count * length)]
  for (let b = 0; b < count; b++) {
    const { symbols, depths } = draw(random, length, values)
    inputs.set(symbols, b * length)
    targets.set(depths, b * length)
  }
  return { batch: count, steps: length, inputs, targets, fresh: true }
}

/** @type {import('./task.js').Task} */
export const depth = {
  name: 'depth', label: 'how deep brackets are nested', shape: 'aligned',
  fields: [
    integer('pairs', 10, 1, 250, 'Pairs of brackets in a sequence.'),
    integer('deepest', 5, 1, 9, 'How deep they are nested at most.'),
    integer('kinds', 2, 1, 4, 'Kinds of brackets: 1 is for (), 2 for () and [], …'),
    integer('stretch', 4, 1, 10, 'How many times as long the longer sequences are, of which none is learned from.'),
  ],
  config: ({ pairs, deepest, kinds, stretch }) => ({
    vocabulary: 2 * kinds, outputs: deepest + 1, loss: 'cross-entropy', pool: 'each', steps: stretch * 2 * pairs,
    cell: 'lstm', hidden: 16, batch: 32, learningRate: 0.01, clip: 'norm', clipAt: 1,
  }),
  sample: (random, count, values) => sequences(random, count, 2 * values.pairs, values),
  metrics(model, batch, values) {
    const { accuracy: longer } = measureClasses(model, sequences(randomFrom(1), LONGER, values.stretch * 2 * values.pairs, values))
    return { ...measureClasses(model, batch), longer }
  },
  symbols: ({ kinds, deepest }) => ({ reads: [...OPENING.slice(0, kinds), ...CLOSING.slice(0, kinds)], says: Array.from({ length: deepest + 1 }, (_, deep) => String(deep)) }),
  goal: { metric: 'accuracy', atLeast: 0.98, iterations: 400 },
  show(model, batch, { kinds }) {
    const { inputs = [], targets = [], ...first } = part(batch, 0, 1)
    const letters = OPENING.slice(0, kinds) + CLOSING.slice(0, kinds)
    return `${Array.from(inputs, (symbol) => letters[symbol]).join('')}\n${Array.from(targets).join('')} deep after each\n${classesOf(model, { ...first, inputs, targets }).join('')} is what it says`
  },
}
