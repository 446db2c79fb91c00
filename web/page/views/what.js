/** "What am I looking at?": a small button beside each view, which opens an explanation of it. */
import { createOver } from '../draw/over.js'
import { element } from '../draw/dom.js'
import { drawingFor } from '../drawing.js'
import { english, t } from '../language/index.js'
import { panels } from '../panels/table.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {{ name: string, title: string, at: string, before?: string, suits?: (run: import('../types.js').Run) => boolean }} Place   at: selector of where its button stands, at the end unless before something there; suits: whether it is offered */

/** @type {readonly Place[]} */
const PLACES = [
  { name: 'score', title: english('The network, unrolled through time'), at: '#ruler' },
  { name: 'writes', title: english('What it writes'), at: '#writes .written .label' },
  { name: 'curve', title: english('The loss curve'), at: '#transport', before: '.curve-box' },
  ...panels.map(({ name, title, suits }) => ({ name, title, suits, at: `#panel-${name}` })),
  { name: 'fading', title: english('Why the past fades'), at: '#lessons .lesson' },
]

/** Which explanation the score has. @param {State} state */
function scoreOf({ run, width }) {
  if (run?.task) return 'task'
  const drawing = run ? drawingFor(run, width) : 'vanilla'
  return drawing === 'vanilla' || drawing === 'folded' ? drawing : 'gated'
}

/** @type {import('../types.js').CreateView} */
export function createWhat() {
  let score = 'vanilla'
  /** From when one asks first. @type {typeof import('../explanations.js').explanations | undefined} */
  let known
  const all = PLACES.map((place) => {
    const label = t`What am I looking at? ${t(place.title)}`
    const button = element('button', { class: 'explain', 'aria-label': label, title: t('What am I looking at?') }, '?')
    return { ...place, button, over: createOver(button, (node) => void write(node, place)) }
  })

  /** @param {HTMLElement} node @param {Place} place */
  async function write(node, { name, title }) {
    known ??= (await import('../explanations.js')).explanations
    const [what, look, attempt] = known[name === 'score' ? score : name]
    node.replaceChildren(
      element('h3', {}, t(title)), element('p', {}, t(what)),
      element('p', {}, element('b', {}, t('Look for')), ' ', t(look)), element('p', {}, element('b', {}, t('Try')), ' ', t(attempt)),
    )
  }

  return {
    render(state) {
      score = scoreOf(state)
      for (const { button, over, at, before, suits } of all) {
        if (button.isConnected || (suits && !(state.run && suits(state.run)))) continue
        const home = document.querySelector(at)
        home?.insertBefore(button, before ? home.querySelector(before) : null)
        button.after(over)
      }
    },
    destroy() { for (const { button, over } of all) { button.remove(); over.remove() } },
  }
}
