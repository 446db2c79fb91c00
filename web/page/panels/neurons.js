/** Neurons: a passage in the colours of one unit, which unit follows what, and what is written while one is held. */
import { element, pool, put, say, show } from '../draw/dom.js'
import { count, fixed, glyph } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { givenOf } from '../views/writes/given.js'
import { createFigure, hinted } from './figure.js'
import { createLegend, createPassage } from './passage.js'
import { createSwitch } from './switch.js'
import { createUnit, lettersFor } from './unit.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Run} Run */
/** @typedef {{ unit: number, feature: string, correlation: number }} Correlation */

const PASSAGE = 420
const WRITTEN = 160
const HOLD = 3
/** Below this a neuron follows nothing. */
const WEAK = 0.2

/** Features as the engine names them, in words. @type {Record<string, string>} */
const FEATURES = english({
  insideQuotes: 'inside quotation marks', bracketDepth: 'brackets that are open', positionInLine: 'position in the line', positionInWord: 'position in the word',
  isSpace: 'reading a space', isUppercase: 'reading a capital', isDigit: 'reading a digit', isPunctuation: 'reading punctuation',
})

/** LSTMs keep one number and show another. @param {State} state */
const keeps = (state) => state.run?.config.cell === 'lstm'

/** @param {State} state @param {import('../types.js').Config} choices @returns {'h' | 'c'} */
const shownOf = (state, { shown }) => (shown === 'c' && keeps(state) ? 'c' : 'h')

/** @type {import('../types.js').Panel} */
export const neurons = {
  name: 'neurons',
  title: english('Neurons'),
  question: english('what one has learned'),
  suits: ({ task }) => !task,
  choices: { shown: 'h', held: 1 },

  asks(state, choices) {
    const { run, layer, neuron: unit, sampling } = state
    if (!run) return []
    const shown = shownOf(state, choices)
    const sample = { ...sampling, temperature: sampling.temperature || 1, length: Math.min(WRITTEN, sampling.length) }
    const place = { from: state.from, length: PASSAGE }
    return [
      { name: 'passage', options: place },
      { name: 'activations', options: { ...place, layer, unit, state: shown } },
      { name: 'correlations', options: { from: 0, length: lettersFor(run), layer, state: shown } },
      { name: 'sample', options: sample },
      { name: 'sample', options: { ...sample, clamp: [{ layer, unit, value: Number(choices.held), state: shown }] } },
    ]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('What has one neuron learned?'))
    const unit = createUnit(emit)
    const follows = element('span')
    const claim = createPhrase(follows)
    const found = createFound(emit)
    const note = element('p', { class: 'how' })
    words.append(element('p', { class: 'claim' }, unit.node, ' ', follows), found.node, note)

    const shown = createSwitch(t('What is looked at'), [['h', t('what it shows, h')], ['c', t('what it keeps, c')]], (value) => emit({ type: 'choose', panel: 'neurons', name: 'shown', value }))
    const legend = createLegend()
    figure.append(element('div', { class: 'caption' }, element('span', {}, t('what the neuron says on reading each letter')), shown.node, legend.node))
    const passage = createPassage(figure, t('The text in the neuron’s colours'))
    const hold = createHold(figure, emit)

    return {
      render(state, _, answers, choices) {
        const { run } = state
        if (!run) return
        unit.render(state, run)
        show(shown.node, keeps(state))
        shown.set(shownOf(state, choices))
        legend.render()
        hold.render(state, choices, answers)
        const [read, says, correlations] = answers
        if (read?.name !== 'passage' || !read.result || says?.name !== 'activations' || !says.result || correlations?.name !== 'correlations' || !correlations.result) return
        passage.render(read.result.map((symbol) => run.vocabulary.symbols[symbol] ?? ''), says.result.data)
        const own = correlations.result.find((one) => one.unit === state.neuron)
        claim(describe(own))
        found.render(state, correlations.result)
        const letters = Math.min(lettersFor(run), run.plan.length)
        const how = t`Nobody asked for any of these. r compares what a neuron says with each of these over ${count(letters)} letters: 1 is a perfect match, 0 none, a minus sign means that it goes down.`
        say(note, `${how} ${letters < 100 ? t('So few letters match easily by chance.') : t('Some of it comes for free: an untrained network remembers its last letters a little, too.')}`)
      },
      destroy() { root.replaceChildren() },
    }
  },
}

/** @param {Correlation | undefined} own  what it goes with most @returns {import('../draw/phrase.js').Part[]} */
function describe(own) {
  if (!own || own.correlation === 0) return [t('says the same on every letter.')]
  const r = `r\u00a0=\u00a0${fixed(own.correlation)}`
  const feature = t(FEATURES[own.feature])
  return Math.abs(own.correlation) < WEAK ? [t`follows nothing we know of; closest is ${feature}, ${r}.`] : phrase`follows ${{ letter: feature }}: ${r}.`
}

