/**
 * Which way does a shape move? Frames of 8 × 8 points, in noise, with a label for each: what one frame shows says nothing, only what has
 * changed since the one before.
 */
import { classesOf, measureClasses, part } from './answers.js'
import { shaded } from './pen.js'
import { below, between } from './random.js'
import { integer, real } from './task.js'

const SIZE = 8

/** By class: how it is called, also in plain letters, and where it goes. */
const WAYS = /** @type {const} */ ([
  { sign: '·', letter: '.', x: 0, y: 0 }, { sign: '←', letter: '<', x: -1, y: 0 }, { sign: '→', letter: '>', x: 1, y: 0 }, { sign: '↑', letter: '^', x: 0, y: -1 }, { sign: '↓', letter: 'v', x: 0, y: 1 },
])

/** Rows of what moves. */
export const SHAPES = [['##', '##'], ['###'], ['#', '#', '#'], ['###', '#.#', '###'], ['.#.', '###', '.#.'], ['#..', '##.', '###']]

/** The share of frames in which it goes on as before, where it can. */
const STEADY = 0.6

/** Frames and where the shape has moved since the one before, −1 for the first. @param {import('./random.js').Random} random  @param {import('./task.js').Values} values */
function draw(random, { frames, noise }) {
  const shape = SHAPES[below(random, SHAPES.length)]
  const [most, lowest] = [SIZE - shape[0].length, SIZE - shape.length]
  let [x, y, way] = [below(random, most + 1), below(random, lowest + 1), -1]
  const ways = [way]
  const vectors = [frameOf(random, shape, x, y, noise)]
  const fits = (/** @type {number} */ one) => x + WAYS[one].x >= 0 && x + WAYS[one].x <= most && y + WAYS[one].y >= 0 && y + WAYS[one].y <= lowest
  while (ways.length < frames) {
    if (way < 0 || !fits(way) || random() >= STEADY) {
      const open = WAYS.flatMap((_, one) => (fits(one) ? [one] : []))
      way = open[below(random, open.length)]
    }
    x += WAYS[way].x
    y += WAYS[way].y
    ways.push(way)
    vectors.push(frameOf(random, shape, x, y, noise))
  }
  return { vectors: vectors.flat(), ways }
}

/** Rows of ink from 0 to 1. @param {import('./random.js').Random} random  @param {readonly string[]} shape  @param {number} x  @param {number} y  @param {number} noise */
const frameOf = (random, shape, x, y, noise) => Array.from({ length: SIZE * SIZE }, (_, i) => {
  const ink = shape[Math.floor(i / SIZE) - y]?.[i % SIZE - x] === '#' ? 1 : 0
  return Math.min(1, Math.max(0, ink + noise * between(random, -1, 1)))
})

/** @type {import('./task.js').Task} */
export const motion = {
  name: 'motion', label: 'the way a shape moves', shape: 'aligned',
  fields: [
    integer('frames', 12, 2, 200, 'Frames in a sequence.'),
    real('noise', 0.3, 0, 1, 'How much ink a point gains or loses by chance.'),
  ],
  config: ({ frames }) => ({
    input: 'vector', inputSize: SIZE * SIZE, outputs: WAYS.length, loss: 'cross-entropy', pool: 'each', steps: frames,
    cell: 'gru', hidden: 64, batch: 64, learningRate: 0.005, clip: 'norm', clipAt: 1,
  }),
  sample(random, count, values) {
    const { frames } = values
    const [vectors, targets] = [new Float32Array(count * frames * SIZE * SIZE), new Int32Array(count * frames)]
    for (let b = 0; b < count; b++) {
      const drawn = draw(random, values)
      vectors.set(drawn.vectors, b * frames * SIZE * SIZE)
      targets.set(drawn.ways, b * frames)
    }
    return { batch: count, steps: frames, vectors, targets, fresh: true }
  },
  metrics: measureClasses,
  symbols: () => ({ says: WAYS.map(({ sign }) => sign) }),
  goal: { metric: 'accuracy', atLeast: 0.9, iterations: 300 },
  show(model, batch) {
    const first = part(batch, 0, 1)
    const { vectors = [], targets = [], steps } = first
    const rows = Array.from({ length: SIZE }, (_, y) => Array.from({ length: steps }, (_, t) =>
      shaded(Array.from(vectors).slice((t * SIZE + y) * SIZE, (t * SIZE + y + 1) * SIZE))).join(' '))
    /** @param {ArrayLike<number>} ways */
    const line = (ways) => Array.from(ways, (way, t) => (t > 0 ? WAYS[way].letter : '').padEnd(2 * SIZE)).join(' ').trimEnd()
    return `${rows.join('\n')}\n${line(targets)}\n${line(classesOf(model, first))} is what it says`
  },
}
