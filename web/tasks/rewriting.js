/** Short texts to be written otherwise, made by chance: backwards, in order, as their sum, as words, as one kind of date. */
import { CHARACTERS, pairs } from './pairs.js'
import { below } from './random.js'
import { integer } from './task.js'

/** @typedef {import('./random.js').Random} Random */

const DIGITS = [...'0123456789']
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

/** @param {Random} random  @param {number} most  @param {readonly string[]} letters */
const someOf = (random, most, letters) => Array.from({ length: 1 + below(random, most) }, () => letters[below(random, letters.length)])

/** A goal by a learning rate that falls until it is reached, so that the last updates undo nothing. @param {number} iterations @param {number} atLeast  share of targets without a fault */
const falling = (iterations, atLeast) => ({ goal: { metric: 'exact', atLeast, iterations }, config: { schedule: 'cosine', scheduleSteps: iterations } })

/** @param {string} name  @param {string} label  @param {readonly string[]} letters  @param {number} length  @param {(letters: string[]) => string[]} change  @param {ReturnType<typeof falling>} reaching */
const ofLetters = (name, label, letters, length, change, reaching) => pairs(
  { name, label, ...reaching, fields: [integer('length', length, 1, 64, 'Most symbols of a source.')] },
  {
    alphabet: ({ length }) => ({ ...CHARACTERS, reads: letters, writes: letters, longestSource: length, longestTarget: length }),
    draw(random, { length }) {
      const source = someOf(random, length, letters)
      return [source.join(''), change([...source]).join('')]
    },
  },
)

export const reversal = ofLetters('reversal', 'letters to be written backwards', LETTERS, 10, (letters) => letters.reverse(), falling(700, 0.98))

export const sorting = ofLetters('sorting', 'digits to be written in order', DIGITS, 8, (digits) => digits.sort(), falling(800, 0.98))

export const addition = pairs(
  { name: 'addition', label: 'the sum of two numbers, digit by digit', ...falling(2000, 0.95), fields: [integer('digits', 2, 1, 6, 'Most digits of a number.')] },
  {
    alphabet: ({ digits }) => ({ ...CHARACTERS, reads: [...DIGITS, '+'], writes: DIGITS, longestSource: 2 * digits + 1, longestTarget: digits + 1 }),
    draw(random, { digits }) {
      const [a, b] = [0, 0].map(() => below(random, 10 ** (1 + below(random, digits))))
      return [`${a}+${b}`, String(a + b)]
    },
  },
)

/* --- Numbers as words ---------------------------------------------------- */

const SMALL = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen']
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']

/** As English names a whole number below a million. @param {number} n  @returns {string} */
export function inWords(n) {
  if (n < 20) return SMALL[n]
  if (n < 100) return TENS[Math.floor(n / 10)] + (n % 10 ? `-${SMALL[n % 10]}` : '')
  const [unit, name] = n < 1000 ? [100, 'hundred'] : [1000, 'thousand']
  return `${inWords(Math.floor(n / unit))} ${name}${n % unit ? ` ${inWords(n % unit)}` : ''}`
}

export const numberWords = pairs(
  { name: 'number-words', label: 'numbers to be written as words', goal: { metric: 'exact', atLeast: 0.95, iterations: 400 }, fields: [integer('digits', 3, 1, 6, 'Most digits of a number.')] },
  {
    alphabet: ({ digits }) => ({ ...CHARACTERS, reads: DIGITS, writes: [' ', '-', ...LETTERS], longestSource: digits, longestTarget: [0, 9, 13, 27, 43, 52, 61][digits] }),
    draw(random, { digits }) {
      const number = below(random, 10 ** (1 + below(random, digits)))
      return [String(number), inWords(number)]
    },
  },
)

/* --- Dates --------------------------------------------------------------- */

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const [FIRST, COUNT] = [Date.UTC(1900, 0, 1), 73414] // to the last of 2100

/** Ways to write a date. @type {readonly ((date: { year: number, month: number, day: number, weekday: number }) => string)[]} */
const FORMATS = [
  ({ year, month, day }) => `${day} ${MONTHS[month]} ${year}`,
  ({ year, month, day }) => `${MONTHS[month]} ${day}, ${year}`,
  ({ year, month, day }) => `${MONTHS[month].slice(0, 3)} ${day} ${year}`,
  ({ year, month, day }) => `${day}.${month + 1}.${year}`,
  ({ year, month, day, weekday }) => `${DAYS[weekday]}, ${day} ${MONTHS[month]} ${year}`,
  ({ year, month, day, weekday }) => `${DAYS[weekday].slice(0, 3)} ${MONTHS[month]} ${day}, ${year}`,
]

const DATE_LETTERS = [...new Set([...' ,.', ...DIGITS, ...MONTHS.join(''), ...DAYS.join('')])].sort()

export const dates = pairs(
  { name: 'dates', label: 'dates of many kinds to be written as one', goal: { metric: 'exact', atLeast: 0.95, iterations: 400 }, fields: [], config: { attention: 'additive' } },
  {
    alphabet: () => ({ ...CHARACTERS, reads: DATE_LETTERS, writes: ['-', ...DIGITS], longestSource: 'Wednesday, 30 September 2000'.length, longestTarget: 'yyyy-mm-dd'.length }),
    draw(random) {
      const date = new Date(FIRST + 864e5 * below(random, COUNT))
      const [year, month, day, weekday] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCDay()]
      return [FORMATS[below(random, FORMATS.length)]({ year, month, day, weekday }), date.toISOString().slice(0, 10)]
    },
  },
)
