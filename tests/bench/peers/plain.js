/**
 * Plain JavaScript, written as recurrent libraries for browsers are (recurrentjs and those after it): matrices of
 * float64, a graph that remembers a closure for each operation, one sequence at a time. The gradients of a batch's
 * sequences are added up, then clipped and applied by Adam.
 */
import { CLIP_AT, LEARNING_RATE, textOf, windows } from '../configurations.js'

/** @typedef {import('../answer.js').Weights} Weights */

class Mat {
  /** @param {number} n rows @param {ArrayLike<number>} [values] */
  constructor(n, d = 1, values) {
    this.n = n
    this.d = d
    this.w = values ? Float64Array.from(values) : new Float64Array(n * d)
    this.dw = new Float64Array(n * d)
  }
}

class Graph {
  /** @type {(() => void)[]} */
  backprop = []

  /** @param {boolean} learns */
  constructor(learns) {
    this.learns = learns
  }

  /** m v @param {Mat} m @param {Mat} v */
  mul(m, v) {
    const { n, d } = m
    const out = new Mat(n)
    for (let i = 0; i < n; i++) {
      let dot = 0
      for (let j = 0; j < d; j++) dot += m.w[d * i + j] * v.w[j]
      out.w[i] = dot
    }
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < n; i++) {
        const b = out.dw[i]
        for (let j = 0; j < d; j++) {
          m.dw[d * i + j] += v.w[j] * b
          v.dw[j] += m.w[d * i + j] * b
        }
      }
    })
    return out
  }

  /** A row as a column. @param {Mat} m @param {number} row */
  pluck(m, row) {
    const { d } = m
    const out = new Mat(d)
    for (let i = 0; i < d; i++) out.w[i] = m.w[d * row + i]
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < d; i++) m.dw[d * row + i] += out.dw[i]
    })
    return out
  }

  /** @param {Mat} a @param {Mat} b */
  add(a, b) {
    const out = new Mat(a.n)
    for (let i = 0; i < a.n; i++) out.w[i] = a.w[i] + b.w[i]
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < a.n; i++) {
        a.dw[i] += out.dw[i]
        b.dw[i] += out.dw[i]
      }
    })
    return out
  }

  /** @param {Mat} a @param {Mat} b */
  eltmul(a, b) {
    const out = new Mat(a.n)
    for (let i = 0; i < a.n; i++) out.w[i] = a.w[i] * b.w[i]
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < a.n; i++) {
        a.dw[i] += b.w[i] * out.dw[i]
        b.dw[i] += a.w[i] * out.dw[i]
      }
    })
    return out
  }

  /** 1 − a @param {Mat} a */
  rest(a) {
    const out = new Mat(a.n)
    for (let i = 0; i < a.n; i++) out.w[i] = 1 - a.w[i]
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < a.n; i++) a.dw[i] -= out.dw[i]
    })
    return out
  }

  /** @param {Mat} a */
  tanh(a) {
    const out = new Mat(a.n)
    for (let i = 0; i < a.n; i++) out.w[i] = Math.tanh(a.w[i])
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < a.n; i++) a.dw[i] += (1 - out.w[i] * out.w[i]) * out.dw[i]
    })
    return out
  }

  /** @param {Mat} a */
  sigmoid(a) {
    const out = new Mat(a.n)
    for (let i = 0; i < a.n; i++) out.w[i] = 1 / (1 + Math.exp(-a.w[i]))
    if (this.learns) this.backprop.push(() => {
      for (let i = 0; i < a.n; i++) a.dw[i] += out.w[i] * (1 - out.w[i]) * out.dw[i]
    })
    return out
  }

  backward() {
    for (let i = this.backprop.length; i--;) this.backprop[i]()
  }
}

/** A gate's matrices. @typedef {{ wx: Mat, wh: Mat, bx: Mat, bh: Mat }} Gate */
/** @typedef {{ h: Mat, c: Mat }} State */

