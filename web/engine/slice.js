/** A slice of the loss surface: the losses of a batch along one or two lines through the weights, from where they are. */
import { RnnError } from './errors.js'
import { recurrentBlock } from './recurrent.js'

/** @typedef {import('./model.js').Model} Model */
/**
 * A line through the weights, between two distances from here.
 *
 *   gradient  the direction in which the loss grows fastest; distances as of all weights
 *   random    a seeded one, at a right angle to the line before; it moves each parameter by the same share of its size
 *   weight    one number of a parameter
 *   radius    the recurrent weights of a layer or gate, all times a factor; distances in multiples of their spectral radius
 *
 * @typedef {{ from: number, to: number } & ({ along: 'gradient' } | { along: 'random', seed?: number } | { along: 'weight', name: string, index: number } | { along: 'radius' } & import('./recurrent.js').Recurrent)} Line
 */
/**
 * @typedef {object} SliceOptions
 * @property {readonly Line[]} lines   one or two
 * @property {number} [points]         along each, 25
 * @property {number} [budget]         milliseconds, about: fewer points where they would take longer
 * @property {readonly { rate: number, clip?: number }[]} [steps]  of gradient descent, of which that along the lines is done;
 *   with a gradient whose norm is clipped, or as it is
 */
/**
 * @typedef {object} Slice
 * @property {number} loss            here
 * @property {number} gradientNorm    of all weights
 * @property {{ here: number, values: Float64Array, slope: number }[]} lines
 *   where the weights are along each line (0, the weight, the radius), where the points are, and the gradient along it, for a distance of 1
 * @property {Float64Array} losses    (points of the second line, points of the first); what is not finite is Infinity
 * @property {{ distances: number[], loss: number }[]} steps  where they lead to
 */
/** @typedef {{ here: number, unit: number, parts: Map<string, Float32Array> }} Way  unit: of `here`, to a distance of 1 */

/** Points along each line, as time allows. */
const FEWER = [21, 17, 13, 9, 5]

