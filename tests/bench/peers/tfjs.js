/**
 * TensorFlow.js on the backend given, as fast as its operations allow: the inputs of all steps go through one product
 * (one-hot, since the wasm backend lacks the gradient of a look-up), the gates of a step through one more, and all
 * logits through one; gradients come from its tape, clipping by global norm and Adam are its own operations.
 */
import { CLIP_AT, LEARNING_RATE, textOf, windows } from '../configurations.js'

/**
 * What is used of TensorFlow.js, which is installed for the benchmark alone.
 * @typedef {{ dataSync: () => Float32Array, dispose: () => void }} Tensor
 * @typedef {object} Tf
 * @property {(name: string) => Promise<boolean>} setBackend
 * @property {(values: ArrayLike<number>, shape: number[]) => Tensor} tensor
 * @property {(values: Int32Array, kind: string) => Tensor} tensor1d
 * @property {(tensor: Tensor, trainable: boolean, name: string) => Tensor} variable
 * @property {(shape: number[]) => Tensor} zeros
 * @property {(indices: Tensor, depth: number) => Tensor} oneHot
 * @property {(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean) => Tensor} matMul
 * @property {(a: Tensor, b: Tensor | number) => Tensor} add
 * @property {(a: Tensor | number, b: Tensor) => Tensor} sub
 * @property {(a: Tensor, b: Tensor) => Tensor} mul
 * @property {(a: Tensor, b: Tensor | number) => Tensor} div
 * @property {(a: Tensor) => Tensor} tanh
 * @property {(a: Tensor) => Tensor} sigmoid
 * @property {(a: Tensor) => Tensor} neg
 * @property {(a: Tensor) => Tensor} exp
 * @property {(a: Tensor) => Tensor} log
 * @property {(a: Tensor) => Tensor} sqrt
 * @property {(a: Tensor) => Tensor} square
 * @property {(a: Tensor, axis?: number, keepDims?: boolean) => Tensor} sum
 * @property {(a: Tensor, axis?: number, keepDims?: boolean) => Tensor} max
 * @property {(a: Tensor, b: Tensor | number) => Tensor} minimum
 * @property {(a: Tensor[]) => Tensor} addN
 * @property {(a: Tensor) => Tensor} mean
 * @property {(a: Tensor) => Tensor} softmax
 * @property {(a: Tensor, parts: number, axis: number) => Tensor[]} split
 * @property {(a: Tensor[], axis: number) => Tensor} concat
 * @property {<T>(work: () => T) => T} tidy
 * @property {<T>(kept: T) => T} keep
 * @property {(loss: () => Tensor) => { value: Tensor, grads: Record<string, Tensor> }} variableGrads
 * @property {{ adam: (rate: number, beta1: number, beta2: number, epsilon: number) => { applyGradients: (grads: Record<string, Tensor>) => void } }} train
 */
/** @typedef {Record<string, Tensor>} Variables */
/** @typedef {{ h: Tensor, c: Tensor }} State */

/** The next state of a layer from the inputs' part of the gates, (B, G·H), and the state's. @type {Record<string, (tf: Tf, a: Tensor, u: Tensor, state: State) => State>} */
const CELLS = {
  vanilla: (tf, a, u, { c }) => ({ h: tf.tanh(tf.add(a, u)), c }),
  lstm(tf, a, u, { c }) {
    const [i, f, n, o] = tf.split(tf.add(a, u), 4, 1)
    const next = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(n)))
    return { h: tf.mul(tf.sigmoid(o), tf.tanh(next)), c: next }
  },
  gru(tf, a, u, { h, c }) {
    const [ar, az, an] = tf.split(a, 3, 1)
    const [ur, uz, un] = tf.split(u, 3, 1)
    const z = tf.sigmoid(tf.add(az, uz))
    const n = tf.tanh(tf.add(an, tf.mul(tf.sigmoid(tf.add(ar, ur)), un)))
    return { h: tf.add(n, tf.mul(z, tf.sub(h, n))), c }
  },
}

