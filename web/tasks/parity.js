/** Whether an odd number of some bits, read a while ago, was 1: the exclusive or over time, which no single bit hints at. */
import { RnnError } from '../engine/errors.js'
import { flagsOf, measureFlags, part } from './answers.js'
import { after } from './forecast.js'
import { below } from './random.js'
import { integer } from './task.js'

/** @type {import('./task.js').Task} */
export const parity = {
  name: 'parity', label: 'the parity of bits that were read a while ago', shape: 'delayed',
  fields: [
    integer('length', 30, 2, 2000, 'Bits in a sequence.'),
    integer('window', 2, 1, 100, 'Bits whose parity is asked.'),
    integer('lag', 5, 0, 1000, 'Steps between the last of these and the answer.'),
  ],
  config({ length, window, lag }) {
    if (lag + window > length) throw new RnnError('invalid-config', `lag ${lag} and window ${window} leave nothing to count of length ${length}`)
    return {
      vocabulary: 2, outputs: 1, loss: 'binary', pool: 'each', steps: length,
      cell: 'lstm', hidden: 32, batch: 32, learningRate: 0.01, clip: 'norm', clipAt: 1,
    }
  },
  sample(random, count, { length, window, lag }) {
    const [inputs, values] = [new Int32Array(count * length), new Float32Array(count * length)]
    for (let b = 0; b < count; b++) {
      for (let t = 0; t < length; t++) {
        inputs[b * length + t] = below(random, 2)
        for (let back = lag; back < lag + window && back <= t; back++) values[b * length + t] += inputs[b * length + t - back]
        values[b * length + t] %= 2
      }
    }
    return { batch: count, steps: length, inputs, values, mask: after(count, length, lag + window - 1), fresh: true }
  },
  metrics: measureFlags,
  symbols: () => ({ reads: ['0', '1'], says: ['0', '1'] }),
  goal: { metric: 'accuracy', atLeast: 0.99, iterations: 400 },
  show(model, { steps, ...batch }, { window, lag }) {
    const first = lag + window - 1
    /** @param {ArrayLike<number>} flags  @param {number} from */
    const bits = (flags, from) => ' '.repeat(from) + Array.from({ length: steps - from }, (_, t) => flags[from + t]).join('')
    return `${bits(batch.inputs ?? [], 0)}\n${bits(batch.values ?? [], first)} is the parity\n${bits(flagsOf(model, part({ steps, ...batch }, 0, 1)), first)} is what it says`
  },
}
