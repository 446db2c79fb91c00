/**
 * One to many: of a single symbol a whole sequence is made, of which many are right. A list and a first letter become a name, a digit
 * becomes a picture of it, point by point.
 */
import { draw } from './digits.js'
import { LISTS } from './name-lists.js'
import { listed, SPLIT } from './pair-list.js'
import { CHARACTERS, pairs, whole } from './pairs.js'
import { inRows } from './pen.js'
import { below } from './random.js'
import { STROKES } from './strokes.js'
import { real } from './task.js'

/** Of one symbol there is nothing to look for. */
const FROM_ONE = { attention: 'none', context: 'each' }

const NAMES = Object.entries(LISTS).flatMap(([list, names]) => names.map((name) => /** @type {[source: string, target: string][]} */ ([[`${list} ${name[0]}`, name.slice(1)]])))

export const naming = pairs(
  { name: 'naming', label: 'a list and a first letter become a first name', goal: { metric: 'bitsPerSymbol', atMost: 2.8, iterations: 800 }, open: true, fields: SPLIT, config: FROM_ONE },
  listed(NAMES, { ...CHARACTERS, splitSource: whole }),
)

const [PAPER, INK] = ['.', '#']
const SIZE = 8

export const drawing = pairs(
  {
    name: 'drawing', label: 'a digit becomes a picture of it, point by point', goal: { metric: 'bitsPerSymbol', atMost: 0.4, iterations: 400 }, open: true,
    fields: [real('jitter', 0.5, 0, 2, 'How far digits are slanted, moved and stretched.')], config: FROM_ONE,
    across: SIZE, told: (points) => inRows(points, SIZE),
  },
  {
    alphabet: () => ({ ...CHARACTERS, reads: STROKES.map((_, digit) => String(digit)), writes: [PAPER, INK], longestSource: 1, longestTarget: SIZE * SIZE }),
    draw(random, { jitter }) {
      const digit = below(random, STROKES.length)
      return [String(digit), Array.from(draw(random, digit, { jitter, noise: 0 }), (ink) => ink < 0.5 ? PAPER : INK).join('')]
    },
  },
)
