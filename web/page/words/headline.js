/** What is happening, at the top of the page: plain words first, terms second. */
import { capital, count, fixed, glyph, inWords, duration } from '../draw/numbers.js'
import { sizesOf } from '../drawing.js'
import { phrase, t } from '../language/index.js'
import { roundOf } from '../state.js'
import { rightIn } from './bet.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */

/** Texts up to this length are spelled, longer ones read. */
const WORD = 12

/** @param {string} text @param {number} most */
const clip = (text, most) => ([...text].length > most ? [...text].slice(0, most).join('') + '…' : text)

/** What is said of tasks; it comes with below.js. @type {{ task?: (state: State) => Part[] }} */
export const headlines = {}

/** @param {State} state @param {Frame | null} frame @returns {Part[]} */
export function headline(state, frame) {
  const { run } = state
  if (!run) return [state.opening ? t('Making a small network…') : t('There is no network yet.')]
  if (state.opening && state.pending?.label !== state.label) return [t`Opening ${clip(state.pending?.label ?? t('the text'), 30)}…`]
  if (run.task) return headlines.task?.(state) ?? []
  return run.plan.length <= WORD && run.vocabulary.tokens === 'characters' ? speller(state, frame, roundOf(state)) : reader(state)
}

/** @param {State} state */
function gatesOf({ run }) {
  switch (run?.config.cell) {
    case 'lstm': return t('with gates that keep, write and show')
    case 'gru': return t('with gates that keep and look back')
    case 'mingru': return t('with a gate that rewrites')
    case 'minlstm': return t('with gates that keep and write')
  }
  return ''
}

/** @param {State} state @param {Frame | null} frame @param {number} round @returns {Part[]} */
function speller(state, frame, round) {
  const { run } = state
  if (!run) return []
  const { H, L, T } = sizesOf(run)
  const single = H === 1 && L === 1
  const gates = gatesOf(state)
  const neurons = single ? t('One neuron') : L > 1 ? t`${capital(inWords(L))} layers of ${inWords(H)} neurons` : t`${capital(inWords(H))} neurons`
  const who = gates ? `${neurons} ${gates}` : neurons
  const [word, l, o] = [clip([...state.text].map(glyph).join(''), WORD), 'l', 'o'].map((letter) => ({ letter }))
  const parts = [...(single ? phrase`${who} is learning to spell ${word}.` : phrase`${who} are learning to spell ${word}.`), ' ']
  if (state.text === 'hello') parts.push(...(gates ? phrase`Only memory can tell the two ${l}’s apart.` : phrase`The first ${l} leads to ${l}, the second to ${o}: only memory can tell them apart.`), ' ')
  const rounds = { strong: count(round) }
  const when = round === 0 ? [t('Before any training')] : round === 1 ? phrase`After ${rounds} round` : phrase`After ${rounds} rounds`
  if (!frame) return [...parts, ...when]
  const right = rightIn(frame)
  const all = inWords(T)
  const score = right === T ? t`all ${all} letters` : right === 0 ? t`none of ${all} letters` : right === 1 ? t`one of ${all} letters` : t`${inWords(right)} of ${all} letters`
  return [...parts, ...(single ? phrase`${when} it gets ${score} right.` : phrase`${when} they get ${score} right.`)]
}

/** @param {State} state @returns {Part[]} */
function reader(state) {
  const { run, progress } = state
  if (!run) return []
  const { H, L, V } = sizesOf(run)
  const single = H === 1 && L === 1
  const who = L > 1 ? t`${capital(inWords(L))} layers of ${H} neurons` : single ? t('One neuron') : t`${H} neurons`
  const label = { letter: clip(state.label, 24) }
  const { tokens } = run.vocabulary
  if (tokens !== 'characters') return tokenReader(state, who, label)
  if (!progress) {
    return single ? phrase`${who} has not read ${label} yet. Each next letter could be any of ${String(V)}.`
      : phrase`${who} have not read ${label} yet. Each next letter could be any of ${String(V)}.`
  }
  const time = { strong: duration(state.seconds) }
  const bits = { strong: t`${fixed(progress.loss / Math.LN2, 1)} bits` }
  const left = choices(Math.exp(progress.loss), V)
  return single ? phrase`${who} has been reading ${label} for ${time}. Each next letter surprises it by ${bits}: ${left}`
    : phrase`${who} have been reading ${label} for ${time}. Each next letter surprises them by ${bits}: ${left}`
}

/** Of words or bytes. @param {State} state @param {string} who @param {{ letter: string }} label @returns {Part[]} */
function tokenReader({ run, progress, seconds }, who, label) {
  if (!run || !progress) return phrase`${who}, about to read ${label} letter by letter. Each next letter could be any of ${count(run?.vocabulary.symbols.length ?? 0)}.`
  const [time, bits, each] = [{ strong: duration(seconds) }, { strong: t`${fixed(progress.loss / Math.LN2, 1)} bits` }, { strong: t`${fixed(progress.loss / Math.LN2 / run.charactersPerSymbol)} bits` }]
  return phrase`${who}, reading ${label} letter by letter for ${time}. Each next letter is a surprise of ${bits}: ${each} per character.`
}

/** @param {number} perplexity @param {number} V */
function choices(perplexity, V) {
  if (perplexity < 1.5) return t`of all ${V}, hardly any other is in question.`
  const left = Math.round(perplexity)
  return perplexity < V * 0.9 ? t`it could be any of ${left}, no longer any of ${V}.` : t`it could be any of ${left}, of the ${V} there are.`
}
