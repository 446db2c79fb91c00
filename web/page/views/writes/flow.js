/** A long sample as flowing text: under each letter a stripe in the colour of its probability. Arrow keys move from letter to letter. */
import { element, pool, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { t } from '../../language/index.js'
import { givenOf } from './given.js'

/** @type {import('../../types.js').CreateView} */
export function createFlow(root, emit) {
  root.className = 'flow'
  root.tabIndex = 0
  root.setAttribute('role', 'group')
  root.setAttribute('aria-label', t('Sampled text; left and right arrow keys move from letter to letter'))
  const prompt = element('span', { class: 'prompt' })
  root.append(prompt)
  const letters = pool(root, () => element('span'))
  let shown = /** @type {import('../../types.js').Sample | null} */ (null)
  let theme = ''
  let picked = -1
  let length = 0

  root.addEventListener('keydown', (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!move) return
    event.preventDefault()
    emit({ type: 'pick', index: Math.max(0, Math.min(length - 1, picked + move)) })
  })
  root.addEventListener('click', (event) => {
    const index = event.target instanceof HTMLElement ? [...root.children].indexOf(event.target) - 1 : -1
    if (index >= 0) emit({ type: 'pick', index })
  })

  /** @param {number} index @param {boolean} on */
  function mark(index, on) {
    const node = letters(length)[index]
    if (!node || !shown) return
    const { background, text } = shade('value', shown.probabilities[index])
    node.classList.toggle('picked', on)
    node.style.background = on ? background : ''
    node.style.color = on ? text : ''
  }

  /** @param {import('../../types.js').State} state */
  function write({ sample, sampling, run }) {
    mark(picked, false)
    picked = -1
    shown = sample
    const symbols = run?.vocabulary.symbols ?? []
    say(prompt, sample ? givenOf(sample, symbols).join('') : sampling.prompt)
    length = sample?.symbols.length ?? 0
    letters(length).forEach((node, n) => {
      if (!sample) return
      const symbol = symbols[sample.symbols[n]] ?? ''
      say(node, symbol === '\n' ? '↵\n' : symbol)
      node.style.boxShadow = `inset 0 -3px 0 ${shade('value', sample.probabilities[n]).background}`
    })
  }

  /** @param {import('../../types.js').State} state */
  function follow(state) {
    if (picked === state.picked) return
    mark(picked, false)
    mark(picked = state.picked, true)
  }

  let waiting = 0
  return {
    render(state) {
      const tone = shade('value', 1).background
      if (state.sample === shown && tone === theme) return waiting ? undefined : follow(state)
      theme = tone
      cancelAnimationFrame(waiting)
      // A frame of its own: so many letters and a whole score in one would be felt.
      waiting = requestAnimationFrame(() => { waiting = 0; write(state); follow(state) })
    },
    destroy() { cancelAnimationFrame(waiting); root.replaceChildren() },
  }
}
