/** The copy problem (Hochreiter and Schmidhuber 1997, in the form of Arjovsky et al. 2016): symbols, a delay, a signal, and the symbols again. */
import { classesOf, measureClasses, part } from './answers.js'
import { below } from './random.js'
import { integer } from './task.js'

/** The symbols to remember come first, then: */
const BLANK = 0
const SIGNAL = 1

/** @param {number} symbol */
const letter = (symbol) => String.fromCodePoint(97 + symbol)

/** @type {import('./task.js').Task} */
export const copy = {
  name: 'copy', label: 'symbols to be said again after a delay', shape: 'delayed',
  fields: [
    integer('length', 6, 1, 100, 'Symbols to remember.'),
    integer('symbols', 8, 2, 26, 'Different symbols.'),
    integer('delay', 10, 1, 2000, 'Steps between the last symbol and the first answer.'),
  ],
  config: ({ length, symbols, delay }) => ({
    vocabulary: symbols + 2, outputs: symbols, loss: 'cross-entropy', pool: 'each', steps: 2 * length + delay,
    cell: 'lstm', hidden: 64, batch: 32, learningRate: 0.01, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, { length, symbols, delay }) {
    const steps = 2 * length + delay
    const [inputs, targets] = [new Int32Array(count * steps).fill(BLANK), new Int32Array(count * steps).fill(-1)]
    for (let b = 0; b < count; b++) {
      for (let i = 0; i < length; i++) {
        const symbol = below(random, symbols)
        inputs[b * steps + i] = symbol + 2
        targets[b * steps + length + delay + i] = symbol
      }
      inputs[b * steps + length + delay - 1] = SIGNAL
    }
    return { batch: count, steps, inputs, targets, fresh: true }
  },
  metrics: measureClasses,
  symbols({ symbols }) {
    const letters = Array.from({ length: symbols }, (_, symbol) => letter(symbol))
    return { reads: [' ', '?', ...letters], says: letters }
  },
  goal: { metric: 'accuracy', atLeast: 0.95, iterations: 1500 },
  show(model, batch, { length, delay }) {
    const symbols = Array.from(batch.inputs ?? []).slice(0, length).map((symbol) => letter(symbol - 2)).join('')
    const answer = classesOf(model, part(batch, 0, 1)).slice(length + delay).map(letter).join('')
    return `${symbols}, and ${delay} steps later it says ${answer}`
  },
}