/** Normal numbers, by Box and Muller from mulberry32. @param {number} seed */
function normals(seed) {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** @param {ReadonlyMap<string, Float32Array>} a  @param {ReadonlyMap<string, Float32Array>} b */
function product(a, b) {
  let sum = 0
  for (const [name, x] of a) {
    const y = b.get(name)
    if (y) for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  }
  return sum
}

/** Of length 1, unless it has none. @param {Map<string, Float32Array>} parts */
function normalized(parts) {
  const length = Math.sqrt(product(parts, parts))
  if (length > 0) for (const values of parts.values()) values.forEach((value, i) => { values[i] = value / length })
  return parts
}

/** @param {ReadonlyMap<string, Float32Array>} weights  @param {number} seed  @param {Way | undefined} before */
function randomWay(weights, seed, before) {
  const next = normals(seed)
  const parts = new Map(Array.from(weights, ([name, values]) => {
    const drawn = new Map([[name, values.map(next)]])
    const size = Math.sqrt(product(new Map([[name, values]]), weights))
    return /** @type {const} */ ([name, /** @type {Float32Array} */ (normalized(drawn).get(name)).map((value) => value * size)])
  }))
  if (before) {
    const shared = product(parts, before.parts)
    for (const [name, values] of before.parts) parts.get(name)?.forEach((value, i, all) => { all[i] = value - shared * values[i] })
  }
  return { here: 0, unit: 1, parts: normalized(parts) }
}

/**
 * @param {Model} model  @param {Line} line  @param {ReadonlyMap<string, Float32Array>} weights
 * @param {ReadonlyMap<string, Float32Array>} gradients  @param {Way | undefined} before
 * @returns {Way}
 */
function wayOf(model, line, weights, gradients, before) {
  switch (line.along) {
    case 'gradient': return { here: 0, unit: 1, parts: normalized(new Map(Array.from(gradients, ([name, values]) => [name, values.slice()]))) }
    case 'random': return randomWay(weights, line.seed ?? 1, before)
    case 'weight': {
      const values = model.getParameter(line.name)
      if (!(Number.isInteger(line.index) && line.index >= 0 && line.index < values.length)) throw new RnnError('invalid-config', `${line.name} has ${values.length} numbers, none at ${line.index}`)
      return { here: values[line.index], unit: 1, parts: new Map([[line.name, Float32Array.from(values, (_, i) => Number(i === line.index))]]) }
    }
    case 'radius': {
      const { name, from, values, radius } = recurrentBlock(model, line)
      const part = new Float32Array(model.getParameter(name).length)
      part.set(values, from)
      return { here: radius, unit: radius, parts: new Map([[name, part]]) }
    }
    default: throw new RnnError('invalid-config', `a line is along gradient, random, weight or radius, not "${/** @type {{ along: unknown }} */ (line).along}"`)
  }
}

/**
 * The model is left with other weights and gradients: give it a copy.
 * @param {Model} model
 * @param {import('./batch.js').Batch} batch
 * @param {SliceOptions} options
 * @returns {Slice}
 */
export function sliceOf(model, batch, { lines, points = 25, budget = Infinity, steps = [] }) {
  if (lines.length < 1 || lines.length > 2) throw new RnnError('invalid-config', `a slice is along one or two lines, not ${lines.length}`)
  if (!Number.isInteger(points) || points < 2) throw new RnnError('invalid-config', `${points} points make no line`)
  const learned = model.parameters.map(({ name }) => name).filter((name) => !(model.config.freezeEmbedding && name === 'embedding.weight'))
  const weights = new Map(learned.map((name) => [name, model.getParameter(name)]))
  const { gradientNorm } = model.backward(batch)
  const gradients = new Map(learned.map((name) => [name, model.getGradient(name)]))
  /** @type {Way[]} */
  const ways = []
  for (const line of lines) ways.push(wayOf(model, line, weights, gradients, ways[0]))
  const starts = new Map(ways.flatMap(({ parts }) => [...parts.keys()]).map((name) => [name, model.getParameter(name)]))

  const lossAt = (/** @type {readonly number[]} */ distances) => {
    for (const [name, start] of starts) {
      const values = start.slice()
      ways.forEach(({ parts }, i) => {
        const part = parts.get(name)
        const distance = distances[i] ?? 0
        if (part && distance) for (let k = 0; k < values.length; k++) values[k] += distance * part[k]
      })
      model.setParameter(name, values)
    }
    try {
      return model.forward(batch).loss
    } catch (error) {
      if (error instanceof RnnError && error.code === 'diverged') return Infinity
      throw error
    }
  }

  const loss = lossAt([])
  const each = Math.min(...[0, 0, 0].map(() => {
    const began = performance.now()
    lossAt([])
    return performance.now() - began
  }))
  const count = [points, ...FEWER.filter((fewer) => fewer < points)].find((n) => n ** lines.length * each <= budget) ?? Math.min(points, FEWER[FEWER.length - 1])
  const grid = lines.map(({ from, to }) => Float64Array.from({ length: count }, (_, i) => from + (to - from) * i / (count - 1)))
  const rows = grid[1] ?? [0]
  const slopes = ways.map(({ parts }) => product(gradients, parts))
  const stepTo = (/** @type {{ rate: number, clip?: number }} */ { rate, clip = Infinity }) => slopes.map((slope) => -rate * slope * Math.min(1, clip / (gradientNorm || 1)))
  return {
    loss, gradientNorm,
    lines: ways.map(({ here, unit }, i) => ({ here, values: grid[i].map((distance) => here + unit * distance), slope: slopes[i] })),
    losses: Float64Array.from({ length: rows.length * count }, (_, i) => lossAt([grid[0][i % count], rows[Math.floor(i / count)]])),
    steps: steps.map(stepTo).map((distances) => ({ distances, loss: lossAt(distances) })),
  }
}
