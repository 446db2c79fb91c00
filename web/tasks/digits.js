/**
 * Digits of 8 × 8 points, drawn by a pen that is slanted, moved, stretched and smudged by chance; read row by row or by glimpses. Half of those to learn
 * from end early, at any of these, so that what the network says after each is a belief; those that are whole are what is measured.
 */
import { classesOf, measureClasses, outputsOf, part } from './answers.js'
import { distanceTo, pictured } from './pen.js'
import { below, between, randomFrom, shuffled } from './random.js'
import { STROKES } from './strokes.js'
import { integer, real } from './task.js'

/** @typedef {import('./pen.js').Point} Point */

const SIZE = 8

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

/**
 * What is read, in order: rows, or square windows, the last of which overlap those before where they do not fit.
 * @param {import('./task.js').Values} values  @returns {import('./task.js').Window[]}
 */
export function windowsOf({ glimpse, scan }) {
  const [width, height] = glimpse ? [glimpse, glimpse] : [SIZE, 1]
  const places = (/** @type {number} */ size) => Array.from({ length: Math.ceil(SIZE / size) }, (_, i) => Math.min(i * size, SIZE - size))
  const all = places(height).flatMap((y) => places(width).map((x) => ({ x, y, width, height })))
  return scan ? shuffled(randomFrom(scan), all) : all
}

/** @param {ArrayLike<number>} picture  @param {import('./task.js').Window} window */
const inkIn = (picture, { x, y, width, height }) => Array.from({ length: width * height }, (_, i) => picture[(y + Math.floor(i / width)) * SIZE + x + i % width])

/** The picture that windows are of. @param {ArrayLike<number>} read  @param {readonly import('./task.js').Window[]} windows */
function pictureOf(read, windows) {
  const picture = new Float32Array(SIZE * SIZE)
  windows.forEach(({ x, y, width, height }, step) => {
    for (let i = 0; i < width * height; i++) picture[(y + Math.floor(i / width)) * SIZE + x + i % width] = read[step * width * height + i]
  })
  return picture
}

/** @type {import('./task.js').Task} */
export const digits = {
  name: 'digits', label: 'the digit in a picture that is read row by row, or by glimpses', shape: 'many-to-one',
  fields: [
    real('jitter', 1, 0, 2, 'How far digits are slanted, moved and stretched.'),
    real('noise', 0.3, 0, 1, 'How much ink a point gains or loses by chance.'),
    integer('glimpse', 0, 0, 4, 'Width of the square windows that are read one after another; 0: the rows are.'),
    integer('scan', 0, 0, 4294967295, 'Seed of their order; 0: from left to right, and from top to bottom.'),
  ],
  config: (values) => ({
    input: 'vector', inputSize: values.glimpse ** 2 || SIZE, outputs: STROKES.length, loss: 'cross-entropy', pool: 'last', steps: windowsOf(values).length,
    cell: 'gru', hidden: 48, batch: 64, learningRate: 0.005, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, values) {
    const targets = Int32Array.from({ length: count }, () => below(random, STROKES.length))
    const windows = windowsOf(values)
    const steps = windows.length
    const each = steps * windows[0].width * windows[0].height
    const vectors = new Float32Array(count * each)
    targets.forEach((digit, b) => {
      const picture = draw(random, digit, values)
      vectors.set(windows.flatMap((window) => inkIn(picture, window)), b * each)
    })
    const lengths = Int32Array.from(targets, () => random() < 0.5 ? steps : 1 + below(random, steps))
    return { batch: count, steps, vectors, targets, lengths, fresh: true }
  },
  measured: (batch) => ({ ...batch, targets: Int32Array.from(batch.targets ?? [], (target, b) => (batch.lengths?.[b] ?? batch.steps) === batch.steps ? target : -1) }),
  metrics: (model, batch) => measureClasses(model, digits.measured?.(batch) ?? batch),
  symbols: () => ({ says: STROKES.map((_, digit) => String(digit)) }),
  windows: windowsOf,
  goal: { metric: 'accuracy', atLeast: 0.95, iterations: 600 },
  show(model, batch, values) {
    const { vectors = [], targets = [], steps } = part(batch, 0, 1)
    const lengths = Array.from({ length: steps }, (_, step) => step + 1)
    const grown = { batch: steps, steps, vectors: lengths.flatMap(() => Array.from(vectors)), targets: lengths.map(() => targets[0]), lengths, fresh: true }
    const [said, beliefs] = [classesOf(model, grown), outputsOf(model, grown, 'p')]
    const told = lengths.map((_, step) => `${said[step]} (${Math.round(100 * beliefs[step * STROKES.length + said[step]])} %)`)
    const picture = pictured(Array.from(pictureOf(vectors, windowsOf(values))), SIZE)
    if (values.glimpse || values.scan) return `${picture}\nis a ${targets[0]}; after each look, it says ${told.join(', ')}`
    return `${picture.split('\n').map((ink, y) => `${ink}  ${told[y]}`).join('\n')}\nis a ${targets[0]}; beside each row, what it says after it`
  },
}
