/** In the reading line, while numbers are held by hand: what that means, and how to let go of them. */
import { element, pool, say, show } from '../draw/dom.js'
import { fixed } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { t } from '../language/index.js'
import { spotOfHold, without } from './holds.js'
import { aftermath, sentenceOf } from './words.js'

/** Milliseconds that a hand must rest before it is told what it holds. */
const REST = 600

/** @type {import('../types.js').CreateView} */
export function createHeldList(root, emit) {
  /** @type {readonly import('../types.js').Hold[]} */
  let holds = []
  const sentence = element('p')
  const after = element('p', { class: 'soft' })
  const each = element('span', { class: 'each' })
  const all = element('button', { class: 'mini', click: () => emit({ type: 'hold', holds: [] }) }, t('let go of all'))
  const line = element('div', { class: 'holding', hidden: true }, element('div', { class: 'told' }, sentence, after), each, all)
  const spoken = element('p', { class: 'hidden', 'aria-live': 'polite' })
  root.append(line, spoken)
  const write = createPhrase(sentence)
  const buttons = pool(each, () => {
    const button = element('button', { class: 'mini', click: () => {
      const place = [...each.children].indexOf(button)
      emit({ type: 'hold', holds: without(holds, spotOfHold(holds[place])) })
    } })
    return button
  })
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting

  return {
    render(state, frame) {
      const here = state.holds.length > 0 && frame !== null
      root.classList.toggle('holds', here)
      show(line, here && !state.notice)
      if (!here) {
        holds = state.holds
        return
      }
      write(sentenceOf(state.holds[state.holds.length - 1], state, frame))
      say(after, aftermath(frame))
      show(all, state.holds.length > 1)
      const single = state.holds.length === 1
      buttons(state.holds.length).forEach((button, i) => {
        const { state: name, unit, step, value } = state.holds[i]
        const what = t`${String(name)} of neuron ${unit + 1}, step ${step + 1}`
        say(button, single ? t('let go') : `${what}: ${fixed(value)} ✕`)
        button.setAttribute('aria-label', single ? t('let go') : t`let go of ${what}`)
      })
      if (holds === state.holds) return
      holds = state.holds
      clearTimeout(resting)
      resting = setTimeout(() => say(spoken, `${sentence.textContent} ${after.textContent}`), REST)
    },
    destroy() {
      clearTimeout(resting)
      root.classList.remove('holds')
      line.remove()
      spoken.remove()
    },
  }
}
