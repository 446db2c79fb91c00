/** What can be opened: a network that is to be made, or one that was there before; and the state as soon as it answers. */
import { presetFor, presets } from '../presets.js'
import { emptyCurve } from './curve.js'
import { columnsFor, drawingFor } from './drawing.js'
import { checkFor } from './held-out.js'
import { t } from './language/index.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('../engine/origin.js').Origin} Origin */
/** @typedef {import('../engine/origin.js').Change} Change */

/** @typedef {Pick<State, 'progress' | 'curve' | 'validation' | 'drafts' | 'seconds'>} Past */
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

/** What a preset asks for. @param {string} name @param {string} text @returns {Pending} */
export function presetPending(name, text) {
  const { label, config, sample, rate } = presets[name]
  return { preset: name, label, text, config: { ...checkFor(text), ...config }, sampling: sample, rate }
}

/** What a text of one's own asks for. @param {string} name @param {string} text @returns {Pending} */
export function ownPending(name, text) {
  const { label, config, sample, rate } = presetFor(text)
  return { preset: 'own', label: name || t(label), text, config: { ...checkFor(text), ...config }, sampling: sample, rate }
}

/** The same again. @param {State} state @returns {Pending} */
export const again = ({ preset, label, text, config, sampling, rate }) => ({ preset, label, text, config, sampling, rate })

/** All that is needed to go on from here another time. @param {State} state @param {import('../engine/session.js').Copied} copied @returns {Pending} */
export function snapshot(state, { bytes, iteration, figures, origin }) {
  const { curve, validation, drafts, seconds, training } = state
  const progress = figures ? { iteration, ...figures, charactersPerSecond: state.progress?.charactersPerSecond ?? 0 } : null
  return { ...again(state), saved: { bytes, origin, training, past: { progress, curve, validation, drafts, seconds } } }
}

/** @param {State} state @param {Pending} pending @returns {State} */
export function opened(state, pending) {
  return { ...state, pending, opening: true, training: false, clock: null, notice: null }
}

/** @type {Past} */
const NOTHING = { progress: null, curve: emptyCurve, validation: emptyCurve, drafts: [], seconds: 0 }

/** @param {State} state @param {Run} run @returns {State} */
export function started(state, run) {
  const { saved, goal = null, after: _, ...chosen } = state.pending ?? again(state)
  const columns = columnsFor(run, state.width)
  const small = drawingFor(run, state.width) !== 'folded'
  const learned = chosen.preset === 'own' && chosen.text === state.draft?.text
  const asked = learned || Object.keys(state.edits).length > 0
  return {
    ...state, ...chosen, ...NOTHING, ...saved?.past, pending: null, goal, run, opening: false, notice: null, twin: null, edits: {}, mistakes: {},
    draft: learned ? null : state.draft, drawer: asked ? /** @type {const} */ ('') : state.drawer,
    config: saved && !saved.past ? { ...chosen.config, ...run.config } : chosen.config, kept: [run.iteration], seeking: null, clock: null, sample: null, from: 0, showing: '', zoom: 0, sort: { ...state.sort, times: state.sort.times + 1 }, held: false, holds: [], spot: null, pinned: false,
    own: chosen.preset === 'own' ? { name: chosen.label, text: chosen.text } : state.own,
    step: small ? (state.direction === 'forward' ? columns - 1 : 0) : Math.floor(columns * 0.4),
    sampling: { seed: state.sampling.seed, ...chosen.sampling }, picked: small ? chosen.sampling.length - 1 : 0,
  }
}
