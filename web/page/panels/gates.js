/** Gates: how often each stands open or shut, and what those of the chosen neuron do along the text. */
import { element, pool, put, say, show } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { clipped, count, fixed, glyph, inWords, percent } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { sizesOf } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { createDataTable } from './data-table.js'
import { createFigure } from './figure.js'
import { createScatter } from './gate-scatter.js'
import { createSwitch } from './switch.js'
import { createUnit, lettersFor } from './unit.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../../engine/watch.js').GateStatistics} Statistics */
/** @typedef {{ letter: string, verb: string, term: string, open: string, shut: string }} Gate  open, shut: what the neuron then does */

const PASSAGE = 120
/** Texts up to this length are set large. */
const WORD = 24
const OPEN = 0.9
const SHUT = 0.1

/** @type {() => Gate} */
const keep = () => ({ letter: 'f', verb: t('keep'), term: t('forget gate'), open: t('mostly keeps its memory'), shut: t('mostly forgets') })
/** @type {() => Gate} */
const write = () => ({ letter: 'i', verb: t('write'), term: t('input gate'), open: t('mostly lets the new in'), shut: t('mostly lets nothing in') })

/** Of each cell, what it does first. @type {Record<string, () => readonly Gate[]>} */
const GATES = {
  lstm: () => [keep(), write(), { letter: 'o', verb: t('show'), term: t('output gate'), open: t('mostly shows its memory'), shut: t('mostly hides it') }],
  gru: () => [
    { letter: 'z', verb: t('keep'), term: t('update gate'), open: t('mostly keeps its memory'), shut: t('mostly writes it anew') },
    { letter: 'r', verb: t('look back'), term: t('reset gate'), open: t('mostly looks back at what was'), shut: t('mostly looks at the letter alone') },
  ],
  mingru: () => [{ letter: 'z', verb: t('rewrite'), term: t('update gate'), open: t('mostly writes its memory anew'), shut: t('mostly keeps it') }],
  minlstm: () => [keep(), write()],
}

/** @param {State} state */
const gatesOf = (state) => GATES[String(state.run?.config.cell)]?.() ?? []

/** @param {State} state @param {import('../types.js').Config} choices */
const chosenGate = (state, { gate }) => gatesOf(state).find(({ letter }) => letter === gate) ?? gatesOf(state)[0]

/** @type {import('../types.js').Panel} */
export const gates = {
  name: 'gates',
  title: english('Gates'),
  question: english('open or shut'),
  suits: ({ task }) => !task,
  choices: { gate: '' },

  asks(state) {
    const { run, layer, neuron: unit } = state
    if (!run || gatesOf(state).length === 0) return []
    const place = { from: state.from, length: run.vocabulary.tokens === 'words' ? PASSAGE / 4 : PASSAGE }
    return [
      { name: 'passage', options: place },
      { name: 'gateStatistics', options: { from: 0, length: lettersFor(run), layer, below: SHUT, above: OPEN } },
      ...gatesOf(state).map(({ letter }) => /** @type {const} */ ({ name: 'activations', options: { ...place, layer, unit, state: letter } })),
    ]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Which gates are open?'))
    const none = createNone(words, emit)
    const what = element('p')
    const unit = createUnit(emit)
    const does = element('span')
    const claim = createPhrase(does)
    const switchRoom = element('p')
    const rest = element('p', { class: 'how' })
    const some = element('div', {}, what, element('p', { class: 'claim' }, unit.node, ' ', does), switchRoom, rest)
    words.append(some)
    const strips = createStrips(figure)
    const caption = element('div', { class: 'caption' })
    const plots = element('div', { class: 'scatters' })
    figure.append(caption, plots)
    const table = createDataTable(figure, t('The same in numbers'), [t('neuron'), t('gate'), t('mean'), t('open'), t('shut')])
    /** What the switch and the plots are made for. */
    let cell = ''
    /** @type {ReturnType<typeof createSwitch> | null} */
    let chooser = null
    /** @type {ReturnType<typeof createScatter>[]} */
    let scatters = []

    /** @param {State} state */
    function build(state) {
      cell = String(state.run?.config.cell)
      chooser = createSwitch(t('Gate'), gatesOf(state).map(({ letter, verb }) => [letter, `${verb}, ${letter}`]), (value) => emit({ type: 'choose', panel: 'gates', name: 'gate', value }))
      switchRoom.replaceChildren(chooser.node)
      plots.replaceChildren()
      scatters = gatesOf(state).map((gate) => createScatter(plots, gate, emit))
      say(what, sentence(gatesOf(state)))
    }

    return {
      render(state, _, answers, choices) {
        const { run } = state
        if (!run) return
        const gate = chosenGate(state, choices)
        show(figure, gate !== undefined)
        show(some, gate !== undefined)
        none.render(state, gate === undefined)
        if (!gate) return
        if (cell !== run.config.cell) build(state)
        unit.render(state, run)
        chooser?.set(gate.letter)
      show(switchRoom, gatesOf(state).length > 1)
        const [read, told, ...opened] = answers
        if (read?.name !== 'passage' || !read.result || told?.name !== 'gateStatistics' || !told.result) return
        const statistics = told.result
        const { H, L } = sizesOf(run)
        if (statistics[0].mean.length !== H) return
        const of = (/** @type {Gate} */ { letter }) => statistics.find((one) => one.gate === letter) ?? statistics[0]
        strips.render(read.result.map((symbol) => run.vocabulary.symbols[symbol] ?? ''), gatesOf(state), opened.map((one) => (one.name === 'activations' && one.result ? one.result.data : [])), gate.letter)
        claim(describe(gate, of(gate), Math.min(H - 1, state.neuron)))
        const [open, shut] = [of(gate).above, of(gate).below].map((shares) => shares.filter((share) => share > 0.5).length)
        say(rest, L > 1 ? t`Of the ${H} gates in layer ${state.layer + 1} that ${gate.verb}, ${open} are open more than half of the time, ${shut} are shut more than half of the time. The rest work in between.`
          : t`Of the ${H} gates that ${gate.verb}, ${open} are open more than half of the time, ${shut} are shut more than half of the time. The rest work in between.`)
        say(caption, t`how often each neuron’s gate is all but stuck, over ${count(lettersFor(run))} letters`)
        scatters.forEach((scatter, i) => scatter.render(of(gatesOf(state)[i]), state.layer, state.neuron))
        table.render(() => Array.from({ length: H }, (_, i) => i).flatMap((i) => gatesOf(state).map((one) => {
          const { mean, above, below } = of(one)
          return [String(i + 1), one.verb, fixed(mean[i]), `${percent(above[i])} %`, `${percent(below[i])} %`]
        })))
      },
      destroy() { root.replaceChildren() },
    }
  },
}

