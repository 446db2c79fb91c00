/**
 * One to many: a picture becomes its caption, spelled out. The whole picture enters as one vector. Some captions are never learned
 * from; to write them, what was learned of their words in others has to be put together.
 */
import { CHARACTERS, pairs } from './pairs.js'
import { below, between, randomFrom, shuffled } from './random.js'
import { integer, real } from './task.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./task.js').Values} Values */

/** Points of each half of a picture in a row: one thing is on the left, one on the right. */
const SIZE = 8

/** How far a point is outside, from a shape's middle and with its radius. @type {Readonly<Record<string, (x: number, y: number, radius: number) => number>>} */
const SHAPES = {
  square: (x, y, radius) => Math.max(Math.abs(x), Math.abs(y)) - radius,
  circle: (x, y, radius) => Math.sqrt(x * x + y * y) - radius,
  triangle: (x, y, radius) => Math.max(y - radius, (2 * Math.abs(x) - y - radius) / Math.sqrt(5)),
  cross: (x, y, radius) => Math.min(Math.max(Math.abs(x) - radius / 3, Math.abs(y) - radius), Math.max(Math.abs(y) - radius / 3, Math.abs(x) - radius)),
  bar: (x, y, radius) => Math.max(Math.abs(x) - radius, Math.abs(y) - 0.7),
  pole: (x, y, radius) => Math.max(Math.abs(x) - 0.7, Math.abs(y) - radius),
  ring: (x, y, radius) => Math.abs(Math.sqrt(x * x + y * y) - radius + 0.5) - 0.5,
}

/** Their radius. @type {Readonly<Record<string, number>>} */
const SIZES = { small: 2.1, large: 3.3 }

/** @typedef {readonly [size: string, shape: string]} Thing */
/** @typedef {readonly [left: Thing, right: Thing]} Scene */

const THINGS = Object.keys(SIZES).flatMap((size) => Object.keys(SHAPES).map((shape) => /** @type {Thing} */ ([size, shape])))
const SCENES = THINGS.flatMap((left) => THINGS.map((right) => /** @type {Scene} */ ([left, right])))

const spelled = (/** @type {Scene} */ things) => things.map(([size, shape]) => `a ${size} ${shape}`).join(' and ')

const [LETTERS, LONGEST] = [[...new Set(SCENES.flatMap((things) => [...spelled(things)]))].sort(), Math.max(...SCENES.map((things) => spelled(things).length))]

/** How far each point of a half is outside of a thing. @param {Random} random  @param {Thing} thing  @param {number} jitter */
function half(random, [size, shape], jitter) {
  const [right, down] = [0, 0].map(() => (SIZE - 1) / 2 + jitter * between(random, -0.5, 0.5))
  const radius = SIZES[size] * (1 + jitter * between(random, -0.06, 0.06))
  return (/** @type {number} */ x, /** @type {number} */ y) => SHAPES[shape](x - right, y - down, radius)
}

/** Ink from 0 to 1. @param {Random} random  @param {Scene} things  @param {Values} values */
function picture(random, things, { jitter, noise }) {
  const [left, right] = things.map((thing) => half(random, thing, jitter))
  return Array.from({ length: 2 * SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % (2 * SIZE), Math.floor(i / (2 * SIZE))]
    const outside = Math.min(left(x, y), right(x - SIZE, y))
    return Math.min(1, Math.max(0, 0.5 - outside + noise * between(random, -1, 1)))
  })
}

/** Those that are learned from, and those that are held out. @param {Values} values */
function parts({ share, split }) {
  const all = shuffled(randomFrom(split), SCENES)
  const count = Math.max(1, Math.round(share * all.length))
  return { held: all.slice(0, count), training: all.slice(count) }
}

/** Pictures of each caption that is held out. */
const EACH = 20

/** @param {Random} random  @param {Scene} things  @param {Values} values */
const pairOf = (random, things, values) => /** @type {const} */ ([picture(random, things, values), spelled(things)])

export const caption = pairs(
  {
    name: 'caption', label: 'a picture becomes its caption, letter by letter', goal: { metric: 'exact', atLeast: 0.9, iterations: 600 },
    fields: [
      real('jitter', 1, 0, 2, 'How far shapes are moved and stretched.'),
      real('noise', 0.1, 0, 1, 'How much ink a point gains or loses by chance.'),
      real('share', 0.1, 0.01, 0.5, 'Share of the captions that are never learned from.'),
      integer('split', 1, 0, 4294967295, 'Seed of the choice which are held out.'),
    ],
    config: { attention: 'none', context: 'each', hidden: 96, batch: 32 },
    sourceAcross: 2 * SIZE,
  },
  {
    size: 2 * SIZE * SIZE,
    alphabet: () => ({ ...CHARACTERS, reads: [], writes: LETTERS, longestSource: 1, longestTarget: LONGEST }),
    draw(random, values) {
      const { training } = parts(values)
      return pairOf(random, training[below(random, training.length)], values)
    },
    held(values) {
      const random = randomFrom(values.split, 1)
      return parts(values).held.flatMap((things) => Array.from({ length: EACH }, () => pairOf(random, things, values)))
    },
    counts: (values) => ({ captions: parts(values).training.length, heldOut: parts(values).held.length }),
  },
)
