/** Sums of sines, each of a period, phase and amplitude of its own: after every number, which is next? */
import { sine as sin } from './circle.js'
import { after, measureForecast, showForecast } from './forecast.js'
import { between } from './random.js'
import { integer } from './task.js'
import { RnnError } from '../engine/errors.js'

const [SHORTEST, LONGEST] = [8, 32] // steps of a period

/** @type {import('./task.js').Task} */
export const sine = {
  name: 'sine', label: 'the next number of a sum of sines', shape: 'aligned',
  fields: [
    integer('waves', 2, 1, 8, `Sines in a sum, of periods from ${SHORTEST} to ${LONGEST} steps.`),
    integer('length', 60, 2, 2000, 'Steps in a sequence.'),
    integer('lead', 20, 0, 1999, 'Steps that are read before answers count.'),
  ],
  config({ length, lead }) {
    if (lead >= length) throw new RnnError('invalid-config', `lead ${lead} leaves nothing to count of length ${length}`)
    return {
      input: 'vector', inputSize: 1, outputs: 1, loss: 'squared', pool: 'each', steps: length,
      cell: 'lstm', hidden: 32, batch: 32, learningRate: 0.01, clip: 'norm', clipAt: 1,
    }
  },
  sample(random, count, { waves, length, lead }) {
    const [vectors, values] = [new Float32Array(count * length), new Float32Array(count * length)]
    for (let b = 0; b < count; b++) {
      const parts = Array.from({ length: waves }, () => ({ period: between(random, SHORTEST, LONGEST), phase: random(), amplitude: between(random, 0.5, 1) / waves }))
      const series = Array.from({ length: length + 1 }, (_, t) => parts.reduce((sum, { period, phase, amplitude }) => sum + amplitude * sin(t / period + phase), 0))
      vectors.set(series.slice(0, -1), b * length)
      values.set(series.slice(1), b * length)
    }
    return { batch: count, steps: length, vectors, values, mask: after(count, length, lead), fresh: true }
  },
  metrics: measureForecast,
  goal: { metric: 'meanSquaredError', atMost: 0.001, iterations: 200 },
  show: (model, batch) => showForecast(model, batch, 1),
  goOn(random, length, values) {
    const { vectors = [] } = sine.sample(random, 1, { ...values, length: values.length + length })
    const rows = Array.from(vectors, (number) => [number])
    return { known: rows.slice(0, values.length), truth: rows.slice(values.length), horizon: 1, columns: [{ mean: 0, deviation: 1 }] }
  },
}