/** @param {readonly Gate[]} gates */
function sentence(gates) {
  const verbs = gates.map(({ verb }) => verb)
  const list = verbs.length === 1 ? verbs[0] : t`${verbs.slice(0, -1).join(', ')} and ${verbs[verbs.length - 1]}`
  return t`A gate is a number between 0, shut, and 1, open. Every neuron has ${inWords(gates.length)}, to ${list}; in books: ${gates.map(({ term }) => term).join(', ')}.`
}

/** @param {Gate} gate @param {Statistics} statistics @param {number} unit @returns {import('../draw/phrase.js').Part[]} */
function describe(gate, { above, below }, unit) {
  const [open, shut] = [above[unit], below[unit]]
  const verdict = open > 0.5 ? gate.open : shut > 0.5 ? gate.shut : open + shut > 0.5 ? t('decides letter by letter') : t('stays in between')
  const [over, under] = [OPEN, SHUT].map((limit) => fixed(limit, 1))
  const [often, seldom] = [open, shut].map((share) => ({ strong: `${percent(share)} %` }))
  return phrase`${verdict}: its gate to ${gate.verb} is open (over ${over}) on ${often} of the letters and shut (under ${under}) on ${seldom}.`
}

/** Where there are no gates: why, and what would have some. @param {HTMLElement} root @param {import('../types.js').Emit} emit */
function createNone(root, emit) {
  const begin = (/** @type {string} */ cell) => () => {
    emit({ type: 'edit', field: 'cell', value: cell })
    emit({ type: 'apply' })
  }
  const node = element('div', {},
    element('p', { class: 'claim' }, t('This network has no gates: each neuron rewrites all that it remembers on every letter.')),
    element('p', {}, t('Gates let a neuron hold on to something, and forget it when it has served. A network with gates has other weights, so it begins again from round 0.')),
    element('p', { class: 'row' },
      element('button', { class: 'button', click: begin('lstm') }, t('Begin again with an LSTM')), element('button', { class: 'button', click: begin('gru') }, t('Begin again with a GRU'))))
  root.append(node)
  return {
    /** @param {State} state @param {boolean} visible */
    render(state, visible) {
      show(node, visible)
      for (const button of node.querySelectorAll('button')) button.disabled = state.opening
    },
  }
}

/** Characters of a word over its gates. */
const LONG = 8

/** The passage with a strip for each gate under it: the higher and bluer, the more open. @param {HTMLElement} root */
function createStrips(root) {
  const caption = element('div', { class: 'caption' }, element('span', {}, t('its gates along the text, the fuller the more open')))
  const names = element('span')
  caption.append(names)
  const node = element('div', { class: 'strips', role: 'img', 'aria-label': t('Gates along the text') })
  root.append(caption, node)
  const columns = pool(node, () => element('span', {}, element('b')))
  return {
    /** @param {readonly string[]} letters @param {readonly Gate[]} gates @param {readonly ArrayLike<number>[]} values @param {string} chosen */
    render(letters, gates, values, chosen) {
      if (values.length !== gates.length) return
      say(names, t`top to bottom: ${gates.map(({ verb }) => verb).join(', ')}`)
      const long = letters.some((letter) => letter.length > 3)
      node.classList.toggle('word', letters.length <= WORD && !long)
      node.classList.toggle('long', long)
      columns(letters.length).forEach((column, at) => {
        while (column.children.length - 1 < gates.length) column.append(element('i', {}, element('i')))
        while (column.children.length - 1 > gates.length) column.lastElementChild?.remove()
        say(column.children[0], clipped(glyph(letters[at]), LONG))
        gates.forEach(({ letter }, g) => {
          const strip = column.children[g + 1]
          const bar = /** @type {HTMLElement} */ (strip.children[0])
          const open = values[g][at] ?? 0
          strip.classList.toggle('chosen', letter === chosen)
          bar.style.transform = `scaleY(${open.toFixed(2)})`
          bar.style.background = shade('value', open).background
        })
      })
      const widest = gates.map(({ verb }, g) => {
        const own = Array.from(values[g])
        const top = own.indexOf(Math.max(...own))
        return t`${verb} ${fixed(Math.min(...own))} to ${fixed(Math.max(...own))}, most open on letter ${top + 1}, ${glyph(letters[top] ?? '')}`
      })
      put(node, { 'aria-label': t`Gates along ${letters.length} letters: ${widest.join('; ')}.` })
    },
  }
}
