/** The tour's card: it stands where the headline stands and covers nothing; for what lies below, at the window's top. It points at the real control and waits until the thing is done. */
import { element, say, show } from '../draw/dom.js'
import { createPhrase } from '../draw/phrase.js'
import { t } from '../language/index.js'
import { stops } from '../lessons/tour.js'

/** @type {import('../types.js').Below} */
export const tour = {
  id: 'tour',
  questionsOf: () => [],

  create(root, emit) {
    const place = element('span', { class: 'soft' })
    const task = element('p', { class: 'task', tabindex: '-1' })
    const glass = element('i', { class: 'glass' })
    const now = element('span')
    const next = element('button', { class: 'button primary', click: () => (at + 1 < stops.length ? emit({ type: 'tour', stop: at + 1 }) : emit({ type: 'tour', stop: null })) })
    const end = element('button', { class: 'mini', click: () => emit({ type: 'tour', stop: null }) }, t('End the tour'))
    root.append(place, element('div', {}, task, element('p', { class: 'state', role: 'status' }, glass, now), element('p', { class: 'act' }, next, end)))
    const write = createPhrase(task)
    let at = -1
    let done = false
    /** @type {Element | null} */
    let pointed = null

    /** @param {Element | null} node */
    function point(node) {
      if (node === pointed) return
      pointed?.removeAttribute('data-pointed')
      node?.setAttribute('data-pointed', '')
      pointed = node
    }

    return {
      render(state, frame) {
        const { tour: stop } = state
        show(root, stop !== null)
        document.documentElement.toggleAttribute('data-tour', stop !== null)
        if (stop === null) {
          at = -1
          return point(null)
        }
        const { task: words, target, done: isDone, now: tell, insight } = stops[stop]
        point(document.querySelector(target))
        if (stop !== at) {
          at = stop
          done = false
          say(place, t`${stop + 1} of ${stops.length}`)
          write(words())
          say(next, stop + 1 < stops.length ? t('Next') : t('Finish'))
          root.classList.toggle('away', pointed?.closest('#score, .bar, .intro, #ruler, #transport') === null)
          pointed?.scrollIntoView({ block: 'nearest' })
          task.focus({ preventScroll: true })
        }
        done ||= isDone(state, frame)
        root.classList.toggle('passed', done)
        say(now, done ? `✓ ${t(insight)}` : tell(state, frame))
      },
      destroy() {
        point(null)
        root.replaceChildren()
      },
    }
  },
}
