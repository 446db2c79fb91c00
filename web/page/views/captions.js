/** One line beside what is seen for the first time. It covers nothing and moves nothing, and once dismissed it never comes again. */
import { element, say, show } from '../draw/dom.js'
import { drawingFor, WIDE } from '../drawing.js'
import { english, t } from '../language/index.js'

/** @typedef {import('../types.js').State} State */

const KEPT = 'unroll-captions-seen'
/** From this width of the stage on, there is room beside the score. */
const LEAST = 340

/** Of the score, by its drawing, and of what lies below, by its place. */
const CAPTIONS = english({
  vanilla: 'Each column is one letter. Blue is above zero, orange below.',
  gated: 'Black bars are gates: a gap lets through, solid ink shuts.',
  folded: 'Each column is one letter, each thin row one of its neurons.',
  task: 'Each column is one step, each thin row one of its neurons.',
  inspect: 'Looks inside this network, as it is just now.',
  lessons: 'Drag what is yellow, and see the past fade.',
})
/** @typedef {keyof typeof CAPTIONS} Name */
/** The same in fewer words. @type {Partial<Record<Name, string>>} */
const NARROW = english({ vanilla: 'Blue is above zero, orange below.', gated: 'A gap lets through, solid ink shuts.' })

/** Not every page may keep things. @returns {string[]} */
function seenBefore() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]')
  } catch {
    return []
  }
}

/** @param {State} state @returns {Name | null} */
function ofScore({ run, width }) {
  if (!run) return null
  if (run.task) return 'task'
  const drawing = drawingFor(run, width)
  return drawing === 'vanilla' || drawing === 'folded' ? drawing : 'gated'
}

/** @type {import('../types.js').CreateView} */
export function createCaptions(root) {
  const seen = new Set(seenBefore())
  const captions = ['score', 'inspect', 'lessons'].map((place) => {
    const words = element('span')
    const node = element('p', { class: `caption-line ${place}-caption`, role: 'note', hidden: true }, words,
      element('button', { class: 'icon', 'aria-label': t('Dismiss this caption'), click: () => dismiss(/** @type {string} */ (node.dataset.name)) }, '×'))
    return { place, node, words }
  })

  /** @param {string} name */
  function dismiss(name) {
    seen.add(name)
    for (const { node } of captions) if (node.dataset.name === name) show(node, false)
    try {
      localStorage.setItem(KEPT, JSON.stringify([...seen]))
    } catch { /* then for this visit */ }
  }

  /** Where there is room for it. @param {string} place @param {State} state */
  function homeOf(place, { width, run }) {
    if (place !== 'score') return `#${place}`
    if (width >= WIDE) return '#bar .grow'
    return run && width >= LEAST && drawingFor(run, width) !== 'folded' ? '#ruler' : ''
  }

  return {
    render(state) {
      for (const { place, node, words } of captions) {
        const name = place === 'score' ? ofScore(state) : /** @type {Name} */ (place)
        const selector = homeOf(place, state)
        const visible = name !== null && selector !== '' && state.tour === null && !seen.has(name) && (place === 'score' || state.inView.includes(place))
        show(node, visible)
        if (!visible) continue
        node.dataset.name = name
        const narrow = state.width < WIDE ? NARROW[name] : undefined
        say(words, t(narrow ?? CAPTIONS[name]))
        const home = root.ownerDocument.querySelector(selector)
        if (home && node.parentNode !== home) home.append(node)
      }
    },
    destroy() { for (const { node } of captions) node.remove() },
  }
}
