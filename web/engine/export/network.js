/** What the exporters know of a network; what they do not know, they refuse. */
import { RnnError } from '../errors.js'

/** @typedef {import('../model.js').Model} Model */
/** @typedef {import('../fields.js').Config} Config */

/** Fields of networks that tell how it learns, not what it computes. */
const LEARNING = ['freezeEmbedding', 'dropout', 'dropoutMask', 'forgetBias', 'initialization', 'initialDeviation', 'spectralRadius', 'labelSmoothing']

/** Sizes and flags that every exporter follows. */
const FOLLOWED = ['inputSize', 'hidden', 'layers', 'bidirectional', 'skip', 'residual', 'peephole', 'headLayers', 'headSize', 'tie', 'outputs']

/** Choices that every exporter knows; of cells, each tells its own. @type {Readonly<Record<string, readonly string[]>>} */
const CHOICES = {
  input: ['one-hot', 'embedding', 'vector'], activation: ['tanh', 'relu', 'sigmoid', 'identity'], candidate: ['tanh', 'sigmoid'],
  reset: ['after', 'before'], pool: ['each', 'last', 'mean', 'max'], loss: ['cross-entropy', 'binary', 'squared'],
}

/** Gates of each cell, in PyTorch's order where it has the cell. */
const GATES = { vanilla: 1, lstm: 4, gru: 3, mingru: 2, minlstm: 3 }

/** @typedef {keyof typeof GATES} Cell */

/**
 * A network in the words of all exporters.
 * @template {Cell} C
 * @param {Model} model
 * @param {string} format
 * @param {readonly C[]} cells that the format has
 * @throws {RnnError} unsupported, for what the format would lose
 */
export function describe(model, format, cells) {
  const { config, fields } = model
  if (Number(config.sourceSteps)) throw new RnnError('unsupported', `a network with an encoder cannot be written as ${format}`)
  for (const field of fields) {
    const { name, group } = field
    const value = config[name]
    if ((group !== 'network' && group !== 'output') || LEARNING.includes(name) || FOLLOWED.includes(name)) continue
    if (name === 'cell' ? cells.includes(/** @type {C} */ (value)) : CHOICES[name]?.includes(String(value)) || value === field.default) continue
    throw new RnnError('unsupported', `a network with ${name} ${value} cannot be written as ${format}`)
  }
  const [vocabulary, hidden, layers] = [Number(config.vocabulary), Number(config.hidden), Number(config.layers)]
  const inputSize = config.input === 'one-hot' ? vocabulary : Number(config.inputSize)
  const directions = config.bidirectional ? 2 : 1
  const width = directions * hidden
  const headLayers = Number(config.headLayers)
  return {
    vocabulary, hidden, layers, inputSize, directions, width, headLayers,
    headSize: Number(config.headSize),
    outputs: Number(config.outputs) || vocabulary,
    suffixes: ['', '_reverse'].slice(0, directions),
    cell: /** @type {C} */ (config.cell),
    gates: GATES[/** @type {C} */ (config.cell)],
    /** For each layer, whether what it reads is added to what it says. */
    adds: Array.from({ length: layers }, (_, l) => Boolean(config.residual) && (l > 0 || (config.input !== 'one-hot' && inputSize === width))),
    config,
  }
}
