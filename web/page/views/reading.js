/** The reading line: the sentence of the yellow step, or what went wrong and what to do about it. A fixed place, so that it covers nothing. */
import { element, say, show } from '../draw/dom.js'
import { createPhrase, plainText } from '../draw/phrase.js'
import { t } from '../language/index.js'
import { reading } from '../words/reading.js'

/** @type {import('../types.js').CreateView} */
export function createReading(root, emit) {
  const sentence = element('p')
  const spoken = element('p', { class: 'hidden', 'aria-live': 'polite' })
  const words = element('span')
  const remedy = element('button', { class: 'button', click: () => { if (intent) emit(intent) } })
  const dismiss = element('button', { class: 'mini', click: () => emit({ type: 'notice', notice: null }) }, t('dismiss'))
  const notice = element('div', { class: 'notice', role: 'alert' })
  root.append(sentence, notice, spoken)
  const write = createPhrase(sentence)

  /** @type {import('../types.js').Intent | null} */
  let intent = null
  let told = 0
  let last = ''
  let topic = ''

  return {
    render(state, frame) {
      const { notice: wrong } = state
      show(sentence, !wrong)
      show(notice, wrong !== null)
      if (wrong) {
        intent = wrong.remedy?.intent ?? null
        say(words, wrong.text)
        say(remedy, wrong.remedy?.label ?? '')
        show(remedy, intent !== null)
        if (!notice.hasChildNodes()) notice.append(words, remedy, dismiss)
        return
      }
      notice.replaceChildren()
      const parts = reading(state, frame)
      write(parts)
      const now = `${state.direction} ${state.step} ${state.training}`
      const time = performance.now()
      // While it trains of itself, only narration.js speaks.
      if (state.training && (!state.held || now === topic)) return
      const text = plainText(parts)
      if (text === last || time - told < 300) return
      topic = now
      last = text
      told = time
      say(spoken, text)
    },
    destroy() { root.replaceChildren() },
  }
}
