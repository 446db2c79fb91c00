/**
 * A network as ONNX: its forward pass, with the states before and after.
 *
 *   symbols (batch, steps) int64, or vectors (batch, steps, I)
 *   initial_h, initial_c of the LSTM, and initial_h_2 … initial_h_k where steps see the state of k steps before
 *   (L·D, batch, H)
 * →
 *   logits (batch, steps, O), or (batch, O) if the output comes once a sequence
 *   final_h, final_c, final_h_2 … (L·D, batch, H)
 *
 * L layers, D directions, in PyTorch's order. ONNX has the gates of an LSTM as i, o, f, c and those of a GRU as z, r, h,
 * the direction as the first dimension, and the two biases in one tensor. A minGRU is its GRU without recurrent weights,
 * with a linear candidate, and with 1 − z for z. What it has no operator for is written out: see onnx-scan.js.
 */
import { FLOAT, Graph, INT64 } from './onnx-graph.js'
import { scan } from './onnx-scan.js'
import { describe } from './network.js'

/** @typedef {import('../model.js').Model} Model */
/** @typedef {import('./network.js').Cell} Cell */
/** @typedef {ReturnType<typeof describe<Cell>>} Network */

/** @type {readonly Cell[]} */
const CELLS = ['vanilla', 'lstm', 'gru', 'mingru', 'minlstm']
const OPERATORS = { vanilla: 'RNN', lstm: 'LSTM', gru: 'GRU', mingru: 'GRU' }
/** @typedef {keyof typeof OPERATORS} Operated */

/** From our gates to those of ONNX. @type {Readonly<Record<Operated, (gates: Float32Array[]) => Float32Array[]>>} */
const GATES = {
  vanilla: (gates) => gates,
  lstm: ([i, f, g, o]) => [i, o, f, g],
  gru: ([r, z, n]) => [z, r, n],
  mingru: ([z, n]) => [z.map((number) => -number), new Float32Array(z.length), n],
}

/** @type {Readonly<Record<string, string>>} */
const ACTIVATIONS = { tanh: 'Tanh', relu: 'Relu', sigmoid: 'Sigmoid', identity: 'Affine' }

