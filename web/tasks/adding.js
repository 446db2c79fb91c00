/** The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le et al. 2015): two marked numbers of many, and their sum at the end. */
import { measureNumbers, outputsOf } from './answers.js'
import { below } from './random.js'
import { integer } from './task.js'

/** @type {import('./task.js').Task} */
export const adding = {
  name: 'adding', label: 'the sum of two marked numbers of many', shape: 'many-to-one',
  fields: [integer('length', 40, 2, 2000, 'Numbers in a sequence; one in each half is marked.')],
  config: ({ length }) => ({
    input: 'vector', inputSize: 2, outputs: 1, loss: 'squared', pool: 'last', steps: length,
    cell: 'gru', hidden: 32, batch: 32, learningRate: 0.005, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, { length }) {
    const [vectors, values] = [new Float32Array(count * length * 2), new Float32Array(count)]
    const half = length >> 1
    for (let b = 0; b < count; b++) {
      const marked = [below(random, half), half + below(random, length - half)]
      for (let t = 0; t < length; t++) vectors.set([random(), Number(marked.includes(t))], 2 * (b * length + t))
      values[b] = marked.reduce((sum, t) => sum + vectors[2 * (b * length + t)], 0)
    }
    return { batch: count, steps: length, vectors, values, fresh: true }
  },
  metrics: (model, batch) => measureNumbers(model, batch),
  goal: { metric: 'meanSquaredError', atMost: 0.01, iterations: 600 },
  show(model, batch) {
    const { vectors = [], values = [], steps } = batch
    const terms = Array.from({ length: steps }, (_, t) => t).filter((t) => vectors[2 * t + 1]).map((t) => vectors[2 * t].toFixed(3))
    return `${terms.join(' + ')} = ${values[0].toFixed(3)}, and it says ${outputsOf(model, batch)[0].toFixed(3)}`
  },
}