/** wx x + bx, where the first layer's x is a symbol. @param {Graph} g @param {Gate} gate @param {Mat | number} x */
const fromInput = (g, { wx, bx }, x) => g.add(typeof x === 'number' ? g.pluck(wx, x) : g.mul(wx, x), bx)

/** @param {Graph} g @param {Gate} gate @param {Mat} h */
const fromState = (g, { wh, bh }, h) => g.add(g.mul(wh, h), bh)

/** One step of a layer, gates in PyTorch's order. @type {Record<string, (g: Graph, gates: Gate[], x: Mat | number, state: State) => State>} */
const CELLS = {
  vanilla: (g, [a], x, { h, c }) => ({ h: g.tanh(g.add(fromInput(g, a, x), fromState(g, a, h))), c }),
  lstm(g, gates, x, state) {
    const [i, f, n, o] = gates.map((gate) => g.add(fromInput(g, gate, x), fromState(g, gate, state.h)))
    const c = g.add(g.eltmul(g.sigmoid(f), state.c), g.eltmul(g.sigmoid(i), g.tanh(n)))
    return { h: g.eltmul(g.sigmoid(o), g.tanh(c)), c }
  },
  gru(g, [R, Z, N], x, { h, c }) {
    const r = g.sigmoid(g.add(fromInput(g, R, x), fromState(g, R, h)))
    const z = g.sigmoid(g.add(fromInput(g, Z, x), fromState(g, Z, h)))
    const n = g.tanh(g.add(fromInput(g, N, x), g.eltmul(r, fromState(g, N, h))))
    return { h: g.add(g.eltmul(g.rest(z), n), g.eltmul(z, h)), c }
  },
}

/** @param {Float32Array} values (rows, columns) @returns {number[]} (columns, rows) */
function transposed(values, rows = 0, columns = 0) {
  return Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)])
}

class Network {
  /** @param {import('../configurations.js').Configuration} configuration @param {Weights} weights */
  constructor({ cell, hidden: H, layers, vocabulary: V }, weights) {
    this.cell = CELLS[cell]
    this.hidden = H
    this.layers = Array.from({ length: layers }, (_, l) => {
      const columns = l ? H : V
      const count = weights[`rnn.bias_hh_l${l}`].length / H
      /** @param {string} name @param {number} gate */
      const part = (name, gate, width = 1) => weights[`rnn.${name}_l${l}`].subarray(gate * H * width, (gate + 1) * H * width)
      return Array.from({ length: count }, (_, gate) => ({
        wx: l ? new Mat(H, H, part('weight_ih', gate, H)) : new Mat(V, H, transposed(part('weight_ih', gate, columns), H, columns)),
        wh: new Mat(H, H, part('weight_hh', gate, H)),
        bx: new Mat(H, 1, part('bias_ih', gate)),
        bh: new Mat(H, 1, part('bias_hh', gate)),
      }))
    })
    this.wo = new Mat(V, H, weights['output.weight'])
    this.bo = new Mat(V, 1, weights['output.bias'])
    this.mats = [...this.layers.flat().flatMap((gate) => Object.values(gate)), this.wo, this.bo]
    this.moments = this.mats.map(({ w }) => ({ m: new Float64Array(w.length), v: new Float64Array(w.length) }))
    this.updates = 0
  }

  zero() {
    return this.layers.map(() => ({ h: new Mat(this.hidden), c: new Mat(this.hidden) }))
  }

  /** @param {Graph} g @param {number} symbol @param {State[]} states */
  step(g, symbol, states) {
    /** @type {Mat | number} */
    let x = symbol
    const next = states.map((state, l) => {
      const made = this.cell(g, this.layers[l], x, state)
      x = made.h
      return made
    })
    return { logits: g.add(g.mul(this.wo, next[next.length - 1].h), this.bo), states: next }
  }

