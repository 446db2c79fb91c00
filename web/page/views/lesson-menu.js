/** What the bar's button "Lessons" opens: the tour, and the lesson below. */
import { element, say } from '../draw/dom.js'
import { createOver } from '../draw/over.js'
import { t } from '../language/index.js'
import { fading } from '../lessons/fading.js'

/** @type {import('../types.js').CreateView} */
export function createLessonMenu(root, emit) {
  let touring = false
  /** @param {string} title @param {string} about @param {() => void} go */
  const item = (title, about, go) => element('button', { class: 'tab', click: () => { over.hidePopover(); go() } }, element('b', {}, title), element('span', {}, about))
  const tour = item('', t('ten things to do, with the real controls'), () => {
    emit({ type: 'tour', stop: touring ? null : 0 })
    if (touring) scrollTo({ top: 0, behavior: 'smooth' })
  })
  const lesson = item(t(fading.title), t(fading.question), () => document.getElementById('lessons')?.scrollIntoView({ behavior: 'smooth' }))
  /** @type {HTMLElement} */
  let over

  return {
    render(state) {
      touring = state.tour !== null
      say(/** @type {Node} */ (tour.firstChild), touring ? t('End the tour') : t('Take the tour'))
      if (over?.isConnected) return
      const button = /** @type {HTMLButtonElement | null} */ (root.querySelector('.lessons-button'))
      if (!button) return
      over = createOver(button)
      over.classList.add('menu')
      over.append(tour, lesson)
      button.after(over)
    },
    destroy() { over?.remove() },
  }
}
