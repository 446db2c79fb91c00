/**
 * Below the transport: tabs, and the look inside that is open. What it wants to know is asked only while it is in view.
 */
import { element, show } from '../draw/dom.js'
import { t } from '../language/index.js'
import { answersFor, choicesOf, questionsFrom, watchView } from '../panels/panel.js'
import { panels } from '../panels/table.js'
import { pictureOf } from './take-along.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Panel} Panel */

/** Those that make sense of the network that is there. @param {State} state */
const suitable = ({ run }) => panels.filter(({ suits }) => !run || !suits || suits(run))

/** @param {State} state @returns {Panel} */
const open = (state) => suitable(state).find(({ name }) => name === state.panel) ?? suitable(state)[0]

/** @type {import('../types.js').Below} */
export const inspect = {
  id: 'inspect',
  questionsOf: (state) => questionsFrom(open(state), state, 'inspect'),
  create: createInspect,
}

/** @param {HTMLElement} root @param {import('../types.js').Emit} emit @returns {ReturnType<import('../types.js').Below['create']>} */
function createInspect(root, emit) {
  const tabs = panels.map(({ name, title, question }) => element('button', {
    class: 'tab', role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}`, click: () => emit({ type: 'panel', name }), keydown: (/** @type {KeyboardEvent} */ event) => move(event, name),
  }, element('b', {}, t(title)), element('span', {}, t(question))))
  const bodies = panels.map(({ name }) => element('section', { class: `panel ${name}`, role: 'tabpanel', id: `panel-${name}`, 'aria-labelledby': `tab-${name}`, hidden: true }))
  root.append(element('div', { class: 'tabs', role: 'tablist', 'aria-label': t('Looks inside') }, ...tabs), ...bodies, pictureOf('[role=tabpanel]:not([hidden])', emit))
  /** @type {(import('../types.js').PanelView | undefined)[]} */
  const views = panels.map(() => undefined)
  let offered = panels
  const stopWatching = watchView(root, 'inspect', emit)

  /** Arrow keys go from tab to tab. @param {KeyboardEvent} event @param {string} name */
  function move(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const next = offered[(offered.findIndex((panel) => panel.name === name) + step + offered.length) % offered.length]
    emit({ type: 'panel', name: next.name })
    tabs[panels.indexOf(next)].focus()
  }

  return {
    render(state, frame, answers) {
      const shown = panels.indexOf(open(state))
      offered = suitable(state)
      tabs.forEach((tab, i) => {
        show(tab, offered.includes(panels[i]))
        tab.setAttribute('aria-selected', String(i === shown))
        tab.tabIndex = i === shown ? 0 : -1
      })
      bodies.forEach((body, i) => show(body, i === shown))
      if (!state.inView.includes('inspect') || !state.run) return
      const view = views[shown] ??= panels[shown].create(bodies[shown], emit)
      view.render(state, frame, answersFor(panels[shown], answers), choicesOf(panels[shown], state))
    },
    destroy() {
      stopWatching()
      for (const view of views) view?.destroy()
      root.replaceChildren()
    },
  }
}
