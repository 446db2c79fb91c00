/** Sensitivity: how strongly each later bet depends on one letter, from the exact derivatives of the outputs (Graves 2008, figure 4.1). */
import { shade } from '../draw/colour.js'
import { element, pool, put, say, shape } from '../draw/dom.js'
import { fixed, glyph, inWords, spoken } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { columnsFor } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from './figure.js'
import { createDecades, createHandle, createPlot, createRules, createTable, share, tenTo } from './plot.js'

/** @typedef {import('../draw/phrase.js').Part} Part */

const NAME = 'sensitivity'
const [HEIGHT, TOP, GROUND, LEFT] = [400, 14, 320, 46]
/** Columns from this width on have room for their number. */
const ROOMY = 46

/** @type {import('../types.js').Panel} */
export const sensitivity = {
  name: NAME,
  title: english('Sensitivity'),
  question: english('what a letter changes later'),
  suits: ({ task }) => !task,
  choices: { letter: 1, later: 2 },
  asks({ run, from, width }, { letter }) {
    const length = run ? columnsFor(run, width) : 1
    return [{ name: 'sensitivity', options: { from, length, step: Math.max(0, Math.min(length - 1, Number(letter) - 1)) } }]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('What does one letter change?'))
    let [length, letter] = [1, 1]
    const choose = (/** @type {string} */ name, /** @type {number} */ value) => emit({ type: 'choose', panel: NAME, name, value })
    const setLetter = (/** @type {number} */ value) => choose('letter', Math.max(1, Math.min(length, Math.round(value))))
    const letterSpin = createSpin({ label: t('letter'), minimum: 1, maximum: 65535, whole: true, format: String, change: setLetter })
    const laterSpin = createSpin({ label: t('letters later'), minimum: 1, maximum: 65535, whole: true, format: String, change: (value) => choose('later', Math.max(1, Math.min(length - letter, value))) })
    words.append(element('p', {}, t('Nudge what the network reads at one letter, just a little, and watch its bets. How much do they still move some letters later, when only its memory can know of it?')))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const rest = createPhrase(words.appendChild(element('p')))
    words.append(element('p', { class: 'how' }, t('Each column is the size (Frobenius norm) of the Jacobian of the bets at that letter, before softmax, by what is read at the chosen one; divided by that at the chosen one, on a logarithmic scale. Exact, from zero state, along the letters that stand above. Drag the yellow handle. Bets before the letter cannot know of it.')))
    figure.append(element('p', { class: 'how' }, t('how much each bet depends on the chosen letter')))
    const plot = createPlot(figure, HEIGHT, 'by-letter')
    const { svg } = plot
    const title = shape(svg, 'title')
    const rules = createRules(svg)
    const bars = pool(shape(svg, 'g'), () => shape(null, 'rect'))
    const caps = shape(svg, 'path', { class: 'caps' })
    const numbers = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'middle' }))
    const ground = shape(svg, 'path', { class: 'ground' })
    const mark = shape(svg, 'rect', { class: 'chosen', rx: 4 })
    const signs = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'sign middle' }))
    const handle = createHandle(svg, { label: t('letter'), move: (x) => setLetter((x - LEFT) / pitch + 0.5), step: (by) => setLetter(letter + by) })
    const table = createTable(figure, t('How much each bet depends on the chosen letter, of the bet right after it'), [t('letter'), t('share')])
    const decades = createDecades(TOP, GROUND)
    let pitch = 1

    /** @param {import('../types.js').State} state @param {readonly string[]} letters @param {readonly number[]} shares @param {number} width */
    function paint(state, letters, shares, width) {
      pitch = (width - LEFT) / length
      const gap = pitch > 6 ? 1 : 0
      decades.fit(shares, state.run)
      const { y } = decades
      rules(decades.ticks.map((d) => ({ y: y(10 ** d), text: d === 0 ? t('all') : d > 0 ? `× ${10 ** d}` : tenTo(d) })), LEFT, width)
      put(ground, { d: `M${LEFT} ${GROUND}H${width}` })
      const left = (/** @type {number} */ t) => LEFT + t * pitch + gap
      const wide = Math.max(0.5, pitch - 2 * gap)
      bars(length).forEach((bar, t) => {
        put(bar, { x: left(t), y: y(shares[t]), width: wide, height: Math.max(0, GROUND - y(shares[t])) })
        bar.style.fill = shade('gradient', Math.min(1, shares[t])).background
      })
      put(caps, { d: shares.map((v, t) => (v > 0 && y(v) < GROUND ? `M${left(t)} ${y(v)}h${wide}` : '')).join('') })
      const told = pitch >= ROOMY ? length : 0
      numbers(told).forEach((number, t) => {
        put(number, { x: LEFT + (t + 0.5) * pitch, y: GROUND + 18 })
        say(number, t < letter - 1 ? '' : share(shares[t]))
      })
      signs(length).forEach((sign, t) => {
        put(sign, { x: LEFT + (t + 0.5) * pitch, y: GROUND + 44, class: t === letter - 1 ? 'sign middle picked' : 'sign middle' })
        say(sign, letters[t])
      })
      const box = Math.min(28, Math.max(14, pitch))
      put(mark, { x: LEFT + (letter - 0.5) * pitch - box / 2, y: GROUND + 28, width: box, height: 22 })
      handle.put({ x: LEFT + (letter - 0.5) * pitch, y: GROUND + 66, value: letter, least: 1, most: length, text: t`letter ${letter}, ${spoken(letters[letter - 1] ?? '')}` })
    }

    return {
      render(state, frame, [answer], choices) {
        const { run } = state
        if (answer?.error) return claim([`${answer.error.charAt(0).toUpperCase()}${answer.error.slice(1)}.`])
        if (!run || answer?.name !== 'sensitivity' || !answer.result || !frame) return
        const { norms } = answer.result
        const once = norms.length === 1
        length = once ? frame.inputs.length : norms.length
        letter = Math.max(1, Math.min(length, Number(choices.letter)))
        const at = once ? norms[0] : norms[letter - 1]
        const shares = Array.from({ length }, (_, t) => (once ? Number(t === length - 1) : at > 0 ? norms[t] / at : 0))
        const letters = Array.from({ length }, (_, t) => glyph(run.vocabulary.symbols[frame.inputs[t]]))
        const later = Math.max(1, Math.min(length - letter, Number(choices.later)))
        letterSpin.set(letter)
        laterSpin.set(later)
        const node = { node: letterSpin.node }
        const moved = shares[letter - 1 + later]
        const face = { letter: letters[letter - 1] }
        claim(letter === length ? phrase`Letter ${node}, ${face}, is the last one: only the bet right after it knows of it.`
          : [...phrase`Nudge letter ${node}, ${face}:`, ' ', ...claimed(later, { node: laterSpin.node }, moved)])
        const under = shares.findIndex((v, t) => t >= letter && v < 0.01)
        const after = { strong: under === letter ? t('one letter') : t`${inWords(under - letter + 1)} letters` }
        rest(letter === length ? [] : under < 1 ? [t('To the end of these letters it never falls below 1 %.')] : phrase`It falls below 1 % after ${after}.`)
        plot.draw((width) => paint(state, letters, shares, width))
        say(title, t`How much the bets depend on letter ${letter}, ${spoken(letters[letter - 1])}: ${shares.slice(letter - 1, letter + 5).map(share).join(', ')} …`)
        table(state.training, () => shares.map((v, at) => [`${at + 1}, ${spoken(letters[at])}`, share(v)]))
      },
      destroy() {
        plot.destroy()
        root.replaceChildren()
      },
    }
  },
}

/** @param {number} later @param {Part} spin  of it @param {number} moved @returns {Part[]} */
function claimed(later, spin, moved) {
  if (moved > 1) {
    const times = { strong: t`${fixed(moved, 1)} times` }
    return later === 1 ? phrase`${spin} letter later, the bet moves ${times} as much as the bet right after it.` : phrase`${spin} letters later, the bet moves ${times} as much as the bet right after it.`
  }
  const some = { strong: share(moved) }
  return later === 1 ? phrase`${spin} letter later, the bet still moves by ${some} of what the bet right after it does.` : phrase`${spin} letters later, the bet still moves by ${some} of what the bet right after it does.`
}
