/** Which words of a sentence are names: one that is held out, with what is wrong in it, and one of one's own; also as a second network says that reads in one direction where the first reads in both, or the other way round. */
import { shade } from '../../draw/colour.js'
import { element, pool, put, say, show } from '../../draw/dom.js'
import { count, percent } from '../../draw/numbers.js'
import { engineSays, t } from '../../language/index.js'
import { roundOf } from '../../state.js'
import { isDone, twinIn } from '../../twin.js'
import { keep, typed } from './own.js'

/** @typedef {import('../../../tasks/examine.js').Tags} Tags */
/** @typedef {import('../../types.js').Inspection} Inspection */
/** @typedef {import('../../types.js').Question} Question */
/** @typedef {import('../../types.js').State} State */

/** Characters of a sentence of one's own. */
const MOST = 200

/** So many sentences are asked of a second network at once. */
const AHEAD = 30

const word = () => [element('span', { class: 'symbol' }), ' ', element('span', { class: 'share' }), ' ', element('span', { class: 'share beside' })]

/** @param {HTMLElement} node @param {number} share @param {number | undefined} wanted */
function paintShare(node, share, wanted) {
  const { background, text } = shade('value', share)
  say(node, percent(share))
  Object.assign(node.style, { background, color: text })
  node.classList.toggle('off', wanted !== undefined && (wanted > 0.5) !== (share > 0.5))
}

/** A word and how likely it is a name, says one network or two. @param {HTMLElement} node @param {Tags} tags @param {Tags | undefined} beside @param {number} at */
function paintWord(node, { words, shares, wanted }, beside, at) {
  const [symbol, share, second] = /** @type {HTMLElement[]} */ ([...node.children])
  say(symbol, words[at])
  paintShare(share, shares[at], wanted?.[at])
  show(second, beside !== undefined)
  if (beside) paintShare(second, beside.shares[at], wanted?.[at])
  node.classList.toggle('is-name', wanted !== undefined && wanted[at] > 0.5)
}

/** Of a sentence, or of what was typed. @param {readonly Inspection[]} answers @param {{ sequence: number } | { text: string }} which @returns {Tags | undefined} */
function tagsIn(answers, which) {
  for (const { name, result } of answers) {
    if (name === 'tags' && result && ('text' in which ? result.text === which.text : result.sequence === which.sequence)) return result
  }
  return undefined
}

/** @param {number} sequence @returns {Question} */
const ofHeld = (sequence) => ({ name: 'tags', options: { sequence } })

/** @param {string} text @returns {Question[]} */
const ofTyped = (text) => (text.trim() ? [{ name: 'tags', options: { text } }] : [])

/** What is asked of the network: the sentence that is shown, and what was typed. @param {State} state @param {string} asker @returns {Question[]} */
export const tagsOf = (state, asker) => [ofHeld(state.from), ...ofTyped(typed(state))].map((question) => ({ ...question, asker }))

/** How two networks compare. @param {State} state @param {boolean} both  the first reads in both directions @param {import('../../twin.js').Twin} twin */
function compared(state, both, { metrics, iteration, rounds, error }) {
  if (error) return engineSays(error)
  const [one, other] = [state.metrics, metrics].map((told) => (told ? `${percent(told.f1)} %` : '–'))
  const [now, done, all] = [roundOf(state), iteration, rounds].map(count)
  return both ? t`Above both directions, F1 ${one} after ${now} rounds; below one direction, F1 ${other} after ${done} of ${all}.` : t`Above one direction, F1 ${one} after ${now} rounds; below both directions, F1 ${other} after ${done} of ${all}.`
}

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createSentence(root, emit) {
  /** @type {State | null} */
  let shown = null
  const held = element('div', { class: 'tagged words', role: 'group', 'aria-label': t('How likely each word is a name') })
  const buttons = pool(held, () => {
    const node = element('button', { click: () => emit({ type: 'step', value: Number(node.dataset.step) }) }, ...word())
    return node
  })
  const input = element('input', {
    class: 'framed', type: 'text', maxlength: MOST, spellcheck: 'false', autocomplete: 'off', 'aria-label': t('A sentence of your own'), placeholder: t('your own sentence, such as Rose met Will'),
    input: () => keep(emit, input.value, shown?.run?.task?.name ?? ''),
  })
  const own = element('div', { class: 'tagged words', role: 'group', tabindex: 0, 'aria-label': t('How likely each word of your own is a name') })
  const spans = pool(own, () => element('span', { class: 'one' }, ...word()))
  const wrong = element('span', { class: 'soft', role: 'status' })
  const about = element('span')
  const compare = element('button', { class: 'mini', click: toggleTwin })
  root.append(held, element('p', { class: 'soft' }, about, ' ', compare), element('div', { class: 'own-sentence' }, input, own, wrong))

  function toggleTwin() {
    if (!shown?.run) return
    const { run, from } = shown
    if (twinIn(shown, 'bidirectional')) return emit({ type: 'no-twin' })
    const questions = [...Array.from({ length: AHEAD }, (_, i) => ofHeld(from + i)), ...ofTyped(typed(shown))]
    emit({ type: 'compare', change: { bidirectional: !run.config.bidirectional }, questions })
  }

  /** @param {Tags} tags @param {Tags | undefined} beside @param {number} step */
  function paintHeld(tags, beside, step) {
    buttons(tags.words.length).forEach((node, at) => {
      paintWord(node, tags, beside, at)
      node.dataset.step = String(at)
      node.classList.toggle('picked', at === step)
      const [name, right] = [tags.wanted?.[at] ? t('a name') : t('no name'), node.children[1].classList.contains('off') ? t('wrong') : t('right')]
      const shares = [tags, ...(beside ? [beside] : [])].map((one) => percent(one.shares[at])).join(' ')
      put(node, { 'aria-label': t`${tags.words[at]} ${shares} %, is ${name}: ${right}`, 'aria-pressed': String(at === step) })
    })
  }

  return {
    paint(state, run, _, answers) {
      shown = state
      const text = typed(state)
      const twin = twinIn(state, 'bidirectional')
      const [first, second] = [tagsIn(answers, { sequence: state.from }), text.trim() ? tagsIn(answers, { text }) : undefined]
      if (first) paintHeld(first, tagsIn(twin?.answers ?? [], { sequence: state.from }), state.step)
      if (document.activeElement !== input && input.value !== text) input.value = text
      spans(second?.words.length ?? 0).forEach((node, at) => { if (second) paintWord(node, second, tagsIn(twin?.answers ?? [], { text }), at) })
      const failed = answers.find(({ error }) => error)?.error
      say(wrong, text.trim() && failed ? engineSays(failed) : '')
      const both = run.config.bidirectional === true
      say(about, twin ? compared(state, both, twin) : t('Per cent that it is a name. Names are underlined, and what is wrong is outlined.'))
      say(compare, twin ? (isDone(twin) ? t('without the comparison') : t('Stop')) : both ? t('compare with one direction') : t('compare with both directions'))
    },
  }
}
