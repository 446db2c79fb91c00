/** A short sample as tiles: the prompt outlined, each letter in the colour of its probability. */
import { element, pool, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { clipped, glyph, percent, spoken } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { givenOf } from './given.js'

/** @type {import('../../types.js').CreateView} */
export function createTiles(root, emit) {
  root.className = 'tiles'
  root.setAttribute('role', 'group')
  root.setAttribute('aria-label', t('Sampled text'))
  const tiles = pool(root, () => element('button', { class: 'tile' }))
  let given = 0

  const pick = (/** @type {Event} */ event) => {
    const index = event.target instanceof HTMLElement ? [...root.children].indexOf(event.target) : -1
    if (index >= given) emit({ type: 'pick', index: index - given })
  }
  root.addEventListener('pointerover', pick)
  root.addEventListener('focusin', pick)
  root.addEventListener('click', pick)

  return {
    render(state) {
      const { sample, sampling, run, picked } = state
      const symbols = run?.vocabulary.symbols ?? []
      const prompt = sample ? givenOf(sample, symbols) : [...sampling.prompt]
      given = prompt.length
      const length = given + sampling.length
      tiles(length).forEach((tile, i) => {
        const n = i - given
        const symbol = n < 0 ? prompt[i] : sample ? symbols[sample.symbols[n]] ?? '' : ''
        say(tile, symbol === '' ? '' : clipped(glyph(symbol), 4))
        tile.classList.toggle('given', n < 0 || symbol === '')
        tile.classList.toggle('picked', n === picked && sample !== null)
        tile.disabled = n < 0
        const p = sample && n >= 0 ? sample.probabilities[n] : null
        const label = p === null ? t`${spoken(symbol)}, given` : t`${spoken(symbol)}, probability ${percent(p)} percent`
        if (tile.getAttribute('aria-label') !== label) tile.setAttribute('aria-label', label)
        const colour = p === null ? null : shade('value', p)
        tile.style.background = colour?.background ?? ''
        tile.style.color = colour?.text ?? ''
      })
    },
    destroy() { root.replaceChildren() },
  }
}
