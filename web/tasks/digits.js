/**
 * Digits of 8 × 8 points, drawn by a pen that is slanted, moved, stretched and smudged by chance; read row by row. Half of those to learn
 * from end early, at any row, so that what the network says after each is a belief; those that are whole are what is measured.
 */
import { classesOf, measureClasses, outputsOf, part } from './answers.js'
import { below, between } from './random.js'
import { STROKES } from './strokes.js'
import { real } from './task.js'

/** @typedef {readonly [x: number, y: number]} Point */

const SIZE = 8

/** The distance from a point to the line between two others. @param {number} x  @param {number} y  @param {Point} from  @param {Point} to */
function distanceTo(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.sqrt((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2)
}

/**
 * Rows of ink from 0 to 1.
 * @param {import('./random.js').Random} random
 * @param {number} digit
 * @param {import('./task.js').Values} values
 */
export function draw(random, digit, { jitter, noise }) {
  const [wide, high, slant] = [1, 1, 0].map((middle) => middle + jitter * between(random, -0.2, 0.2))
  const [right, down] = [0, 0].map(() => jitter * between(random, -0.8, 0.8))
  const pen = 0.9 + jitter * between(random, -0.2, 0.2)
  const middle = (SIZE - 1) / 2
  /** @param {Point} point  @returns {Point} */
  const moved = ([x, y]) => [middle + right + wide * (x - middle) - slant * (y - middle), middle + down + high * (y - middle)]
  const lines = STROKES[digit].flatMap((stroke) => stroke.slice(1).map((to, i) => /** @type {const} */ ([moved(stroke[i]), moved(to)])))
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)]
    const near = Math.min(...lines.map(([from, to]) => distanceTo(x, y, from, to)))
    return Math.min(1, Math.max(0, 1.5 - near / pen + noise * between(random, -1, 1)))
  })
}

/** @type {import('./task.js').Task} */
export const digits = {
  name: 'digits', label: 'the digit in a picture that is read row by row', shape: 'many-to-one',
  fields: [
    real('jitter', 1, 0, 2, 'How far digits are slanted, moved and stretched.'),
    real('noise', 0.3, 0, 1, 'How much ink a point gains or loses by chance.'),
  ],
  config: () => ({
    input: 'vector', inputSize: SIZE, outputs: STROKES.length, loss: 'cross-entropy', pool: 'last', steps: SIZE,
    cell: 'gru', hidden: 48, batch: 64, learningRate: 0.005, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, values) {
    const targets = Int32Array.from({ length: count }, () => below(random, STROKES.length))
    const vectors = new Float32Array(count * SIZE * SIZE)
    targets.forEach((digit, b) => vectors.set(draw(random, digit, values), b * SIZE * SIZE))
    const lengths = Int32Array.from(targets, () => random() < 0.5 ? SIZE : 1 + below(random, SIZE))
    return { batch: count, steps: SIZE, vectors, targets, lengths, fresh: true }
  },
  metrics(model, batch) {
    const whole = Int32Array.from(batch.targets ?? [], (target, b) => (batch.lengths?.[b] ?? SIZE) === SIZE ? target : -1)
    return measureClasses(model, { ...batch, targets: whole })
  },
  goal: { metric: 'accuracy', atLeast: 0.95, iterations: 600 },
  show(model, batch) {
    const { vectors = [], targets = [] } = part(batch, 0, 1)
    const lengths = Array.from({ length: SIZE }, (_, row) => row + 1)
    const grown = { batch: SIZE, steps: SIZE, vectors: lengths.flatMap(() => Array.from(vectors)), targets: lengths.map(() => targets[0]), lengths, fresh: true }
    const [said, beliefs] = [classesOf(model, grown), outputsOf(model, grown, 'p')]
    return lengths.map((_, row) => {
      const ink = Array.from(vectors).slice(row * SIZE, (row + 1) * SIZE).map((value) => ' ░▒▓█'[Math.round(value * 4)].repeat(2)).join('')
      return `${ink}  ${said[row]} (${Math.round(100 * beliefs[row * STROKES.length + said[row]])} %)`
    }).join('\n') + `\nis a ${targets[0]}; beside each row, what it says after it`
  },
}
