/** Below the looks inside: the lesson. Its sentences are about the network above, as it is now. */
import { element } from '../draw/dom.js'
import { t } from '../language/index.js'
import { fading } from '../lessons/fading.js'
import { answersFor, choicesOf, questionsFrom, watchView } from '../panels/panel.js'
import { panels } from '../panels/table.js'

/** @type {import('../types.js').Below} */
export const lessons = {
  id: 'lessons',
  questionsOf: (state) => questionsFrom(fading, state, 'lessons'),

  create(root, emit) {
    const body = element('section', { class: 'panel lesson', 'aria-label': t(fading.title) })
    const next = panels.filter(({ name }) => fading.next.includes(name)).map(({ name, title, question }) =>
      element('button', { class: 'tab', click: () => go(name) }, element('b', {}, t(title)), element('span', {}, t(question))))
    const tour = element('button', { class: 'tab', click: () => { emit({ type: 'tour', stop: 0 }); scrollTo({ top: 0, behavior: 'smooth' }) } }, element('b', {}, t('Tour')), element('span', {}, t('ten things to do, with the real controls')))
    root.append(body, element('nav', { class: 'next', 'aria-label': t('Next') }, element('h3', {}, t('Next')), element('div', { class: 'tabs' }, tour, ...next)))
    const stopWatching = watchView(root, 'lessons', emit)
    /** @type {import('../types.js').PanelView | undefined} */
    let view

    /** @param {string} name */
    function go(name) {
      emit({ type: 'panel', name })
      document.getElementById(`tab-${name}`)?.scrollIntoView({ behavior: 'smooth' })
    }

    return {
      render(state, frame, answers) {
        if (!state.inView.includes('lessons') || !state.run) return
        view ??= fading.create(body, emit)
        view.render(state, frame, answersFor(fading, answers), choicesOf(fading, state))
      },
      destroy() {
        stopWatching()
        view?.destroy()
        root.replaceChildren()
      },
    }
  },
}
