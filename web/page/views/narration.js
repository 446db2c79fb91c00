/** Narration for screen readers, where it is switched on in Settings: now and then while it trains, and at once what one does oneself. */
import { element, say } from '../draw/dom.js'
import { t } from '../language/index.js'
import { roundOf } from '../state.js'
import { narration } from '../words/narration.js'

const KEPT = 'unroll-narration'
/** Between two sentences while it trains. In ms. */
const QUIET = 10_000
/** After a pause, until all is shown as it is there. In ms. */
const SETTLED = 400

/** @param {import('../types.js').State} state */
const isNarrated = (state) => state.chosen.narration?.on === true

/** @param {boolean} on @returns {import('../types.js').Intent} */
const choice = (on) => ({ type: 'choose', panel: 'narration', name: 'on', value: on })

function wasOn() {
  try {
    return localStorage.getItem(KEPT) === 'on'
  } catch {
    return false
  }
}

/** @type {import('../types.js').CreateView} */
export function createNarration(root, emit) {
  const spoken = element('p', { class: 'hidden narration', 'aria-live': 'polite' })
  root.append(spoken)
  if (wasOn()) queueMicrotask(() => emit(choice(true)))
  let told = -Infinity
  let at = ''
  let waiting = 0
  let wasTraining = false
  /** @type {[import('../types.js').State, import('../types.js').Frame | null] | null} */
  let latest = null

  function tell(paused = false) {
    if (!latest) return
    told = performance.now()
    say(spoken, narration(...latest, paused))
  }

  return {
    render(state, frame) {
      latest = [state, frame]
      if (!isNarrated(state) || state.opening) return
      if (state.training) {
        wasTraining = true
        clearTimeout(waiting)
        if (performance.now() - told >= QUIET) tell()
        return
      }
      const now = `${roundOf(state)} ${state.run?.config.cell}`
      if (now === at && !wasTraining) return
      const paused = wasTraining
      at = now
      wasTraining = false
      clearTimeout(waiting)
      waiting = window.setTimeout(tell, SETTLED, paused)
    },
    destroy() { clearTimeout(waiting); spoken.remove() },
  }
}

/** The switch, in Settings. @param {import('../types.js').Emit} emit */
export function createNarrationSwitch(emit) {
  const box = element('input', { type: 'checkbox', id: 'narration', 'aria-describedby': 'narration-help', change: () => {
    emit(choice(box.checked))
    try {
      localStorage.setItem(KEPT, box.checked ? 'on' : 'off')
    } catch { /* then for this visit */ }
  } })
  const node = element('div', { class: 'narrate' },
    element('div', {}, element('label', { for: 'narration' }, t('Narrate for screen readers')),
      element('p', { class: 'help', id: 'narration-help' }, t('Says in one sentence what the network can do: every ten seconds at most while it trains, after each single round, and at a pause.'))), box)
  return {
    node,
    /** @param {import('../types.js').State} state */
    render(state) { box.checked = isNarrated(state) },
  }
}