/** For each feature the neuron of this layer that follows it most. @param {import('../types.js').Emit} emit */
function createFound(emit) {
  const list = element('ul', { class: 'found' })
  const node = element('div', {}, element('div', { class: 'found-head' }, element('b', {}, t('Found so far')), element('span', {}, t('neuron')), element('span', {}, 'r')), list)
  /** @type {(Correlation & { layer: number })[]} */
  let best = []
  const rows = pool(list, () => element('li', {}, createRow()))

  function createRow() {
    const button = element('button', { click: () => {
      const { layer, unit } = best[[...list.children].indexOf(/** @type {HTMLElement} */ (button.parentElement))]
      emit({ type: 'neuron', layer, neuron: unit })
    } }, element('span', { class: 'name' }), hinted('unit', `: ${t('neuron')} `), element('i', { class: 'room' }, element('i')), hinted('r', ', r '))
    return button
  }
  return {
    node,
    /** @param {State} state @param {readonly Correlation[]} all  the closest first */
    render({ layer, neuron }, all) {
      /** @type {Map<string, Correlation>} */
      const first = new Map()
      for (const one of all) if (one.correlation !== 0 && !first.has(one.feature)) first.set(one.feature, one)
      const next = [...first.values()].map((one) => ({ ...one, layer }))
      // Under a pointer or the focus nothing changes places.
      best = list.matches(':hover, :focus-within') && best.length === next.length && best[0]?.layer === layer
        ? best.map(({ feature }) => next.find((one) => one.feature === feature) ?? next[0]) : next
      show(node, best.length > 0)
      rows(best.length).forEach((row, i) => {
        const { unit, feature, correlation } = best[i]
        const button = row.children[0]
        const [name, number, room, r] = button.children
        say(name, t(FEATURES[feature] ?? feature))
        say(number.children[1], String(unit + 1))
        say(r.children[1], fixed(correlation))
        const bar = /** @type {HTMLElement} */ (room.children[0])
        bar.style.transform = `scaleX(${Math.abs(correlation).toFixed(3)})`
        put(button, { 'aria-pressed': String(unit === neuron) })
      })
    },
  }
}

/** What it writes when left alone, and when the neuron is held: the same prompt and the same dice. @param {HTMLElement} root @param {import('../types.js').Emit} emit */
function createHold(root, emit) {
  const change = (/** @type {number} */ value) => emit({ type: 'choose', panel: 'neurons', name: 'held', value })
  const spin = createSpin({ label: t('held at'), minimum: -HOLD, maximum: HOLD, step: 0.1, format: (v) => fixed(v, 1), change })
  const slider = element('input', { type: 'range', min: -HOLD, max: HOLD, step: 0.1, 'aria-label': t('held at'), input: () => change(Number(slider.value)) })
  const heads = [element('span', {}, t('left alone')), element('span')]
  const texts = [element('p', { class: 'flow' }), element('p', { class: 'flow' })]
  const same = element('p', { class: 'how' })
  root.append(
    element('div', { class: 'hold' }, element('span', { class: 'verb' }, t('hold it at'), ' '), spin.node, slider, element('span', { class: 'soft' }, t('and let it write, with the same dice'))),
    element('div', { class: 'two' }, ...texts.map((text, i) => element('div', {}, element('div', { class: 'label' }, heads[i]), text))), same)
  const parts = texts.map((text) => text.appendChild(element('span', { class: 'prompt' })) && [text.children[0], text.appendChild(element('span')), text.appendChild(element('mark')), text.appendChild(element('span'))])

  return {
    /** @param {State} state @param {import('../types.js').Config} choices @param {readonly import('../types.js').Inspection[]} answers */
    render(state, choices, answers) {
      const held = Number(choices.held)
      spin.set(held)
      if (Number(slider.value) !== held) slider.value = String(held)
      say(heads[1], t`held at ${fixed(held, 1)}`)
      const samples = answers.flatMap((answer) => (answer.name === 'sample' && answer.result ? [answer.result] : []))
      if (samples.length !== 2) return
      const symbols = state.run?.vocabulary.symbols ?? []
      const written = samples.map((sample) => sample.symbols.map((symbol) => symbols[symbol] ?? ''))
      const [alone, kept] = written
      const differs = alone.findIndex((letter, i) => letter !== kept[i])
      const common = differs < 0 ? alone.length : differs
      parts.forEach(([prompt, before, parting, after], i) => {
        say(prompt, givenOf(samples[i], symbols).join(''))
        say(before, write(written[i].slice(0, common)))
        say(parting, write(written[i].slice(common, common + 1)))
        say(after, write(written[i].slice(common + 1)))
      })
      say(same, differs < 0 ? t('Held there, it writes the very same.') : common === 0 ? t('They part at the first letter.')
        : common === 1 ? t('They are the same for one letter, then they part.') : t`They are the same for ${common} letters, then they part.`)
    },
  }
}

/** @param {string[]} letters */
const write = (letters) => letters.map((letter) => (letter === '\n' ? '↵\n' : letter < ' ' ? glyph(letter) : letter)).join('')
