/** What can be opened: a network that is to be made, or one that was there before; and the state as soon as it answers. */
import { presetFor, presets } from '../presets.js'
import { emptyCurve } from './curve.js'
import { columnsFor, drawingFor } from './drawing.js'
import { checkFor } from './held-out.js'
import { t } from './language/index.js'
import { withTokens } from './tokens.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('../engine/origin.js').Origin} Origin */
/** @typedef {import('../engine/origin.js').Change} Change */

/** @typedef {Pick<State, 'progress' | 'curve' | 'validation' | 'metrics' | 'drafts' | 'seconds'>} Past */
/** @typedef {{ bytes: Uint8Array, origin?: Origin, past?: Past, training: boolean }} Saved   a network as it was; training: it goes on by itself */
/** @typedef {{ training: boolean, notice: import('./state.js').Notice | null }} After   whether it trains as soon as it is there, and what is said */
/** @typedef {{ iteration: number, changes: readonly Change[], loss: number, weights: string }} Goal   up to where a shared run is repeated, and what it should be then */
/**
 * @typedef {object} Pending
 * @property {string} preset
 * @property {string} label
 * @property {string} text
 * @property {import('./types.js').Config} config
 * @property {import('../presets.js').Sampling & { seed?: number }} sampling
 * @property {number} rate
 * @property {Saved} [saved]
 * @property {Goal} [goal]
 * @property {After} [after]
 */

/** Words of a sample. */
const WORDS = 80

/** What a preset asks for; a task may have a file of one's own, of that name. @param {string} name @param {string} text @param {string} [file] @returns {Pending} */
export function presetPending(name, text, file) {
  const { label, config, sample, rate, task } = presets[name]
  return { preset: name, label: (task && text && file) || label, text, config: { ...(task ? {} : checkFor(text)), ...config }, sampling: sample, rate }
}

/** What a text of one's own asks for. @param {string} name @param {string} text @param {import('./types.js').Config} [cut]  what it is cut into @returns {Pending} */
export function ownPending(name, text, cut = {}) {
  const { label, config, sample, rate } = presetFor(text)
  return { preset: 'own', label: name || t(label), text, config: { ...checkFor(text), ...config, ...withTokens(cut) }, sampling: sample, rate }
}

/** The same again. @param {State} state @returns {Pending} */
export const again = ({ preset, label, text, config, sampling, rate }) => ({ preset, label, text, config, sampling, rate })

/** All that is needed to go on from here another time. @param {State} state @param {import('../engine/session.js').Copied} copied @returns {Pending} */
export function snapshot(state, { bytes, iteration, figures, origin }) {
  const { curve, validation, metrics, drafts, seconds, training } = state
  const progress = figures ? { iteration, ...figures, charactersPerSecond: state.progress?.charactersPerSecond ?? 0 } : null
  return { ...again(state), saved: { bytes, origin, training, past: { progress, curve, validation, metrics, drafts, seconds } } }
}

/** @param {State} state @param {Pending} pending @returns {State} */
export function opened(state, pending) {
  return { ...state, pending, opening: true, training: false, clock: null, notice: null }
}

/** A sample of words has fewer of them than one of letters, and begins with a whole one. @param {Run} run @param {Pick<Pending, 'preset' | 'text' | 'sampling'>} chosen */
function samplingFor({ vocabulary }, { preset, text, sampling }) {
  if (vocabulary.tokens !== 'words') return sampling
  const [first = ''] = text.match(/^[^]\S*/u) ?? []
  return { ...sampling, length: Math.min(WORDS, sampling.length), ...(preset === 'own' && { prompt: first }) }
}

/** @type {Past} */
const NOTHING = { progress: null, curve: emptyCurve, validation: emptyCurve, metrics: null, drafts: [], seconds: 0 }

/** @param {State} state @param {Run} run @returns {State} */
export function started(state, run) {
  const { saved, goal = null, after: _, ...chosen } = state.pending ?? again(state)
  const columns = columnsFor(run, state.width)
  const small = drawingFor(run, state.width) !== 'folded'
  const learned = chosen.text !== '' && chosen.text === state.draft?.text
  const sampling = samplingFor(run, chosen)
  const asked = learned || Object.keys(state.edits).length > 0
  return {
    ...state, ...chosen, ...NOTHING, ...saved?.past, pending: null, goal, run, opening: false, notice: null, twin: null, edits: {}, mistakes: {},
    draft: learned ? null : state.draft, drawer: asked ? /** @type {const} */ ('') : state.drawer,
    config: saved && !saved.past ? { ...chosen.config, ...run.config } : chosen.config, kept: [run.iteration], seeking: null, clock: null, sample: null, from: 0, showing: '', zoom: 0, sort: { ...state.sort, times: state.sort.times + 1 }, held: false, holds: [], spot: null, pinned: false,
    own: chosen.preset === 'own' ? { name: chosen.label, text: chosen.text } : state.own,
    step: small ? (state.direction === 'forward' ? columns - 1 : 0) : Math.floor(columns * 0.4),
    sampling: { seed: state.sampling.seed, ...sampling }, picked: small ? sampling.length - 1 : 0,
  }
}
