/** Gates: how often each stands open or shut, and what those of the chosen neuron do along the text. */
import { element, pool, put, say, show } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { count, fixed, glyph, percent } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { sizesOf } from '../drawing.js'
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

const KEEP = { letter: 'f', verb: 'keep', term: 'forget gate', open: 'keeps its memory', shut: 'forgets' }
const WRITE = { letter: 'i', verb: 'write', term: 'input gate', open: 'lets the new in', shut: 'lets nothing in' }

/** Of each cell, what it does first. @type {Record<string, readonly Gate[]>} */
const GATES = {
  lstm: [KEEP, WRITE, { letter: 'o', verb: 'show', term: 'output gate', open: 'shows its memory', shut: 'hides it' }],
  gru: [
    { letter: 'z', verb: 'keep', term: 'update gate', open: 'keeps its memory', shut: 'writes it anew' },
    { letter: 'r', verb: 'look back', term: 'reset gate', open: 'looks back at what was', shut: 'looks at the letter alone' },
  ],
  mingru: [{ letter: 'z', verb: 'rewrite', term: 'update gate', open: 'writes its memory anew', shut: 'keeps it' }],
  minlstm: [KEEP, WRITE],
}

/** @param {State} state */
const gatesOf = (state) => GATES[String(state.run?.config.cell)] ?? []

/** @param {State} state @param {import('../types.js').Config} choices */
const chosenGate = (state, { gate }) => gatesOf(state).find(({ letter }) => letter === gate) ?? gatesOf(state)[0]

/** @type {import('../types.js').Panel} */
export const gates = {
  name: 'gates',
  title: 'Gates',
  question: 'open or shut',
  choices: { gate: '' },

  asks(state) {
    const { run, layer, neuron: unit } = state
    if (!run || gatesOf(state).length === 0) return []
    const place = { from: state.from, length: PASSAGE }
    return [
      { name: 'passage', options: place },
      { name: 'gateStatistics', options: { from: 0, length: lettersFor(run), layer, below: SHUT, above: OPEN } },
      ...gatesOf(state).map(({ letter }) => /** @type {const} */ ({ name: 'activations', options: { ...place, layer, unit, state: letter } })),
    ]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, 'Which gates are open?')
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
    const table = createDataTable(figure, 'The same in numbers', ['neuron', 'gate', 'mean', 'open', 'shut'])
    /** What the switch and the plots are made for. */
    let cell = ''
    /** @type {ReturnType<typeof createSwitch> | null} */
    let chooser = null
    /** @type {ReturnType<typeof createScatter>[]} */
    let scatters = []

    /** @param {State} state */
    function build(state) {
      cell = String(state.run?.config.cell)
      chooser = createSwitch('Gate', gatesOf(state).map(({ letter, verb }) => [letter, `${verb}, ${letter}`]), (value) => emit({ type: 'choose', panel: 'gates', name: 'gate', value }))
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
        say(rest, `${L > 1 ? `In layer ${state.layer + 1}, ` : 'Here '}${open} of ${H} ${gate.verb} gates ${open === 1 ? 'is' : 'are'} open more than half of the time, ${shut} ${shut === 1 ? 'is' : 'are'} shut more than half of the time. The rest work in between.`)
        say(caption, `how often each neuron’s gate is all but stuck, over ${count(lettersFor(run))} letters`)
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
  const list = verbs.length === 1 ? verbs[0] : `${verbs.slice(0, -1).join(', ')} and ${verbs.at(-1)}`
  return `A gate is a number between 0, shut, and 1, open. Every neuron has ${['no', 'one', 'two', 'three'][gates.length]}, to ${list}; in books: ${gates.map(({ term }) => term).join(', ')}.`
}

/** @param {Gate} gate @param {Statistics} statistics @param {number} unit @returns {import('../draw/phrase.js').Part[]} */
function describe(gate, { above, below }, unit) {
  const [open, shut] = [above[unit], below[unit]]
  const verdict = open > 0.5 ? `mostly ${gate.open}` : shut > 0.5 ? `mostly ${gate.shut}` : open + shut > 0.5 ? 'decides letter by letter' : 'stays in between'
  return [`${verdict}: its ${gate.verb} gate is open (over ${OPEN}) on `, { strong: `${percent(open)} %` }, ` of the letters and shut (under ${SHUT}) on `, { strong: `${percent(shut)} %` }, '.']
}

/** Where there are no gates: why, and what would have some. @param {HTMLElement} root @param {import('../types.js').Emit} emit */
function createNone(root, emit) {
  const begin = (/** @type {string} */ cell) => () => {
    emit({ type: 'edit', field: 'cell', value: cell })
    emit({ type: 'apply' })
  }
  const node = element('div', {},
    element('p', { class: 'claim' }, 'This network has no gates: each neuron rewrites all that it remembers on every letter.'),
    element('p', {}, 'Gates let a neuron hold on to something, and forget it when it has served. A network with gates has other weights, so it begins again from round 0.'),
    element('p', { class: 'row' },
      element('button', { class: 'button', click: begin('lstm') }, 'Begin again with an LSTM'), element('button', { class: 'button', click: begin('gru') }, 'Begin again with a GRU')))
  root.append(node)
  return {
    /** @param {State} state @param {boolean} visible */
    render(state, visible) {
      show(node, visible)
      for (const button of node.querySelectorAll('button')) button.disabled = state.opening
    },
  }
}

/** The passage with a strip for each gate under it: the higher and bluer, the more open. @param {HTMLElement} root */
function createStrips(root) {
  const caption = element('div', { class: 'caption' }, element('span', {}, 'its gates along the text, the fuller the more open'))
  const names = element('span')
  caption.append(names)
  const node = element('div', { class: 'strips', role: 'img', 'aria-label': 'Gates along the text' })
  root.append(caption, node)
  const columns = pool(node, () => element('span', {}, element('b')))
  return {
    /** @param {readonly string[]} letters @param {readonly Gate[]} gates @param {readonly ArrayLike<number>[]} values @param {string} chosen */
    render(letters, gates, values, chosen) {
      if (values.length !== gates.length) return
      say(names, `top to bottom: ${gates.map(({ verb }) => verb).join(', ')}`)
      node.classList.toggle('word', letters.length <= WORD)
      columns(letters.length).forEach((column, t) => {
        while (column.children.length - 1 < gates.length) column.append(element('i', {}, element('i')))
        while (column.children.length - 1 > gates.length) column.lastElementChild?.remove()
        say(column.children[0], glyph(letters[t]))
        gates.forEach(({ letter }, g) => {
          const strip = column.children[g + 1]
          const bar = /** @type {HTMLElement} */ (strip.children[0])
          const open = values[g][t] ?? 0
          strip.classList.toggle('chosen', letter === chosen)
          bar.style.transform = `scaleY(${open.toFixed(2)})`
          bar.style.background = shade('value', open).background
        })
      })
      const widest = gates.map(({ verb }, g) => {
        const own = Array.from(values[g])
        const top = own.indexOf(Math.max(...own))
        return `${verb} ${fixed(Math.min(...own))} to ${fixed(Math.max(...own))}, most open on letter ${top + 1}, ${glyph(letters[top] ?? '')}`
      })
      put(node, { 'aria-label': `Gates along ${letters.length} letters: ${widest.join('; ')}.` })
    },
  }
}
