/**
 * One to many: a point of a plane becomes a picture, drawn point by point. In each corner there is a digit; in between, their lines are
 * mixed, the more of each the nearer its corner is.
 */
import { CHARACTERS, pairs } from './pairs.js'
import { distanceTo, inRows } from './pen.js'
import { STROKES } from './strokes.js'

/** @typedef {import('./pen.js').Point} Point */

/** Points of a picture in a row, and of each line that is mixed. */
const [SIZE, PIECES] = [8, 24]

/** Half of a line's width. */
const PEN = 0.62

const [PAPER, INK] = ['.', '#']

/** Digits of one stroke: above left and right, below left and right. */
const CORNERS = [7, 2, 3, 0]

/** So many points of a stroke, equally far from each other along it. @param {readonly Point[]} stroke  @returns {Point[]} */
function evenly(stroke) {
  const pieces = stroke.slice(1).map(([x, y], i) => ({ from: stroke[i], to: /** @type {Point} */ ([x, y]), length: Math.sqrt((x - stroke[i][0]) ** 2 + (y - stroke[i][1]) ** 2) }))
  const whole = pieces.reduce((sum, { length }) => sum + length, 0)
  return Array.from({ length: PIECES }, (_, k) => {
    let left = k / (PIECES - 1) * whole
    let at = 0
    while (at < pieces.length - 1 && left > pieces[at].length) left -= pieces[at++].length
    const { from, to, length } = pieces[at]
    return [from[0] + left / length * (to[0] - from[0]), from[1] + left / length * (to[1] - from[1])]
  })
}

const LINES = CORNERS.map((digit) => evenly(STROKES[digit][0]))

/** The line at a point. @param {number} x  @param {number} y  @returns {Point[]} */
function mixed(x, y) {
  const shares = [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y]
  const along = (/** @type {number} */ k, /** @type {0 | 1} */ axis) => shares.reduce((sum, share, corner) => sum + share * LINES[corner][k][axis], 0)
  return Array.from({ length: PIECES }, (_, k) => [along(k, 0), along(k, 1)])
}

/** Ink or paper of each point. @param {readonly number[]} source */
function picture([x, y]) {
  const line = mixed(x, y)
  const place = (/** @type {number} */ i) => (i + 0.5) * 7 / SIZE
  return Array.from({ length: SIZE * SIZE }, (_, i) => {
    const near = Math.min(...line.slice(1).map((to, k) => distanceTo(place(i % SIZE), place(Math.floor(i / SIZE)), line[k], to)))
    return Number(near < PEN)
  })
}

const drawn = (/** @type {readonly number[]} */ source) => picture(source).map((ink) => [PAPER, INK][ink]).join('')

export const morphing = pairs(
  {
    name: 'morphing', label: 'a point between four digits becomes what lies there, drawn point by point', goal: { metric: 'errorRate', atMost: 0.08, iterations: 800 }, fields: [],
    config: { attention: 'none', context: 'each', batch: 32, learningRate: 0.01 },
    across: SIZE, right: picture, corners: CORNERS.map(String), told: (points) => inRows(points, SIZE),
  },
  {
    size: 2,
    alphabet: () => ({ ...CHARACTERS, reads: [], writes: [PAPER, INK], longestSource: 1, longestTarget: SIZE * SIZE }),
    draw(random) {
      const source = [random(), random()].map(Math.fround)
      return [source, drawn(source)]
    },
  },
)