class Network {
  /** @param {Tf} tf @param {import('../configurations.js').Configuration} configuration @param {import('../answer.js').Weights} weights */
  constructor(tf, configuration, weights) {
    const { cell, hidden: H, layers, vocabulary: V } = configuration
    this.tf = tf
    this.cell = CELLS[cell]
    this.configuration = configuration
    /** @type {Variables} */
    this.variables = {}
    for (const [name, values] of Object.entries(weights)) {
      const columns = name.includes('bias') ? 0 : name === 'rnn.weight_ih_l0' ? V : H
      this.variables[name] = tf.variable(tf.tensor(values, columns ? [values.length / columns, columns] : [values.length]), true, `${name}#${Network.count++}`)
    }
    this.layers = Array.from({ length: layers }, (_, l) => l)
    this.optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8)
  }

  static count = 0

  dispose() {
    for (const variable of Object.values(this.variables)) variable.dispose()
  }

  /** @param {number} batch @returns {State[]} */
  zero(batch) {
    return this.layers.map(() => ({ h: this.tf.zeros([batch, this.configuration.hidden]), c: this.tf.zeros([batch, this.configuration.hidden]) }))
  }

  /** Logits, (T·B, V). @param {Int32Array} inputs (T, B) @param {number} steps @param {State[]} states which become the last */
  forward(inputs, steps, states) {
    const { tf, variables } = this
    let x = tf.oneHot(tf.tensor1d(inputs, 'int32'), this.configuration.vocabulary)
    for (const l of this.layers) {
      const all = tf.add(tf.matMul(x, variables[`rnn.weight_ih_l${l}`], false, true), variables[`rnn.bias_ih_l${l}`])
      /** @type {Tensor[]} */
      const hs = []
      for (const a of steps > 1 ? tf.split(all, steps, 0) : [all]) {
        const u = tf.add(tf.matMul(states[l].h, variables[`rnn.weight_hh_l${l}`], false, true), variables[`rnn.bias_hh_l${l}`])
        states[l] = this.cell(tf, a, u, states[l])
        hs.push(states[l].h)
      }
      x = hs.length > 1 ? tf.concat(hs, 0) : hs[0]
    }
    for (const { h, c } of states) tf.keep(h), tf.keep(c) // the tape would take them with it
    return tf.add(tf.matMul(x, variables['output.weight'], false, true), variables['output.bias'])
  }

  /** The mean loss. @param {Int32Array} inputs @param {Int32Array} targets (T, B) @param {number} steps @param {State[]} states */
  loss(inputs, targets, steps, states) {
    const { tf } = this
    const logits = this.forward(inputs, steps, states)
    const shifted = tf.sub(logits, tf.max(logits, 1, true))
    const right = tf.sum(tf.mul(shifted, tf.oneHot(tf.tensor1d(targets, 'int32'), this.configuration.vocabulary)), 1)
    return tf.mean(tf.sub(tf.log(tf.sum(tf.exp(shifted), 1)), right))
  }

  /** @param {import('../configurations.js').Batch} batch @param {State[]} states which become the last */
  train({ batch, steps, inputs, targets }, states) {
    const { tf } = this
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => this.loss(byTime(inputs, batch, steps), byTime(targets, batch, steps), steps, states))
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((grad) => tf.sum(tf.square(grad)))))
      const scale = tf.minimum(tf.div(tf.tensor([CLIP_AT], []), norm), 1)
      this.optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, grad]) => [name, tf.mul(grad, scale)])))
      return { loss: value.dataSync()[0], norm: norm.dataSync()[0] }
    })
  }

  /** @param {import('../configurations.js').Batch} batch @param {State[]} states which become the last */
  evaluate({ batch, steps, inputs, targets }, states) {
    return this.tf.tidy(() => this.loss(byTime(inputs, batch, steps), byTime(targets, batch, steps), steps, states).dataSync()[0])
  }

  /** Draws a symbol after `symbol`. @param {number} symbol @param {State[]} states which become the next */
  write(symbol, states) {
    const p = this.tf.tidy(() => this.tf.softmax(this.forward(Int32Array.of(symbol), 1, states)).dataSync())
    let left = Math.random()
    for (let i = 0; i < p.length; i++) if ((left -= p[i]) < 0) return i
    return p.length - 1
  }
}

/** (B, T) → (T, B) @param {Int32Array} symbols @param {number} batch @param {number} steps */
function byTime(symbols, batch, steps) {
  return symbols.map((_, i) => symbols[(i % batch) * steps + Math.floor(i / batch)])
}

/** Does something with states, whose former tensors nobody needs then. @template T @param {State[]} states @param {() => T} work */
function replacing(states, work) {
  const before = states.flatMap(({ h, c }) => [h, c])
  const result = work()
  const after = new Set(states.flatMap(({ h, c }) => [h, c]))
  for (const tensor of before) if (!after.has(tensor)) tensor.dispose()
  return result
}

/** @param {string} backend @returns {Promise<import('../answer.js').Subject>} */
export async function create(backend) {
  /** @type {{ default: Tf }} */
  const { default: tf } = await import('@tensorflow/tfjs'.slice()) // by a name that types cannot follow: it may be absent
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm'.slice())
  if (!await tf.setBackend(backend)) throw new Error(`its ${backend} backend does not start`)
  /** @type {Network | undefined} */
  let network
  /** @type {import('../answer.js').Opening} */
  let opening
  return {
    async open(wanted) {
      network?.dispose()
      opening = wanted
      network = new Network(tf, opening.configuration, opening.weights ?? {})
      return { bytes: null }
    },

    async check(batch, updates) {
      const checked = new Network(tf, opening.configuration, opening.weights ?? {})
      const trained = Array.from({ length: updates }, () => checked.train(batch, checked.zero(batch.batch)))
      const last = checked.evaluate(batch, checked.zero(batch.batch))
      checked.dispose()
      return { losses: [...trained.map(({ loss }) => loss), last], gradientNorm: trained[0].norm }
    },

    unit(work, steps) {
      const live = /** @type {Network} */ (network)
      const { batch } = opening.configuration
      if (work === 'generate') {
        const states = live.zero(1)
        return () => {
          for (let t = 0, symbol = 0; t < steps; t++) symbol = replacing(states, () => live.write(symbol, states))
          return steps
        }
      }
      const next = windows(textOf(opening.configuration), batch, steps)
      const states = live.zero(batch)
      return () => {
        replacing(states, () => work === 'train' ? live.train(next(), states).loss : live.evaluate(next(), states))
        return batch * steps
      }
    },
  }
}
