/**
 * Strands that ONNX has no operator for, minLSTM and all that see states of k steps before, as a Scan: the equations of a step
 * are its body, which sees the weights around it. The projection W_ih x + b_ih, of all steps at once, stays outside.
 */
import { FLOAT, Graph } from './onnx-graph.js'

/** @typedef {import('../model.js').Model} Model */
/** @typedef {import('./onnx.js').Network} Network */
/** @typedef {import('./onnx.js').Cell} Cell */
/** @typedef {(name: string) => string} Weight  its transpose, by PyTorch's name without layer and direction */
/** @typedef {{ graph: Graph, weight: Weight, network: Network }} Body */

/** @param {Graph} graph */
const arithmetic = (graph) => ({
  /** @param {string[]} terms */
  add: (...terms) => terms.reduce((sum, term) => graph.node('Add', [sum, term])),
  /** @param {string} a  @param {string} b */
  subtract: (a, b) => graph.node('Sub', [a, b]),
  /** @param {string} a  @param {string} b */
  multiply: (a, b) => graph.node('Mul', [a, b]),
  /** @param {string} a  @param {string} b */
  product: (a, b) => graph.node('MatMul', [a, b]),
  /** @param {string} name  @param {string} of */
  apply: (name, of) => name === 'identity' ? of : graph.node({ tanh: 'Tanh', relu: 'Relu', sigmoid: 'Sigmoid' }[name] ?? name, [of]),
})

/** From a and the state before to the state after, h first. @type {Readonly<Record<Cell, (body: Body, a: string, h: string, c: string) => string[]>>} */
const STEPS = {
  vanilla({ graph, weight, network: { config } }, a, h) {
    const { add, product, apply } = arithmetic(graph)
    return [apply(String(config.activation), add(a, product(h, weight('weight_hh')), weight('bias_hh')))]
  },
  lstm({ graph, weight, network: { config } }, a, h, c) {
    const { add, multiply, product, apply } = arithmetic(graph)
    const [a_i, a_f, a_g, a_o] = graph.split(add(a, product(h, weight('weight_hh')), weight('bias_hh')), 4, 1)
    const peepholes = config.peephole ? graph.split(weight('weight_peephole'), 3, 0) : []
    /** @param {string} of  @param {number} index  @param {string} state */
    const gate = (of, index, state) => apply('sigmoid', peepholes.length ? add(of, multiply(peepholes[index], state)) : of)
    const after = add(multiply(gate(a_f, 1, c), c), multiply(gate(a_i, 0, c), apply(String(config.candidate), a_g)))
    return [multiply(gate(a_o, 2, after), apply('tanh', after)), after]
  },
  gru({ graph, weight, network: { config } }, a, h) {
    const { add, subtract, multiply, product, apply } = arithmetic(graph)
    const [a_r, a_z, a_n] = graph.split(a, 3, 1)
    const [w_r, w_z, w_n] = graph.split(weight('weight_hh'), 3, 1)
    const [b_r, b_z, b_n] = graph.split(weight('bias_hh'), 3, 0)
    const r = apply('sigmoid', add(a_r, product(h, w_r), b_r))
    const z = apply('sigmoid', add(a_z, product(h, w_z), b_z))
    const seen = config.reset === 'after' ? multiply(r, add(product(h, w_n), b_n)) : add(product(multiply(r, h), w_n), b_n)
    const n = apply('tanh', add(a_n, seen))
    return [add(n, multiply(z, subtract(h, n)))]
  },
  mingru({ graph }, a, h) {
    const { add, subtract, multiply, apply } = arithmetic(graph)
    const [z, n] = graph.split(a, 2, 1)
    return [add(h, multiply(apply('sigmoid', z), subtract(n, h)))]
  },
  // f / (f + i) = σ(ln f − ln i), and −ln σ(x) = softplus(−x).
  minlstm({ graph }, a, h) {
    const { add, subtract, multiply, apply } = arithmetic(graph)
    const [f, i, g] = graph.split(a, 3, 1)
    /** @param {string} of */
    const cost = (of) => apply('Softplus', apply('Neg', of))
    return [add(g, multiply(apply('sigmoid', subtract(cost(i), cost(f))), subtract(h, g)))]
  },
}

/**
 * One direction of a layer.
 * @param {Graph} graph
 * @param {Model} model
 * @param {Network} network
 * @param {string} strand  as its parameters' names end: l0, l0_reverse
 * @param {string} x  (steps, batch, I)
 * @param {readonly string[]} before  the states (batch, H): h, then c if there is one, then h of 2 … k steps before
 * @returns {{ y: string, after: string[] }}  (steps, batch, H), and states like those before
 */
export function scan(graph, model, network, strand, x, before) {
  const { hidden, gates, cell, config } = network
  const shapes = new Map(model.parameters.map(({ name, shape }) => [name, shape]))
  /** @type {Map<string, string>} */
  const made = new Map()
  /** @type {Weight} */
  const weight = (name) => {
    const full = `rnn.${name}_${strand}`
    const shape = shapes.get(full) ?? []
    const at = made.get(full) ?? (shape.length === 2 ? graph.node('Transpose', [graph.tensor(full, shape, model.getParameter(full))], { perm: [1, 0] })
      : graph.tensor(full, shape, model.getParameter(full)))
    made.set(full, at)
    return at
  }
  const { add, product } = arithmetic(graph)
  const projected = add(product(x, weight('weight_ih')), weight('bias_ih'))

  const body = new Graph(`${strand}.`)
  /** @param {string} name  @param {number} width */
  const input = (name, width) => body.input(`${strand}.${name}`, FLOAT, ['batch', width])
  const states = before.map((_, i) => input(`before_${i}`, hidden))
  const a = input('a', gates * hidden)
  const parts = cell === 'lstm' ? 2 : 1
  const inner = arithmetic(body)
  const seen = config.skip ? inner.add(a, inner.product(states[states.length - 1], weight('weight_skip'))) : a
  const own = STEPS[cell]({ graph: body, weight, network }, seen, states[0], states[1])
  const after = [...own, ...states.slice(parts).map((_, i) => i ? states[parts + i - 1] : states[0])]
  for (const [i, state] of [...after, own[0]].entries()) body.output(body.node('Identity', [state], {}, [`${strand}.after_${i}`]), ['batch', hidden])

  const reversed = strand.endsWith('_reverse') ? 1 : 0
  const outputs = [...before.map((_, i) => `${strand}.final_${i}`), `${strand}.y`]
  graph.node('Scan', [...before, projected], { body, num_scan_inputs: 1, scan_input_directions: [reversed], scan_output_directions: [reversed] }, outputs)
  return { y: outputs[before.length], after: outputs.slice(0, -1) }
}
