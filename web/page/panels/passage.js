/** A passage of the text, each letter in the colour of a number. The arrow keys go from letter to letter and read it out. */
import { element, pool, say } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { fixed, spoken } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { phrase, t } from '../language/index.js'

/** Texts up to this length are set large. */
const WORD = 24

/**
 * @typedef {{ colourOf: (value: number) => import('../draw/colour.js').Shade, lineOf: (place: number) => import('../draw/phrase.js').Part[] }} Telling
 *   how a number is coloured, and what is said of the symbol at a place
 */

/** @param {HTMLElement} root @param {string} label @param {Telling} [telling] */
export function createPassage(root, label, telling) {
  const text = element('div', { class: 'passage', role: 'group', tabindex: 0, 'aria-label': t`${label}; left and right arrow keys move from letter to letter` })
  const line = element('p', { class: 'how' })
  const spokenLine = element('p', { class: 'hidden', 'aria-live': 'polite' })
  root.append(text, line, spokenLine)
  const letters = pool(text, () => element('span'))
  const reading = createPhrase(line)
  let picked = 0
  /** @type {{ symbols: readonly string[], values: ArrayLike<number> }} */
  let shown = { symbols: [], values: [] }

  function read() {
    const { symbols, values } = shown
    if (!symbols.length) return reading([])
    picked = Math.max(0, Math.min(symbols.length - 1, picked))
    letters(symbols.length).forEach((node, t) => node.classList.toggle('picked', t === picked))
    if (telling) return reading(telling.lineOf(picked))
    const before = symbols.slice(Math.max(0, picked - 8), picked).join('').replaceAll('\n', '↵')
    const [place, letter, value] = [String(picked + 1), { letter: spoken(symbols[picked]) }, { value: values[picked], text: fixed(values[picked]) }]
    reading(before ? phrase`Letter ${place}, after “${(picked > 8 ? '…' : '') + before}”, ${letter}: ${value}` : phrase`Letter ${place}, ${letter}: ${value}`)
  }
  text.addEventListener('keydown', (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key]
    if (!move) return
    event.preventDefault()
    picked += move
    read()
    say(spokenLine, line.textContent ?? '')
  })
  const pick = (/** @type {Event} */ event) => {
    const at = event.target instanceof HTMLElement && event.target !== text ? [...text.children].indexOf(event.target) : -1
    if (at < 0) return
    picked = at
    read()
  }
  text.addEventListener('click', pick)
  text.addEventListener('pointerover', pick)

  return {
    /** @param {readonly string[]} symbols @param {ArrayLike<number>} values */
    render(symbols, values) {
      shown = { symbols, values }
      text.classList.toggle('word', symbols.join('').length <= WORD)
      letters(symbols.length).forEach((node, t) => {
        say(node, symbols[t] === '\n' ? '↵\n' : symbols[t])
        const { background, text: ink } = telling?.colourOf(values[t]) ?? shade('value', values[t])
        if (node.dataset.shade === background) return
        node.dataset.shade = background
        node.style.background = background
        node.style.color = ink
      })
      read()
    },
  }
}

/** What the colours say. */
export function createLegend() {
  const swatch = element('i')
  let drawn = ''
  return {
    node: element('span', { class: 'legend' }, '\u22121', swatch, '1'),
    render() {
      const stops = [-1, -0.5, -0.2, 0, 0.2, 0.5, 1].map((v) => `${shade('value', v).background} ${50 + 50 * v}%`).join()
      if (stops !== drawn) swatch.style.background = `linear-gradient(90deg, ${drawn = stops})`
    },
  }
}
