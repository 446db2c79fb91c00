/** A network as a Python program that builds it with torch.nn, loads what `save` wrote, and computes the loss of a batch. */
import { RnnError } from '../errors.js'
import { describe } from './network.js'

/** @typedef {import('../model.js').Model} Model */
/** @typedef {import('../model.js').Batch} Batch */
/** @typedef {ReturnType<typeof describe<import('./network.js').Cell>>} Network */

/** @param {boolean} value */
const truth = (value) => value ? 'True' : 'False'

/** @param {string} text  @param {number} spaces */
const indent = (text, spaces) => text.replace(/^(?=.)/gm, ' '.repeat(spaces))

/** A nonlinearity in Python. @param {string} name  @param {string} of */
const apply = (name, of) => name === 'identity' ? of : `torch.${name}(${of})`

/** @param {Network} network */
function lstm({ config }) {
  const candidate = apply(String(config.candidate ?? 'tanh'), 'g')
  return config.peephole ? `
    (i, f, g, o), (p_i, p_f, p_o) = (a + h @ weight_hh.T + bias_hh).chunk(4, 1), weight_peephole.chunk(3)
    i, f = torch.sigmoid(i + p_i * c), torch.sigmoid(f + p_f * c)
    c = f * c + i * ${candidate}
    return torch.sigmoid(o + p_o * c) * torch.tanh(c), c` : `
    i, f, g, o = (a + h @ weight_hh.T + bias_hh).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * ${candidate}
    return torch.sigmoid(o) * torch.tanh(c), c`
}

/** The equations of a step, from a = W_ih x + b_ih and the state; those that torch.nn has as well, for residual layers. */
const STEPS = {
  lstm,
  gru: (/** @type {Network} */ { config }) => `
    (a_r, a_z, a_n), (w_r, w_z, w_n), (b_r, b_z, b_n) = a.chunk(3, 1), weight_hh.chunk(3), bias_hh.chunk(3)
    r, z = torch.sigmoid(a_r + h @ w_r.T + b_r), torch.sigmoid(a_z + h @ w_z.T + b_z)
    n = torch.tanh(a_n + ${config.reset === 'after' ? 'r * (h @ w_n.T + b_n)' : '(r * h) @ w_n.T + b_n'})
    return (1 - z) * n + z * h,`,
  vanilla: (/** @type {Network} */ { config }) => `
    return ${apply(String(config.activation), 'a + h @ weight_hh.T + bias_hh')},`,
  mingru: () => `
    z, n = a.chunk(2, 1)
    return torch.lerp(h, n, torch.sigmoid(z)),`,
  minlstm: () => `
    f, i, g = a.chunk(3, 1)
    keep = torch.sigmoid(nn.functional.logsigmoid(f) - nn.functional.logsigmoid(i))
    return keep * h + (1 - keep) * g,`,
}

/** @type {readonly import('./network.js').Cell[]} */
const CELLS = ['vanilla', 'lstm', 'gru', 'mingru', 'minlstm']

/** The weights of a strand, and their shapes in Python. @param {Network} network */
function weightsOf({ cell, config }) {
  const recurs = cell !== 'mingru' && cell !== 'minlstm'
  return Object.entries({
    weight_ih: '(gates * hidden, width)', ...(recurs && { weight_hh: '(gates * hidden, hidden)' }),
    bias_ih: '(gates * hidden,)', ...(recurs && { bias_hh: '(gates * hidden,)' }),
    ...(config.peephole && { weight_peephole: '(3 * hidden,)' }), ...(config.skip && { weight_skip: '(gates * hidden, hidden)' }),
  })
}

/** @param {Network} network */
function torchHasIt({ cell, config, adds }) {
  if (adds.includes(true) || config.skip) return false
  if (cell === 'lstm') return !config.peephole && config.candidate !== 'sigmoid'
  if (cell === 'gru') return config.reset === 'after'
  return cell === 'vanilla' && (config.activation === 'tanh' || config.activation === 'relu')
}

