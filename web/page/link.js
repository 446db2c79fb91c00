/**
 * A run as the end of an address, after #:
 *
 *     v=1 & preset=moby-dick & hidden=64 & seed=7 & sample=0.6:3 & at=20:learningRate:0.01 & at=25:output.bias[2]:0.5 & round=120:0.0573:0f3kq…
 *
 * or that of a task, as v=1 & preset=adding & length=60 & seed=2. Settings stand there where they differ from the preset's. A text of one's own, or a task's data,
 * is `text`, or, where it is long, `file` with its length and fingerprint. `sample` is the temperature, the seed and the rules by which it writes. `at` is what was changed
 * by hand, radius.0.i the spectral radius of gate i of layer 0; `round` is where the run was, with its loss and the
 * fingerprint of its weights.
 */
import { presets } from '../presets.js'
import { LEAST_SHARE } from './choosing.js'
import { labelOf, mistakeIn } from './fields.js'
import { scalingOf } from './repeat.js'
import { t } from './language/index.js'

/** @typedef {import('./types.js').Field} Field */
/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('./types.js').Setting} Setting */
/** @typedef {import('../engine/origin.js').Change} Change */
/** @typedef {{ name: string, length: number, print: string }} File   a text that is not in the link */

/** How it writes, in the order of the link. */
export const SAMPLED = /** @type {const} */ (['temperature', 'seed', 'topK', 'topP', 'minP', 'typicalP'])

/**
 * @typedef {object} Link
 * @property {string} preset
 * @property {string} [text]       of one's own
 * @property {File} [file]
 * @property {Config} config       where it differs
 * @property {{ -readonly [N in typeof SAMPLED[number]]?: number }} sampling
 * @property {readonly Change[]} changes
 * @property {{ iteration: number, loss: number, weights: string }} [round]
 */

const VERSION = '1'

/** Characters of a text that a link may hold. */
export const SHORT = 400

const MOST_ROUNDS = 1e9
const MOST_CHANGES = 1000

/** Follow from the text and the machine. */
const LEFT_OUT = ['task', 'vocabulary', 'threads']

/** What stands between settings. */
const WORDS = ['v', 'preset', 'text', 'file', 'sample', 'at', 'round']

/** @param {Config} config @param {Config} usual  what the preset, or the text, asks for by itself @param {readonly Field[]} fields @returns {Config} what is not as usual */
export function differences(config, usual, fields) {
  const differ = fields.filter(({ name, default: standard }) => !LEFT_OUT.includes(name) && config[name] !== undefined && config[name] !== (usual[name] ?? standard))
  return Object.fromEntries(differ.map(({ name }) => [name, config[name]]))
}

/** @param {Link} link @returns {string} with its # */
export function writeLink({ preset, text, file, config, sampling, changes, round }) {
  const words = new URLSearchParams({ v: VERSION })
  if (text !== undefined) words.set('text', text)
  else if (file) words.set('file', `${file.name}:${file.length}:${file.print}`)
  if (preset !== 'own') words.set('preset', preset)
  for (const [name, value] of Object.entries(config)) words.set(name, String(value))
  const sampled = SAMPLED.map((name) => sampling[name] ?? '')
  if (sampled.join('')) words.set('sample', sampled.join(':').replace(/:{1,4}$/, ''))
  for (const { iteration, name, index, value } of changes) words.append('at', `${iteration}:${name}${index === undefined ? '' : `[${index}]`}:${value}`)
  if (round) words.set('round', `${round.iteration}:${round.loss}:${round.weights}`)
  return `#${words}`.replaceAll('%3A', ':')
}

/** Which preset a link is of, as it says. @param {string} hash */
export function presetIn(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ''))
  return words.get('preset') ?? (words.has('text') || words.get('file') ? 'own' : '')
}

/**
 * @param {string} hash
 * @param {readonly Field[]} fields
 * @returns {Link}
 * @throws {Error} with what is wrong, as the end of a sentence
 */
