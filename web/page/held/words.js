/** What it means to hold a number by hand, in a sentence. */
import { fixed, glyph, percent } from '../draw/numbers.js'
import { phrase, t } from '../language/index.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Hold} Hold */

/** Below it a gate is as good as shut, and above the rest of one as good as open. */
const SHUT = 0.02

/** When: at the letter that is read there, or at which of them. @param {Hold} hold @param {State} state @param {Frame} frame */
function placeOf({ step }, { run }, { inputs }) {
  const letter = { letter: glyph(run?.vocabulary.symbols[inputs[step]] ?? '') }
  const same = Array.from(inputs).flatMap((input, k) => (input === inputs[step] ? [k] : []))
  if (same.length === 1) return phrase`at ${letter}`
  switch (same.indexOf(step)) {
    case 0: return phrase`at the first ${letter}`
    case 1: return phrase`at the second ${letter}`
    case 2: return phrase`at the third ${letter}`
  }
  return phrase`at step ${String(step + 1)}, ${letter}`
}

/** @param {string} name @param {string} cell */
function gateOf(name, cell) {
  if (cell === 'mingru') return t('rewrite gate')
  switch (name) {
    case 'i': return t('write gate')
    case 'o': return t('show gate')
    case 'r': return t('look-back gate')
  }
  return t('keep gate')
}

/** What follows from a gate that is shut, open or in between. @param {string} name @param {number} value @param {string} cell @returns {string} */
function followsFrom(name, value, cell) {
  if (cell === 'mingru') return followsFrom('z', 1 - value, '') // it opens where another keeps
  if (cell === 'minlstm' && value > SHUT) return t('how much it keeps and how much it writes is as one of these gates to the other.')
  const share = percent(value)
  const [shut, open] = [value <= SHUT, value >= 1 - SHUT]
  switch (name) {
    case 'f': return shut ? t('what it knew is gone from there on.') : open ? t('it forgets nothing there.') : t`${share} % of what it knew is left there.`
    case 'i': return shut ? t('nothing new is written there.') : open ? t('all that it proposes is written.') : t`${share} % of what it proposes is written.`
    case 'o': return shut ? t('it knows, but shows nothing there.') : open ? t('all that it knows is shown there.') : t`${share} % of what it knows is shown there.`
    case 'z': return shut ? t('what it knew is gone, and what it proposes takes its place.') : open ? t('it keeps what it knew, and takes in nothing new.') : t`it keeps ${share} % of what it knew and rewrites the rest.`
  }
  return shut ? t('what it proposes takes no account of what it knew.') : open ? t('what it proposes takes account of all it knew.') : t`what it proposes takes account of ${share} % of what it knew.`
}

/** @param {Hold} hold @param {State} state @param {Frame} frame @returns {Part[]} */
export function sentenceOf(hold, state, frame) {
  const { state: name = 'h', layer = 0, unit, value } = hold
  const where = placeOf(hold, state, frame)
  const who = Number(state.run?.config.layers) > 1 ? t`neuron ${unit + 1} of layer ${layer + 1}` : t`neuron ${unit + 1}`
  const chip = { value, text: fixed(value) }
  switch (name) {
    case 'h': return phrase`You hold what ${who} remembers ${where} at ${chip}: all that comes after starts from that.`
    case 'c': return phrase`You hold what ${who} knows ${where} at ${chip}: all that comes after starts from that.`
    case 'g': case 'n': return phrase`You hold what ${who} proposes ${where} at ${chip}, whatever it reads.`
  }
  const cell = String(state.run?.config.cell)
  const [gate, follows] = [gateOf(name, cell), followsFrom(name, value, cell)]
  if (value <= SHUT) return phrase`You hold the ${gate} of ${who} shut ${where}: ${follows}`
  if (value >= 1 - SHUT) return phrase`You hold the ${gate} of ${who} open ${where}: ${follows}`
  return phrase`You hold the ${gate} of ${who} at ${chip} ${where}: ${follows}`
}

/** What it comes to, and what it does not touch. @param {Frame} frame */
export function aftermath({ values, targets }) {
  const loss = values.loss.data.reduce((sum, one) => sum + one, 0) / targets.length
  return t`The loss of these letters is ${fixed(loss, 3)} with it. Training and writing go on without it.`
}