  /**
   * The mean loss of a batch; adds its gradients when it learns. The states are carried, as values.
   * @param {import('../configurations.js').Batch} batch @param {State[][]} states of each sequence @param {boolean} learns
   */
  run({ batch, steps, inputs, targets }, states, learns) {
    let loss = 0
    for (let b = 0; b < batch; b++) {
      const g = new Graph(learns)
      let state = states[b]
      for (let t = 0; t < steps; t++) {
        const made = this.step(g, inputs[b * steps + t], state)
        state = made.states
        const p = softmax(made.logits.w)
        const y = targets[b * steps + t]
        loss -= Math.log(p[y])
        for (let k = 0; k < p.length; k++) made.logits.dw[k] = (p[k] - (k === y ? 1 : 0)) / (batch * steps)
      }
      if (learns) g.backward()
      states[b] = state.map(({ h, c }) => ({ h: new Mat(h.n, 1, h.w), c: new Mat(c.n, 1, c.w) }))
    }
    return loss / (batch * steps)
  }

  norm() {
    let sum = 0
    for (const { dw } of this.mats) for (let i = 0; i < dw.length; i++) sum += dw[i] * dw[i]
    return Math.sqrt(sum)
  }

  /** Clips, applies Adam, and begins anew. */
  update() {
    const scale = Math.min(1, CLIP_AT / this.norm())
    this.updates++
    const rate = LEARNING_RATE / (1 - 0.9 ** this.updates)
    const later = 1 - 0.999 ** this.updates
    this.mats.forEach(({ w, dw }, k) => {
      const { m, v } = this.moments[k]
      for (let i = 0; i < w.length; i++) {
        const d = dw[i] * scale
        m[i] = 0.9 * m[i] + 0.1 * d
        v[i] = 0.999 * v[i] + 0.001 * d * d
        w[i] -= rate * m[i] / (Math.sqrt(v[i] / later) + 1e-8)
      }
      dw.fill(0)
    })
  }
}

/** @param {Float64Array} logits */
function softmax(logits) {
  let most = -Infinity
  for (let i = 0; i < logits.length; i++) if (logits[i] > most) most = logits[i]
  const p = new Float64Array(logits.length)
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += p[i] = Math.exp(logits[i] - most)
  for (let i = 0; i < p.length; i++) p[i] /= sum
  return p
}

/** @param {Float64Array} p */
function draw(p) {
  let left = Math.random()
  for (let i = 0; i < p.length; i++) if ((left -= p[i]) < 0) return i
  return p.length - 1
}

/** @returns {Promise<import('../answer.js').Subject>} */
export async function create() {
  /** @type {Network} */
  let network
  /** @type {import('../configurations.js').Configuration} */
  let configuration
  /** @type {Weights} */
  let weights
  return {
    async open(opening) {
      configuration = opening.configuration
      weights = opening.weights ?? {}
      network = new Network(configuration, weights)
      return { bytes: null }
    },

    async check(batch, updates) {
      const checked = new Network(configuration, weights)
      const zero = () => Array.from({ length: batch.batch }, () => checked.zero())
      /** @type {number | null} */
      let gradientNorm = null
      const losses = Array.from({ length: updates }, () => {
        const loss = checked.run(batch, zero(), true)
        gradientNorm ??= checked.norm()
        checked.update()
        return loss
      })
      return { losses: [...losses, checked.run(batch, zero(), false)], gradientNorm }
    },

    unit(work, steps) {
      const { batch } = configuration
      if (work === 'generate') {
        return () => {
          const g = new Graph(false)
          let states = network.zero()
          for (let t = 0, symbol = 0; t < steps; t++) {
            const made = network.step(g, symbol, states)
            states = made.states
            symbol = draw(softmax(made.logits.w))
          }
          return steps
        }
      }
      const next = windows(textOf(configuration), batch, steps)
      const states = Array.from({ length: batch }, () => network.zero())
      return () => {
        network.run(next(), states, work === 'train')
        if (work === 'train') network.update()
        return batch * steps
      }
    },
  }
}