export function readLink(hash, fields) {
  const words = new URLSearchParams(hash.replace(/^#/, ''))
  if (words.get('v') !== VERSION) throw new Error(words.has('v') ? t`it is of version ${clip(words.get('v'))}, and this page reads version ${VERSION}` : t('it does not say what it is of'))
  for (const name of new Set(words.keys())) if (name !== 'at' && words.getAll(name).length > 1) throw new Error(t`it says ${clip(name)} twice`)
  const [text, file] = [words.get('text') ?? undefined, words.get('file')]
  const preset = presetIn(hash)
  const brings = text !== undefined || Boolean(file)
  if (!Object.hasOwn(presets, preset) || (preset === 'own' ? words.has('preset') : brings && !presets[preset].task)) throw new Error(t`there is no preset “${clip(preset)}”`)
  if (text !== undefined && (text.length > SHORT || [...text].length < 2)) throw new Error(text.length > SHORT ? t('its text is too long') : t('its text is too short'))
  /** @type {Record<string, Setting>} */
  const config = {}
  for (const [name, value] of words) if (!WORDS.includes(name)) config[name] = readSetting(name, value, fields)
  const changes = words.getAll('at').map((change) => readChange(change, fields))
  if (changes.length > MOST_CHANGES || changes.some((change, i) => i > 0 && change.iteration < changes[i - 1].iteration)) throw new Error(t('its changes are not in order'))
  const round = words.get('round')
  return {
    preset, ...(text !== undefined && { text }), ...(file && { file: readFile(file) }), config, changes,
    sampling: readSampling(words.get('sample')), ...(round && { round: readRound(round) }),
  }
}

/** @param {string | null} text  what others wrote, short enough for a sentence */
const clip = (text) => ((text ?? '').length > 20 ? `${text?.slice(0, 20)}…` : text ?? '')

/** @param {string} text @param {string} what @param {number} least @param {number} most */
function readNumber(text, what, least, most) {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most)) throw new Error(t`its ${what} is “${clip(text)}”`)
  return value
}

/** @param {string} text @param {string} what */
function readWhole(text, what, most = MOST_ROUNDS) {
  const value = readNumber(text, what, 0, most)
  if (!Number.isInteger(value)) throw new Error(t`its ${what} is “${clip(text)}”`)
  return value
}

/** @param {string} name @param {string} text @param {readonly Field[]} fields @returns {Setting} */
function readSetting(name, text, fields) {
  const field = fields.find((row) => row.name === name)
  if (!field || LEFT_OUT.includes(name)) throw new Error(t`there is no setting “${clip(name)}”`)
  if (field.kind === 'flag' && text !== 'true' && text !== 'false') throw new Error(t`${labelOf(name)} is “${clip(text)}”`)
  const value = field.kind === 'flag' ? text === 'true' : field.kind === 'choice' ? text : text.trim() === '' ? NaN : Number(text)
  const mistake = mistakeIn(field, value)
  if (mistake) throw new Error(field.kind === 'choice' ? t`${labelOf(name)} is “${clip(text)}”` : mistake.replace(/\.$/, ''))
  return value
}

/** @param {string} text @param {readonly Field[]} fields @returns {Change} */
function readChange(text, fields) {
  const [, rounds = '', name = '', index, value = ''] = /^(\d+):([\w.]+)(?:\[(\d+)\])?:(.+)$/.exec(text) ?? []
  const iteration = readWhole(rounds, t('round of a change'))
  if (scalingOf(name)) return { iteration, name, value: value === 'learned' ? value : readNumber(value, t('spectral radius'), 0, 1e6) }
  if (index === undefined) return { iteration, name, value: readSetting(name, value, fields) }
  return { iteration, name, index: readWhole(index, t('place of a change')), value: readNumber(value, t('changed number'), -1e30, 1e30) }
}

/** @param {string} text @returns {File} */
function readFile(text) {
  const [, name = '', length = '', print = ''] = /^([^]*):(\d+):(\w{1,20})$/.exec(text) ?? []
  if (!print) throw new Error(t`its file is “${clip(text)}”`)
  return { name: name.slice(0, 100), length: readWhole(length, t('length of the text')), print }
}

/** @param {string | null} text */
function readSampling(text) {
  const told = (text ?? '').split(':')
  /** @type {Readonly<Record<typeof SAMPLED[number], (word: string) => number>>} */
  const readers = {
    temperature: (word) => readNumber(word, t('temperature'), 0, 2), seed: (word) => readWhole(word, t('seed of the sample'), 2 ** 32 - 1),
    topK: (word) => readWhole(word, t('top-k'), 2 ** 16), topP: (word) => readNumber(word, t('nucleus'), LEAST_SHARE, 1),
    minP: (word) => readNumber(word, t('min-p'), 0, 1), typicalP: (word) => readNumber(word, t('typical'), LEAST_SHARE, 1),
  }
  return Object.fromEntries(SAMPLED.flatMap((name, i) => (told[i] ? [[name, readers[name](told[i])]] : [])))
}

/** @param {string} text */
function readRound(text) {
  const [rounds = '', loss = '', weights = ''] = text.split(':')
  if (!/^\w{1,20}$/.test(weights)) throw new Error(t`its fingerprint is “${clip(weights)}”`)
  return { iteration: readWhole(rounds, t('round')), loss: readNumber(loss, t('loss'), 0, Number.MAX_VALUE), weights }
}
