/** Networks to be written in other formats: every cell that those have, and every way to compose them. */
import { CELLS, engine, numbers } from './helpers.js'

/** @typedef {import('./helpers.js').Config} Config */
/** @typedef {import('./helpers.js').Batch} Batch */
/** @typedef {import('./helpers.js').Model} Model */

const SIZE = { vocabulary: 7, hidden: 5, batch: 3, steps: 17, learningRate: 0 }

/** @type {readonly { name: string, config: Config }[]} */
const ALL = [
  ...CELLS.flatMap(({ name, config }) => [
    { name, config: { ...config, layers: 2 } },
    { name: `${name}, bidirectional`, config: { ...config, layers: 2, bidirectional: true } },
  ]),
  { name: 'lstm with an embedding', config: { cell: 'lstm', input: 'embedding', inputSize: 4, layers: 3 } },
  { name: 'gru with a tied embedding', config: { cell: 'gru', input: 'embedding', inputSize: 5, tie: true } },
  { name: 'lstm that reads vectors and tells numbers', config: { cell: 'lstm', input: 'vector', inputSize: 6, outputs: 2, loss: 'squared' } },
  { name: 'gru that tells labels at the end', config: { cell: 'gru', outputs: 4, loss: 'binary', pool: 'last' } },
  { name: 'residual layers, which torch.nn lacks', config: { cell: 'lstm', input: 'embedding', inputSize: 5, layers: 3, residual: true } },
  { name: 'residual layers in both directions', config: { cell: 'gru', layers: 2, bidirectional: true, residual: true, pool: 'last' } },
  { name: 'residual layers in both directions, around the first as well', config: { cell: 'lstm', input: 'embedding', inputSize: 10, layers: 2, bidirectional: true, residual: true, pool: 'last' } },
  { name: 'the last states of two directions, and a deeper head', config: { cell: 'lstm', layers: 2, bidirectional: true, pool: 'last', headLayers: 2, headSize: 9, outputs: 3 } },
  { name: 'the mean over time', config: { cell: 'vanilla', activation: 'relu', pool: 'mean', outputs: 3, headLayers: 1, headSize: 4 } },
  { name: 'the maximum over time', config: { cell: 'gru', bidirectional: true, pool: 'max', outputs: 3 } },
  ...[{ cell: 'vanilla', activation: 'relu' }, { cell: 'lstm', peephole: true, candidate: 'sigmoid' }, { cell: 'gru', reset: 'after' }, { cell: 'gru', reset: 'before' }, { cell: 'mingru' }, { cell: 'minlstm' }]
    .map((config, i) => ({ name: `${config.cell} with a skip, ${i}`, config: { ...config, skip: 2 + i % 3, layers: 2 } })),
  { name: 'lstm with a skip, both directions, residual', config: { cell: 'lstm', skip: 3, layers: 2, bidirectional: true, residual: true } },
  { name: 'smoothed labels', config: { cell: 'lstm', labelSmoothing: 0.1, hidden: 16 } },
]

export const NETWORKS = ALL.map(({ name, config }) => ({ name, config: /** @type {Config} */ ({ ...SIZE, ...config }) }))

/** Its weights far from their first values. @param {Config} config @returns {Model} */
export function makeNetwork(config) {
  const model = engine.createModel(config)
  const next = numbers(11)
  for (const { name } of model.parameters) model.setParameter(name, model.getParameter(name).map(() => next() * 0.75))
  return model
}

/** A model with a field that no exporter knows, which is not at its default. @param {Model} model @returns {Model} */
export const withUnknown = (model) => Object.create(model, {
  config: { value: { ...model.config, whatever: true } },
  fields: { value: [...model.fields, { ...model.fields[0], name: 'whatever', group: 'network', default: false }] },
})

/** @param {Config} config of a model  @param {number} batch  @param {number} steps  @param {number} seed @returns {Batch} */
export function batchFor(config, batch, steps, seed) {
  const next = numbers(seed)
  const [vocabulary, outputs] = [Number(config.vocabulary), Number(config.outputs) || Number(config.vocabulary)]
  const rows = config.pool === 'each' ? batch * steps : batch
  /** @param {number} below */
  const symbol = (below) => Math.floor((next() + 1) / 2 * below)
  return {
    batch, steps, inputs: Array.from({ length: batch * steps }, () => symbol(vocabulary)),
    targets: Array.from({ length: rows }, (_, i) => i % 5 === 3 ? -1 : symbol(outputs)),
    ...(config.input === 'vector' && { vectors: Array.from({ length: batch * steps * Number(config.inputSize) }, () => Math.fround(next())) }),
    ...(config.loss === 'squared' && { values: Array.from({ length: rows * outputs }, () => Math.fround(next())) }),
    ...(config.loss === 'binary' && { values: Array.from({ length: rows * outputs }, () => symbol(2)) }),
  }
}
