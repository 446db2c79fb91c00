/** A network in a file goes on with the text that it came from: in the file where it is short, known by its preset, or the one that is there. */
import { RnnError } from '../engine/errors.js'
import { fingerprintOf } from '../engine/fingerprint.js'
import { total, Vocabulary } from '../engine/text.js'
import { presets } from '../presets.js'
import { count } from './draw/numbers.js'
import { t } from './language/index.js'
import { again, ownPending, presetPending } from './opening.js'
import { isOwn, textOfPreset } from './preset-text.js'
import { titleOf } from './words/tasks.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./opening.js').Pending} Pending */
/** @typedef {{ preset: string, label: string, print: string, text?: string }} Source */

/** Letters of a text that are kept with a network. */
const SHORT = 20_000
/** Letters that are named in a sentence. */
const NAMED = 8

/** What a file is told of its text. @param {State} state @returns {Readonly<Record<string, string>>} */
export const sourceOf = ({ preset, label, text }) => ({
  source: JSON.stringify({ preset, label, print: fingerprintOf(text), ...(isOwn({ preset, text }) && text.length <= SHORT && { text }) }),
})

/** What the header says; nothing where it cannot be read, which the engine then says better. @param {Uint8Array} bytes @returns {{ source?: Source, task?: string, vocabulary?: Vocabulary }} */
function readHeader(bytes) {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
    const { source = 'null', vocabulary, task = 'null' } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))).__metadata__
    const { preset, label, print, text } = JSON.parse(source) ?? {}
    const known = [preset, label, print].every((each) => typeof each === 'string') && ['string', 'undefined'].includes(typeof text)
    return { vocabulary: vocabulary && Vocabulary.fromJSON(vocabulary), task: String(JSON.parse(task)?.name), ...(known && { source: { preset, label: label.slice(0, 100), print, text } }) }
  } catch {
    return {}
  }
}

/** @param {Source} source @param {State} state @returns {Promise<Pending | null>} none where its text is not here */
async function withItsText({ preset, label, print, text }, state) {
  if (preset === 'own') return text !== undefined && fingerprintOf(text) === print ? ownPending(label, text) : fingerprintOf(state.text) === print ? again(state) : null
  if (!Object.hasOwn(presets, preset)) return null
  const known = presets[preset].task && text !== undefined ? text : await textOfPreset(preset).catch(() => '')
  return fingerprintOf(known) === print ? presetPending(preset, known, label) : fingerprintOf(state.text) === print && state.preset === preset ? again(state) : null
}

/** What of another text it would read as the unknown word. @param {State} state @param {Vocabulary} vocabulary */
function saidOfWords({ label, text }, vocabulary) {
  const { symbols, unknown } = vocabulary.encode(text)
  return t`Its own text is not in the file: it goes on with “${label}” and reads ${count(total(unknown))} of its ${count(symbols.length)} words and marks as the unknown word. To go on with its own, learn that text first, then open the file again.`
}

/** What it would leave out of another text. @param {State} state @param {Vocabulary} [vocabulary] */
function saidOfOther(state, vocabulary) {
  const { label, text } = state
  if (vocabulary?.tokens === 'words') return saidOfWords(state, vocabulary)
  const all = [...new Set(text)]
  const unknown = all.filter((letter) => vocabulary?.tokens === 'characters' && !vocabulary.symbols.includes(letter))
  if (!unknown.length) return t`Its own text is not in the file: it goes on with “${label}”, all of whose characters it knows. To go on with its own, learn that text first, then open the file again.`
  if (unknown.length === all.length) throw new RnnError('bad-checkpoint', t`its own text is not in it, and it knows none of the characters of “${label}”; learn its own text first, then open it again`)
  const named = `${unknown.slice(0, NAMED).map((letter) => JSON.stringify(letter).slice(1, -1)).join(' ')}${unknown.length > NAMED ? ' …' : ''}`
  return t`Its own text is not in the file: it goes on with “${label}” and leaves out ${count(unknown.length)} of its ${count(all.length)} different characters, which it does not know (${named}). To go on with its own, learn that text first, then open the file again.`
}

/** @param {string | undefined} name @returns {name is string} */
const isTask = (name) => name !== undefined && Object.hasOwn(presets, name) && presets[name].task !== undefined

/** @param {string} name  of the file @param {Uint8Array} bytes @param {State} state @returns {Promise<Pending>} */
export async function pendingOfFile(name, bytes, state) {
  const { source, vocabulary, task } = readHeader(bytes)
  const own = source ? await withItsText(source, state) : isTask(task) ? presetPending(task, '') : null
  const text = own && isTask(own.preset) ? t`“${name}” goes on with its task, ${titleOf(own)}.` : own ? t`“${name}” goes on with its own text, “${own.label}”.` : saidOfOther(state, vocabulary)
  return { ...own ?? again(state), saved: { bytes, training: false }, after: { training: false, notice: { tone: 'note', text } } }
}