/** @param {Network} network */
function builtIn({ cell, config, inputSize, hidden, layers, directions }) {
  const name = cell === 'vanilla' ? 'RNN' : cell.toUpperCase()
  const more = [cell === 'vanilla' && `nonlinearity="${config.activation}"`, directions === 2 && 'bidirectional=True'].filter(Boolean)
  return `nn.${[`${name}(${inputSize}`, hidden, layers, ...more, 'batch_first=True)'].join(', ')}`
}

/** Weights that `step` is given: all but those by which a is made. @param {Network} network */
const recurrentWeights = (network) => weightsOf(network).map(([name]) => name).filter((name) => !/_ih|_skip/.test(name))

/** The steps of a strand. @param {Network} network */
const steps = ({ cell, config }) => config.skip ? `own, past = state[:${cell === 'lstm' ? 2 : 1}], (state[0], *state[${cell === 'lstm' ? 2 : 1}:])  # past: h of 1, 2, … ${config.skip} steps before
        said = []
        for a in (x @ getattr(self, f"weight_ih_{name}").T + getattr(self, f"bias_ih_{name}")).unbind(1):
            own = step(a + past[-1] @ getattr(self, f"weight_skip_{name}").T, *own, *weights)
            past = (own[0], *past[:-1])
            said.append(own[0])
        return torch.stack(said, 1), (*own, *past[1:])` : `said = []
        for a in (x @ getattr(self, f"weight_ih_{name}").T + getattr(self, f"bias_ih_{name}")).unbind(1):
            state = step(a, *state, *weights)
            said.append(state[0])
        return torch.stack(said, 1), state`

/** How many states a strand has. @param {Network} network */
const stateParts = ({ cell, config }) => (cell === 'lstm' ? 2 : 1) + Math.max(0, Number(config.skip ?? 0) - 1)

/** A module for what torch.nn lacks, with its names. @param {Network} network */
const written = (network) => `
def step(a, ${['h', ...(network.cell === 'lstm' ? ['c'] : []), ...recurrentWeights(network)].join(', ')}):
    """The state after a step, from a = W_ih x + b_ih and the state before it."""${STEPS[network.cell](network)}


class Recurrent(nn.Module):
    """Layers that torch.nn lacks, under its names."""

    SUFFIXES = (${network.suffixes.map((suffix) => `"${suffix}",`).join(' ')})
    ADDS = (${network.adds.map((adds) => `${truth(adds)},`).join(' ')})  # whether a layer's input joins its output

    def __init__(self, inputs, hidden, layers, gates):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        for layer in range(layers):
            width = hidden * len(self.SUFFIXES) if layer else inputs
            for suffix in self.SUFFIXES:
                for name, shape in dict(${weightsOf(network).map(([name, shape]) => `${name}=${shape}`).join(', ')}).items():
                    self.register_parameter(f"{name}_l{layer}{suffix}", nn.Parameter(torch.zeros(shape)))

    def strand(self, x, name, state):
        weights = [getattr(self, f"{kind}_{name}") for kind in (${recurrentWeights(network).map((name) => `"${name}",`).join(' ')})]
        ${steps(network)}

    def forward(self, x, state=None):
        """States are tuples: of h, of c if there is one${network.config.skip ? ', of h of 2 and more steps before' : ''}, each (layers · directions, B, hidden)."""
        if state is None:
            zero = x.new_zeros(self.layers * len(self.SUFFIXES), len(x), self.hidden)
            state = (zero,) * ${stateParts(network)}
        ends = []
        for layer in range(self.layers):
            said = []
            for suffix in self.SUFFIXES:
                first = tuple(part[len(ends)] for part in state)
                y, end = self.strand(x.flip(1) if suffix else x, f"l{layer}{suffix}", first)
                said.append(y.flip(1) if suffix else y)
                ends.append(end)
            x = torch.cat(said, 2) + x if self.ADDS[layer] else torch.cat(said, 2)
        return x, tuple(torch.stack(part) for part in zip(*ends))

`

/** @param {Network} network */
function constructor(network) {
  const { config, vocabulary, inputSize, hidden, layers, gates, width, headLayers, headSize, outputs } = network
  const lines = []
  if (config.input === 'embedding') lines.push(`self.embedding = nn.Embedding(${vocabulary}, ${inputSize})`)
  lines.push(`self.rnn = ${torchHasIt(network) ? builtIn(network) : `Recurrent(${inputSize}, ${hidden}, ${layers}, ${gates})`}`)
  if (headLayers) {
    const linear = Array.from({ length: headLayers }, (_, m) => `nn.Linear(${m ? headSize : width}, ${headSize})`)
    lines.push(`self.head = nn.ModuleList([${linear.join(', ')}])`)
  }
  lines.push(`self.output = nn.Linear(${headLayers ? headSize : width}, ${outputs})`)
  if (config.tie) lines.push('self.output.weight = self.embedding.weight')
  return lines.join('\n')
}

/** @param {Network} network */
function forward({ config, vocabulary, hidden, directions, headLayers }) {
  const last = directions === 2 ? `torch.cat([x[:, -1, :${hidden}], x[:, 0, ${hidden}:]], 1)  # where each direction ends` : 'x[:, -1]'
  const pools = /** @type {Record<string, string>} */ ({ last, mean: 'x.mean(1)', max: 'x.amax(1)' })
  const lines = []
  if (config.input === 'embedding') lines.push('x = self.embedding(x)')
  if (config.input === 'one-hot') lines.push(`x = nn.functional.one_hot(x, ${vocabulary}).to(self.output.bias.dtype)`)
  lines.push('x, state = self.rnn(x, state)')
  if (config.pool !== 'each') lines.push(`x = ${pools[String(config.pool)]}`)
  if (headLayers) lines.push('for layer in self.head:', '    x = torch.relu(layer(x))')
  return [...lines, 'return self.output(x), state'].join('\n')
}

/** @param {Network} network */
function lossOf({ config, outputs }) {
  if (config.loss === 'cross-entropy') {
    const smoothing = config.labelSmoothing ? `, label_smoothing=${config.labelSmoothing}` : ''
    return `return nn.functional.cross_entropy(logits.reshape(-1, ${outputs}), TARGETS, ignore_index=-1${smoothing})`
  }
  const name = config.loss === 'binary' ? 'binary_cross_entropy_with_logits' : 'mse_loss'
  return `counted = TARGETS >= 0\nreturn nn.functional.${name}(logits.reshape(-1, ${outputs})[counted], VALUES[counted])`
}

/** Numbers as nested lists of Python. @param {ArrayLike<number>} values  @param {readonly number[]} shape @returns {string} */
function literal(values, [size, ...rest]) {
  const list = Array.from(values)
  if (!rest.length) return `[${list.join(', ')}]`
  const part = list.length / size
  return `[${Array.from({ length: size }, (_, i) => literal(list.slice(i * part, (i + 1) * part), rest)).join(', ')}]`
}

/** A batch for a network of which none is given: it counts. @param {Network} network @returns {Batch} */
function countingBatch({ config, vocabulary, inputSize, outputs }) {
  const [batch, steps] = [Math.min(2, Number(config.batch)), Math.min(8, Number(config.steps))]
  const rows = config.pool === 'each' ? batch * steps : batch
  /** @param {number} length  @param {(i: number) => number} number */
  const list = (length, number) => Array.from({ length }, (_, i) => number(i))
  return {
    batch, steps, fresh: true, inputs: list(batch * steps, (i) => i % vocabulary), targets: list(rows, (i) => (i + 1) % outputs),
    ...(config.input === 'vector' && { vectors: list(batch * steps * inputSize, (i) => i * 7 % 11 / 8 - 0.625) }),
    ...(config.loss !== 'cross-entropy' && { values: list(rows * outputs, (i) => i * 5 % 3 % 2) }),
  }
}

/** @param {Network} network  @param {Batch} batch  @param {number} loss */
function constants({ config, inputSize, outputs }, { batch, steps, inputs = [], vectors = [], targets, mask, values = [] }, loss) {
  const rows = config.pool === 'each' ? batch * steps : batch
  const counted = Array.from({ length: rows }, (_, i) => mask && !mask[i] ? -1 : targets ? targets[i] : 0)
  const lines = [
    config.input === 'vector' ? `INPUTS = torch.tensor(${literal(vectors, [batch, steps, inputSize])})` : `INPUTS = torch.tensor(${literal(inputs, [batch, steps])})`,
    `TARGETS = torch.tensor(${literal(counted, [rows])})  # −1 is not counted`,
  ]
  if (config.loss !== 'cross-entropy') lines.push(`VALUES = torch.tensor(${literal(Array.from(values, Number), [rows, outputs])}).float()`)
  return [...lines, `LOSS = ${loss}`].join('\n')
}

/**
 * A Python program, with nothing beside it but the weights, as `save` or `exportWeights` wrote them.
 * @param {Model} model
 * @param {{ batch?: Batch, file?: string }} [options]
 *   batch: whose loss the program computes; from zero state, all sequences of full length. file: where the weights are, seen from the
 *   program; 'model.safetensors', beside it
 * @returns {string}
 * @throws {RnnError} unsupported
 */
export function toPyTorch(model, { batch, file = 'model.safetensors' } = {}) {
  const network = describe(model, 'PyTorch', CELLS)
  const { config } = network
  const used = { ...(batch ?? countingBatch(network)), fresh: true }
  if (used.lengths) throw new RnnError('unsupported', 'sequences of different lengths cannot be written as PyTorch')
  const { loss } = model.forward(used)
  return `#!/usr/bin/env python3
"""A network that Unroll trained: ${config.cell}, ${network.layers} × ${network.hidden}. This loads its weights and computes the loss of a batch.

    python3 THIS_FILE [${file}]
"""

import json
import pathlib
import struct
import sys

import torch
from torch import nn

FILE = pathlib.Path(__file__).parent / ${JSON.stringify(file)}
${constants(network, used, loss)}  # in nats, as Unroll computed it

${torchHasIt(network) ? '' : written(network)}
class Network(nn.Module):
    def __init__(self):
        super().__init__()
${indent(constructor(network), 8)}

    def forward(self, x, state=None):
        """Logits, and the state after the last step."""
${indent(forward(network), 8)}


def loss_of(logits):
${indent(lossOf(network), 4)}


def read(path):
    """The tensors of a safetensors file."""
    try:
        from safetensors.torch import load_file
        return load_file(path)
    except ImportError:
        with open(path, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            data = bytearray(file.read())
        header.pop("__metadata__", None)
        return {name: torch.frombuffer(data, dtype=torch.float32, count=(end - start) // 4, offset=start).reshape(shape)
                for name, (shape, (start, end)) in ((name, (entry["shape"], entry["data_offsets"])) for name, entry in header.items())}


def load(path):
    """The network with the weights of a file; the optimizer and the carried state are left out."""
    weights = {name: tensor for name, tensor in read(path).items() if not name.startswith(("optimizer.", "state."))}
${config.tie ? '    weights.setdefault("output.weight", weights["embedding.weight"])\n' : ''}    network = Network()
    network.load_state_dict(weights)
    return network.eval()


if __name__ == "__main__":
    with torch.no_grad():
        logits, _ = load(sys.argv[1] if len(sys.argv) > 1 else FILE)(INPUTS)
        loss = loss_of(logits).item()
    print(f"loss {loss:.9g}, by Unroll {LOSS:.9g}")
    sys.exit(abs(loss - LOSS) > 1e-5 * max(1, abs(LOSS)))
`
}
