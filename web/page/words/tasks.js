/** Tasks in plain words: what each is called, what one will see, and how far a network has come. */
import { capital, count, fixed, inWords, percent, three } from '../draw/numbers.js'
import { presets } from '../../presets.js'
import { sizesOf } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { roundOf } from '../state.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Run} Run */

/** By name: its title, what one will see, and what is learned. @type {Readonly<Record<string, readonly [title: string, see: string, what: string]>>} */
export const TASKS = english({
  adding: ['Adding', 'two marked numbers are kept in mind until the end', 'to add two marked numbers of many'],
  copy: ['Copy', 'symbols are said again after a delay', 'to say symbols again after a delay'],
  sine: ['Sine', 'a wave is continued, step by step and freely', 'to continue waves'],
  brackets: ['Brackets', 'only who looks ahead knows which are matched', 'which brackets are matched'],
  depth: ['Nesting', 'brackets are counted', 'how deep brackets are nested'],
  tagging: ['Tagging', 'what follows tells whether a word is a name', 'which words of a sentence are names'],
  names: ['First names', 'letter by letter a belief about their list grows', 'from which list a first name is'],
  spam: ['Spam', 'word by word a belief about a mail grows', 'whether a mail is spam'],
  parity: ['Parity', 'bits are counted that were read a while ago', 'whether an odd number of bits was 1 a while ago'],
  'mackey-glass': ['Mackey–Glass', 'a chaotic series is foreseen, for a while', 'to foresee a chaotic series'],
  translation: ['Translation', 'words find their partners in another order', 'to say two English words in German'],
  cmudict: ['Pronunciation', 'letters find their sounds, and silent ones stay behind', 'to say how English words are pronounced'],
  reversal: ['Reversal', 'attention runs from the end to the beginning', 'to write letters backwards'],
  sorting: ['Sorting', 'digits are looked for in their order', 'to write digits in order'],
  addition: ['Addition', 'digits are added and carried', 'to add two numbers digit by digit'],
  'number-words': ['Numbers', 'digits become words', 'to write numbers as words'],
  dates: ['Dates', 'days are found wherever they stand', 'to write dates of many kinds as one'],
  naming: ['Naming', 'of one letter a name is made', 'to make first names of a first letter'],
  drawing: ['Drawing', 'of one digit a picture is made', 'to draw digits point by point'],
  motion: ['Motion', 'two frames tell what one does not', 'which way a shape moves'],
  caption: ['Captions', 'a picture is described, letter by letter', 'to say what is in a picture'],
  morphing: ['Morphing', 'what lies between four digits follows your hand', 'to draw what lies between four digits'],
  digits: ['Digits', 'a picture is read row by row, with a belief after each', 'to read digits'],
})

/** What a run is of: its text, or its task and the table that it learns from, where that is one's own. @param {{ preset: string, label: string }} run */
export function titleOf({ preset, label }) {
  if (!presets[preset].task) return label
  const title = t(TASKS[preset][0])
  return label === presets[preset].label ? title : `${title}: ${label}`
}

/** What was measured, in the words of the field. @type {Readonly<Record<string, string>>} */
const METRICS = english({ accuracy: 'accuracy', precision: 'precision', recall: 'recall', f1: 'F1', longer: 'accuracy on longer ones', meanSquaredError: 'mean squared error', persistence: 'of saying the last number again', exact: 'all of it right', errorRate: 'wrong symbols', bitsPerSymbol: 'bits per symbol' })

/** @param {string} name */
export const metricLabel = (name) => t(METRICS[name] ?? name)

/** Those that are no shares. */
const NUMBERS = ['meanSquaredError', 'persistence', 'bitsPerSymbol']

/** As it is written: shares as per cent. @param {string} name @param {number} value */
const writeMetric = (name, value) => (NUMBERS.includes(name) ? three(value) : `${fixed(100 * value, 1)} %`)

/** With its name. @param {string} name @param {number} value */
export const tellMetric = (name, value) => `${metricLabel(name)} ${writeMetric(name, value)}`

/** Whether the task's goal is reached. @param {Run} run @param {import('../../tasks/task.js').Metrics} metrics */
function reached({ task }, metrics) {
  const goal = task?.goal
  return goal !== undefined && ('atLeast' in goal ? metrics[goal.metric] >= goal.atLeast : metrics[goal.metric] <= goal.atMost)
}

/** @param {State} state @returns {Part[]} */
export function taskHeadline(state) {
  const { run, metrics } = state
  if (!run?.task) return []
  const { H, L } = sizesOf(run)
  const what = t(TASKS[run.task.name][2])
  const who = L > 1 ? t`${capital(inWords(L))} layers of ${H} neurons` : t`${H} neurons`
  const rounds = { strong: count(roundOf(state)) }
  const intent = H === 1 && L === 1 ? phrase`One neuron is learning ${what}.` : phrase`${who} are learning ${what}.`
  return [...intent, ' ', ...(metrics ? come(run, metrics, rounds) : phrase`Nothing has been measured yet on what is held out.`)]
}

/** @param {Run} run @param {import('../../tasks/task.js').Metrics} metrics @param {Part} rounds @returns {Part[]} */
function come(run, metrics, rounds) {
  const done = reached(run, metrics) ? t('The goal is reached.') : ''
  if (metrics.accuracy !== undefined) {
    const share = { strong: `${percent(metrics.accuracy)} %` }
    return phrase`After ${rounds} rounds, ${share} of the answers to what is held out are right. ${done}`
  }
  if (metrics.exact !== undefined) {
    const share = { strong: `${percent(metrics.exact)} %` }
    return phrase`After ${rounds} rounds, ${share} of what is held out is written without a fault. ${done}`
  }
  if (metrics.bitsPerSymbol !== undefined) return phrase`After ${rounds} rounds, a symbol that is held out surprises it by ${{ strong: three(metrics.bitsPerSymbol) }} bits. ${done}`
  const error = { strong: three(metrics.meanSquaredError) }
  if (metrics.persistence === undefined) return phrase`After ${rounds} rounds, the mean squared error on what is held out is ${error}. ${done}`
  return phrase`After ${rounds} rounds, the mean squared error on what is held out is ${error}; saying the last number again, it is ${three(metrics.persistence)}. ${done}`
}

/** For those who listen. @param {State} state */
export function taskNarration({ metrics }) {
  if (!metrics) return t('Nothing has been measured yet on what is held out.')
  return Object.entries(metrics).map(([name, value]) => tellMetric(name, value)).join(', ')
}
