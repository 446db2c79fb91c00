/**
 * brain.js, by its own training step: one sequence, then RMSProp with clipping by value. It begins and ends each
 * sequence with a token, which is symbol 0 here, so windows lose nothing; its input matrix is an embedding, which
 * begins as the identity. Its vanilla cell is relu, its GRU resets before the product, and its LSTM carries
 * f∘h where others have f∘c: losses are compared with ours under these options, the LSTM's of a first step alone.
 */
import { LEARNING_RATE, textOf } from '../configurations.js'

/** @typedef {{ weights: Float32Array }} Matrix */
/** @typedef {{ predictTargetIndex: (source: number, target: number) => number }} Equation */
/**
 * What is used of a network of brain.js.
 * @typedef {object} Net
 * @property {() => void} initialize
 * @property {() => void} bindEquation
 * @property {(input: number[], tell: boolean) => number} trainPattern
 * @property {(options: object) => void} updateTrainingOptions
 * @property {(input: number[], sample: boolean, temperature: number) => number[]} run
 * @property {{ input: Matrix, hiddenLayers: Record<string, Matrix>[], output: Matrix, outputConnector: Matrix, equations: Equation[] }} model
 */

/** Its names for what belongs to each gate, in PyTorch's order: input, state, bias. @type {Record<string, string[][]>} */
const NAMES = {
  vanilla: [['weight', 'transition', 'bias']],
  lstm: [['inputMatrix', 'inputHidden', 'inputBias'], ['forgetMatrix', 'forgetHidden', 'forgetBias'],
    ['cellActivationMatrix', 'cellActivationHidden', 'cellActivationBias'], ['outputMatrix', 'outputHidden', 'outputBias']],
  gru: ['reset', 'update', 'cellWrite'].map((gate) => {
    const name = gate === 'cellWrite' ? gate : `${gate}Gate`
    return [`${name}InputMatrix`, `${name}HiddenMatrix`, `${name}Bias`]
  }),
}

/** @type {Readonly<Record<string, string>>} */
const KINDS = { vanilla: 'RNN', lstm: 'LSTM', gru: 'GRU' }

/** Nothing to translate: symbols are numbers already. */
const FORMATTER = { characters: [], specialIndexes: [], formatDataIn: (/** @type {number[]} */ x) => x, formatDataOut: (/** @type {number[]} */ _, /** @type {number[]} */ x) => x }

/** @param {import('../answer.js').Opening} opening @param {Record<string, new (options: object) => Net>} recurrent */
function makeNet({ configuration: { cell, hidden: H, layers, vocabulary: V }, weights = {} }, recurrent) {
  const net = new recurrent[KINDS[cell]]({ inputSize: V, inputRange: V - 1, outputSize: V - 1, hiddenLayers: Array(layers).fill(H), dataFormatter: FORMATTER })
  net.initialize()
  net.updateTrainingOptions({ learningRate: LEARNING_RATE })
  const { model } = net
  model.input.weights.forEach((_, i) => { model.input.weights[i] = i % V === Math.floor(i / V) ? 1 : 0 })
  model.hiddenLayers.forEach((layer, l) => NAMES[cell].forEach(([wx, wh, b], gate) => {
    /** @param {string} name @param {number} width */
    const part = (name, width) => weights[`rnn.${name}_l${l}`].subarray(gate * H * width, (gate + 1) * H * width)
    layer[wx].weights.set(part('weight_ih', l ? H : V))
    layer[wh].weights.set(part('weight_hh', H))
    const other = part('bias_hh', 1)
    layer[b].weights.set(part('bias_ih', 1).map((value, i) => value + other[i]))
  }))
  model.outputConnector.weights.set(weights['output.weight'])
  model.output.weights.set(weights['output.bias'])
  return net
}

/** @returns {Promise<import('../answer.js').Subject>} */
export async function create() {
  const module = 'brain.js/dist/browser.js' // its other bundle asks for a graphics library
  const { default: { recurrent } } = await import(module)
  /** @type {import('../answer.js').Opening} */
  let opening
  /** @type {Net} */
  let net
  let text = new Uint8Array()
  return {
    async open(wanted) {
      opening = wanted
      net = makeNet(opening, recurrent)
      text = textOf(opening.configuration)
      net.bindEquation() // run() refuses without one
      return { bytes: null }
    },

    async check({ steps, inputs, targets }) {
      const checked = makeNet(opening, recurrent)
      let loss = 0
      for (let t = 0; t < steps; t++) {
        checked.bindEquation()
        loss += checked.model.equations[t].predictTargetIndex(inputs[t], targets[t]) * Math.LN2
      }
      return { losses: [loss / steps], gradientNorm: null }
    },

    unit(work, steps) {
      if (work === 'evaluate') throw new Error('it cannot evaluate a text')
      if (work === 'generate') return () => net.run([], true, 1).length + 1
      let at = 0
      return () => {
        if (at + steps > text.length) at = 0
        net.trainPattern(Array.from(text.subarray(at, at + steps - 1), (symbol) => Math.max(0, symbol - 1)), false)
        at += steps
        return steps
      }
    },
  }
}
