/** What is measured: networks, texts, and how much arithmetic a symbol takes. Numbers only; runs in browsers too. */
import { presets } from '../../web/presets.js'

/** @typedef {'train' | 'generate' | 'evaluate'} Work */
/**
 * @typedef {object} Configuration
 * @property {string} name
 * @property {string} label
 * @property {'vanilla' | 'lstm' | 'gru' | 'mingru' | 'minlstm'} cell
 * @property {number} hidden      H
 * @property {number} layers      L
 * @property {number} steps       T
 * @property {number} batch       B
 * @property {number} vocabulary  V
 * @property {number} [streams]   texts written side by side, 1
 */

/** @type {Work[]} */
export const WORKS = ['train', 'generate', 'evaluate']

/** The network of a preset. @param {string} preset */
function networkOf(preset) {
  const { cell, hidden, layers, steps, batch } = /** @type {Configuration} */ (/** @type {unknown} */ (presets[preset].config))
  return { cell, hidden, layers, steps, batch }
}

/** @type {Configuration[]} */
export const CONFIGURATIONS = [
  { name: 'A', label: 'hello: vanilla H=3 T=4 B=1', ...networkOf('hello'), vocabulary: 4 },
  { name: 'B', label: 'vanilla H=100 T=25 B=1', ...networkOf('min-char-rnn'), vocabulary: 65 },
  { name: 'C', label: 'LSTM H=128 T=50 B=32', ...networkOf('moby-dick'), vocabulary: 65 },
  { name: 'D', label: '2×LSTM H=128 T=50 B=50', cell: 'lstm', hidden: 128, layers: 2, steps: 50, batch: 50, vocabulary: 65 },
  { name: 'E', label: '2×GRU H=256 T=64 B=32', cell: 'gru', hidden: 256, layers: 2, steps: 64, batch: 32, vocabulary: 65 },
  { name: 'F', label: 'LSTM H=512 T=64 B=32', cell: 'lstm', hidden: 512, layers: 1, steps: 64, batch: 32, vocabulary: 65 },
  { name: 'G', label: '2×minGRU H=128 T=50 B=32', cell: 'mingru', hidden: 128, layers: 2, steps: 50, batch: 32, vocabulary: 65 },
  { name: 'H', label: '2×minLSTM H=128 T=50 B=32', cell: 'minlstm', hidden: 128, layers: 2, steps: 50, batch: 32, vocabulary: 65 },
]

/** Adam, clipped by global norm 5, for everyone. */
export const LEARNING_RATE = 0.002
export const CLIP_AT = 5

const GATES = { vanilla: 1, lstm: 4, gru: 3, mingru: 2, minlstm: 3 }

/** Matrices of (G·H, H): of the input but for the first layer's, and of the state, which minGRU and minLSTM do not see. @param {Configuration} configuration */
const squaresOf = ({ cell, layers }) => cell.startsWith('min') ? layers - 1 : 2 * layers - 1

/**
 * Floating-point operations of a symbol: two for each multiply–add of the matrix products, three times as many for
 * training (one product forward, two backward). The first layer's product with a one-hot vector is a look-up, and is
 * not counted; nor are nonlinearities, softmax and optimizer.
 * @param {Configuration} configuration
 * @param {Work} work
 */
export function flopsOf(configuration, work) {
  const { cell, hidden, vocabulary } = configuration
  const products = GATES[cell] * hidden * hidden * squaresOf(configuration) + vocabulary * hidden
  return 2 * products * (work === 'train' ? 3 : 1)
}

/**
 * Bytes of the weights that writing a symbol reads: all, but one column only of the first layer's product.
 * @param {Configuration} configuration
 */
export function weightBytesOf(configuration) {
  const { cell, hidden, layers, vocabulary } = configuration
  const units = GATES[cell] * hidden
  const biases = cell.startsWith('min') ? layers : 2 * layers
  return 4 * (units * hidden * squaresOf(configuration) + units * (biases + 1) + vocabulary * (hidden + 1))
}

/**
 * The configuration as the engine takes it.
 * @param {Configuration} configuration
 * @returns {Record<string, string | number>}
 */
export function engineConfig({ cell, hidden, layers, steps, batch, vocabulary }) {
  return { cell, hidden, layers, steps, batch, vocabulary, optimizer: 'adam', learningRate: LEARNING_RATE, clip: 'norm', clipAt: CLIP_AT, seed: 1 }
}

/**
 * A text that can be learned in part: most symbols follow from the one before, the others are drawn.
 * @param {number} vocabulary
 * @param {number} length
 */
export function makeText(vocabulary, length) {
  const text = new Uint8Array(length)
  let random = 1
  for (let i = 1; i < length; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0
    text[i] = random >>> 30 ? (text[i - 1] * 7 + 3) % vocabulary : (random >>> 8) % vocabulary
  }
  return text
}

/** The text of a configuration: "hello" for the network that learns it. @param {Configuration} configuration */
export function textOf({ name, vocabulary, steps, batch }) {
  return name === 'A' ? Uint8Array.of(0, 1, 2, 2, 3) : makeText(vocabulary, Math.max(100_000, 4 * steps * batch))
}

/** @typedef {{ batch: number, steps: number, inputs: Int32Array, targets: Int32Array }} Batch  row-major (B, T) */

/**
 * Windows along a text, B places side by side, from the beginning again when they reach the end.
 * @param {Uint8Array} text
 * @param {number} batch
 * @param {number} steps
 * @returns {() => Batch}
 */
export function windows(text, batch, steps) {
  const apart = Math.floor((text.length - 1) / batch)
  let at = 0
  return () => {
    if (at + steps > apart) at = 0
    const inputs = new Int32Array(batch * steps)
    const targets = new Int32Array(batch * steps)
    for (let b = 0; b < batch; b++) {
      inputs.set(text.subarray(b * apart + at, b * apart + at + steps), b * steps)
      targets.set(text.subarray(b * apart + at + 1, b * apart + at + steps + 1), b * steps)
    }
    at += steps
    return { batch, steps, inputs, targets }
  }
}