/** @param {readonly Float32Array[]} parts */
function joined(parts) {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** W, R and B of a layer. @param {Graph} graph  @param {Model} model  @param {Network} network  @param {Operated} cell  @param {number} l */
function weights(graph, model, { directions, gates, hidden, suffixes, width, inputSize }, cell, l) {
  const inputs = l ? width : inputSize
  const recurs = cell !== 'mingru'
  /** Of each direction, its gates those of ONNX. @param {string} name  @param {number} columns  @param {boolean} [there] */
  const each = (name, columns, there = true) => suffixes.map((suffix) => {
    const size = hidden * columns
    const values = there ? model.getParameter(`rnn.${name}_l${l}${suffix}`) : new Float32Array(gates * size)
    return joined(GATES[cell](Array.from({ length: gates }, (_, gate) => values.subarray(gate * size, (gate + 1) * size))))
  })
  const [input, recurrent] = [each('bias_ih', 1), each('bias_hh', 1, recurs)]
  const rows = input[0].length
  return [
    graph.tensor(`rnn.W_l${l}`, [directions, rows, inputs], joined(each('weight_ih', inputs))),
    graph.tensor(`rnn.R_l${l}`, [directions, rows, hidden], joined(each('weight_hh', hidden, recurs))),
    graph.tensor(`rnn.B_l${l}`, [directions, 2 * rows], joined(input.flatMap((bias, d) => [bias, recurrent[d]]))),
  ]
}

/** Peepholes of a layer: ours are i, f, o, theirs i, o, f. @param {Graph} graph  @param {Model} model  @param {Network} network  @param {number} l */
function peepholes(graph, model, { directions, hidden, suffixes }, l) {
  const each = suffixes.map((suffix) => model.getParameter(`rnn.weight_peephole_l${l}${suffix}`))
  const parts = each.flatMap((p) => [0, 2, 1].map((gate) => p.subarray(gate * hidden, (gate + 1) * hidden)))
  return graph.tensor(`rnn.P_l${l}`, [directions, 3 * hidden], joined(parts))
}

/** @param {Network} network  @param {Operated} cell */
function attributes({ config, directions, hidden }, cell) {
  const one = {
    vanilla: [ACTIVATIONS[String(config.activation)]],
    lstm: ['Sigmoid', ACTIVATIONS[String(config.candidate ?? 'tanh')], 'Tanh'],
    gru: ['Sigmoid', 'Tanh'],
    mingru: ['Sigmoid', 'Affine'],
  }[cell]
  const activations = Array(directions).fill(one).flat()
  return {
    hidden_size: hidden, direction: directions === 2 ? 'bidirectional' : 'forward', activations,
    // Affine is α x + β; these are for the activations that have an α, or a β, in turn.
    ...(one.includes('Affine') && { activation_alpha: new Float32Array(directions).fill(1), activation_beta: new Float32Array(directions) }),
    ...(cell === 'gru' && { linear_before_reset: config.reset === 'after' ? 1 : 0 }),
  }
}

/** What the first layer reads, (steps, batch, I). @param {Graph} graph  @param {Model} model  @param {Network} network */
function read(graph, model, { config, inputSize, vocabulary }) {
  if (config.input === 'vector') return graph.node('Transpose', [graph.input('vectors', FLOAT, ['batch', 'steps', inputSize])], { perm: [1, 0, 2] })
  const symbols = graph.node('Transpose', [graph.input('symbols', INT64, ['batch', 'steps'])], { perm: [1, 0] })
  if (config.input === 'one-hot') {
    return graph.node('OneHot', [symbols, graph.integers(vocabulary), graph.tensor('off_and_on', [2], Float32Array.of(0, 1))], { axis: -1 })
  }
  return graph.node('Gather', [graph.tensor('embedding.weight', [vocabulary, inputSize], model.getParameter('embedding.weight')), symbols])
}

/** The part of the states that is each layer's. @param {Graph} graph  @param {Network} network  @param {string} name */
function initial(graph, { layers, directions, hidden }, name) {
  const all = graph.input(`initial_${name}`, FLOAT, [layers * directions, 'batch', hidden])
  if (layers === 1) return [all]
  const parts = Array.from({ length: layers }, (_, l) => `initial_${name}_l${l}`)
  graph.node('Split', [all, graph.integers(Array(layers).fill(directions))], { axis: 0 }, parts)
  return parts
}

/**
 * A layer by its operator: what it says (steps, batch, D·H), and its states.
 * @param {Graph} graph  @param {Model} model  @param {Network} network  @param {Operated} cell  @param {number} l
 * @param {string} x  @param {readonly string[]} before  @param {readonly string[]} after
 */
function operate(graph, model, network, cell, l, x, before, after) {
  const inputs = [x, ...weights(graph, model, network, cell, l), '', ...before]
  if (network.config.peephole) inputs.push(peepholes(graph, model, network, l))
  const y = graph.node(OPERATORS[cell], inputs, attributes(network, cell), [`y_l${l}`, ...after])
  const beside = graph.node('Transpose', [y], { perm: [0, 2, 1, 3] })
  return graph.node('Reshape', [beside, graph.integers([0, 0, network.width])])
}

/** A layer written out. @type {(graph: Graph, model: Model, network: Network, l: number, x: string, before: readonly string[], after: readonly string[]) => string} */
function writeOut(graph, model, network, l, x, before, after) {
  const strands = network.suffixes.map((suffix, d) => {
    const states = before.map((both) => graph.node('Gather', [both, graph.integers(d)]))
    return scan(graph, model, network, `l${l}${suffix}`, x, states)
  })
  for (const [i, name] of after.entries()) {
    const both = strands.map((strand) => graph.node('Unsqueeze', [strand.after[i], graph.integers([0])]))
    graph.node('Concat', both, { axis: 0 }, [name])
  }
  return graph.node('Concat', strands.map(({ y }) => y), { axis: 2 })
}

/** From what is read to what the last layer says, (steps, batch, D·H). @param {Graph} graph  @param {Model} model  @param {Network} network */
function recur(graph, model, network) {
  const { layers, directions, hidden, cell, adds, config } = network
  const older = Array.from({ length: Math.max(0, Number(config.skip ?? 0) - 1) }, (_, i) => `h_${i + 2}`)
  const states = ['h', ...(cell === 'lstm' ? ['c'] : []), ...older]
  const before = states.map((name) => initial(graph, network, name))
  let x = read(graph, model, network)
  for (let l = 0; l < layers; l++) {
    const [from, to] = [before.map((parts) => parts[l]), states.map((name) => `final_${name}_l${l}`)]
    const said = cell === 'minlstm' || config.skip ? writeOut(graph, model, network, l, x, from, to) : operate(graph, model, network, cell, l, x, from, to)
    x = adds[l] ? graph.node('Add', [said, x]) : said
  }
  for (const name of states) {
    graph.node('Concat', Array.from({ length: layers }, (_, l) => `final_${name}_l${l}`), { axis: 0 }, [`final_${name}`])
    graph.output(`final_${name}`, [layers * directions, 'batch', hidden])
  }
  return x
}

/** What the head reads. @param {Graph} graph  @param {Network} network  @param {string} x */
function pool(graph, { config, directions, hidden, width }, x) {
  if (config.pool === 'each') return graph.node('Transpose', [x], { perm: [1, 0, 2] })
  if (config.pool === 'mean') return graph.node('ReduceMean', [x], { axes: [0], keepdims: 0 })
  if (config.pool === 'max') return graph.node('ReduceMax', [x], { axes: [0], keepdims: 0 })
  const last = graph.node('Gather', [x, graph.integers(-1)])
  if (directions === 1) return last
  const first = graph.node('Gather', [x, graph.integers(0)])
  /** @param {string} from  @param {number} start  @param {number} end */
  const columns = (from, start, end) => graph.node('Slice', [from, graph.integers([start]), graph.integers([end]), graph.integers([1])])
  return graph.node('Concat', [columns(last, 0, hidden), columns(first, hidden, width)], { axis: 1 })
}

/** @param {Graph} graph  @param {Model} model  @param {Network} network  @param {string} read */
function head(graph, model, { config, width, headLayers, headSize, outputs }, read) {
  let x = read
  for (let m = 0; m <= headLayers; m++) {
    const last = m === headLayers
    const name = last ? 'output' : `head.${m}`
    const [rows, columns] = [last ? outputs : headSize, m ? headSize : width]
    const weight = last && config.tie ? 'embedding.weight' : graph.tensor(`${name}.weight`, [rows, columns], model.getParameter(`${name}.weight`))
    const product = graph.node('MatMul', [x, graph.node('Transpose', [weight], { perm: [1, 0] })])
    const sum = [product, graph.tensor(`${name}.bias`, [rows], model.getParameter(`${name}.bias`))]
    x = last ? graph.node('Add', sum, {}, ['logits']) : graph.node('Relu', [graph.node('Add', sum)])
  }
  graph.output('logits', config.pool === 'each' ? ['batch', 'steps', outputs] : ['batch', outputs])
}

/**
 * The network as an ONNX file. The strings saved with the model, as its vocabulary, are the file's metadata.
 * @param {Model} model
 * @returns {Uint8Array}
 * @throws {RnnError} unsupported, for a network that ONNX has no operators for
 */
export function toOnnx(model) {
  const network = describe(model, 'ONNX', CELLS)
  const graph = new Graph()
  head(graph, model, network, pool(graph, network, recur(graph, model, network)))
  return graph.write(model.extra)
}
