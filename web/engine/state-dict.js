/**
 * Weights alone, as the state_dict of a torch.nn model with the members `embedding`, `rnn`, `head` and `output` holds
 * them: to a configuration and a model, and back.
 */
import { unreadable } from './tensors.js'

/** @typedef {import('./fields.js').Config} Config */
/** @typedef {import('./model.js').Model} Model */
/** @typedef {ReadonlyMap<string, import('./tensors.js').Weights>} Tensors */

/** torch.nn's, by their gates. @type {Readonly<Record<number, string>>} */
const CELLS = { 1: 'vanilla', 3: 'gru', 4: 'lstm' }

/** Gates of cells without recurrent weights, which must be named. @type {Readonly<Record<string, number>>} */
const GATES = { mingru: 2, minlstm: 3 }

/** @param {readonly number[]} shape */
const sizes = (shape) => `(${shape.join(' × ')})`

/**
 * With other beginnings of names: { 'encoder.': 'embedding.' }.
 * @param {Tensors} tensors
 * @param {Readonly<Record<string, string>>} prefixes
 * @returns {Tensors}
 */
export function renameTensors(tensors, prefixes) {
  /** @type {Map<string, import('./tensors.js').Weights>} */
  const renamed = new Map()
  for (const [name, tensor] of tensors) {
    const prefix = Object.keys(prefixes).find((prefix) => name.startsWith(prefix))
    const to = prefix === undefined ? name : prefixes[prefix] + name.slice(prefix.length)
    if (renamed.has(to)) throw unreadable(`two tensors would be named ${to}`)
    renamed.set(to, tensor)
  }
  return renamed
}

/** Rows and columns of a matrix. @param {Tensors} tensors  @param {string} name */
function matrix(tensors, name) {
  const tensor = tensors.get(name)
  if (!tensor) throw unreadable(`${name} is missing; there are ${[...tensors.keys()].join(', ')}`)
  if (tensor.shape.length !== 2 || !tensor.data.length) throw unreadable(`${name} ${sizes(tensor.shape)} is not a matrix`)
  return tensor.shape
}

/** How many there are, counted from 0. @param {Tensors} tensors  @param {(index: number) => string} name */
function count(tensors, name) {
  let index = 0
  while (tensors.has(name(index))) index++
  return index
}

/** @param {Tensors} tensors */
function isTied(tensors) {
  const [input, output] = ['embedding.weight', 'output.weight'].map((name) => tensors.get(name))
  if (!input || !output) return Boolean(input)
  return String(input.shape) === String(output.shape) && input.data.every((number, i) => Object.is(number, output.data[i]))
}

/** @param {Tensors} tensors  @param {Config} asked  @returns {Config} */
function readCell(tensors, { cell: asked }) {
  const gates = GATES[String(asked)]
  if (gates) return { hidden: matrix(tensors, 'rnn.weight_ih_l0')[0] / gates }
  const [rows, hidden] = matrix(tensors, 'rnn.weight_hh_l0')
  const cell = asked ?? CELLS[rows / hidden]
  if (cell === undefined) throw unreadable(`rnn.weight_hh_l0 ${sizes([rows, hidden])} is of no known cell: name its cell`)
  const [peephole, layerNorm] = ['rnn.weight_peephole_l0', 'rnn.norm_ih_l0.weight'].map((name) => tensors.has(name))
  return { cell, hidden, ...(peephole && { peephole }), ...(layerNorm && { layerNorm }) }
}

/** @param {Tensors} tensors  @param {Config} asked  @returns {Config} */
function readInput(tensors, asked) {
  if (tensors.has('embedding.weight')) {
    const [vocabulary, inputSize] = matrix(tensors, 'embedding.weight')
    return { input: 'embedding', vocabulary, inputSize }
  }
  const [, columns] = matrix(tensors, 'rnn.weight_ih_l0')
  return asked.input === 'vector' ? { input: 'vector', inputSize: columns } : { input: 'one-hot', vocabulary: columns }
}

/**
 * What names and shapes tell, and for all else what is asked.
 * @param {Tensors} tensors
 * @param {Config} asked
 * @returns {Config}
 */
export function inferConfig(tensors, asked) {
  const input = readInput(tensors, asked)
  const tie = asked.tie ?? isTied(tensors)
  const outputs = matrix(tensors, tie ? 'embedding.weight' : 'output.weight')[0]
  const headLayers = count(tensors, (m) => `head.${m}.weight`)
  const usual = outputs === (input.vocabulary ?? asked.vocabulary)
  /** @type {Config} */
  const found = {
    ...readCell(tensors, asked), ...input, tie, headLayers,
    layers: count(tensors, (l) => `rnn.weight_ih_l${l}`),
    bidirectional: tensors.has('rnn.weight_ih_l0_reverse'),
    outputs: usual ? asked.outputs ?? 0 : outputs,
    ...(headLayers ? { headSize: matrix(tensors, 'head.0.weight')[0] } : {}),
  }
  for (const [name, value] of Object.entries(found)) {
    if (asked[name] !== undefined && asked[name] !== value) throw unreadable(`its ${name} is ${value}, not ${asked[name]}`)
  }
  return { ...asked, ...found }
}

/** Sets every parameter; the names and shapes must be the model's. @param {Model} model  @param {Tensors} tensors */
export function setWeights(model, tensors) {
  const left = new Map(tensors)
  if (model.config.tie && left.has('output.weight')) {
    if (!isTied(tensors)) throw unreadable('output.weight is not embedding.weight, so the two are not tied')
    left.delete('output.weight')
  }
  for (const { name, shape } of model.parameters) {
    const tensor = left.get(name)
    if (!tensor) throw unreadable(`${name} ${sizes(shape)} is missing`)
    if (String(tensor.shape) !== String(shape)) throw unreadable(`${name} is ${sizes(tensor.shape)}, the model's ${sizes(shape)}`)
    if (!tensor.data.every(Number.isFinite)) throw unreadable(`${name} holds ${tensor.data.find((number) => !Number.isFinite(number))}`)
    model.setParameter(name, tensor.data)
    left.delete(name)
  }
  for (const [name, { shape }] of left) throw unreadable(`${name} ${sizes(shape)} is no tensor of this model`)
}

/** All weights in PyTorch's order, tied ones under both names. @param {Model} model */
export function getWeights(model) {
  return model.parameters.flatMap(({ name, shape }) => {
    const own = { name, shape, data: model.getParameter(name) }
    if (name !== 'output.bias' || !model.config.tie) return [own]
    const { shape: tied } = /** @type {{ shape: readonly number[] }} */ (model.parameters.find(({ name }) => name === 'embedding.weight'))
    return [{ name: 'output.weight', shape: tied, data: model.getParameter('embedding.weight') }, own]
  })
}
