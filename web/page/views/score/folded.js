/**
 * The folded score, for networks too large for numbers: a narrow column per letter, a row per neuron, the same colours.
 * The yellow column and one neuron open in the panel at the right.
 */
import { element, put, say, shape } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { fixed, glyph, largest } from '../../draw/numbers.js'
import { drawingFor } from '../../drawing.js'
import { gradientUnit } from '../../words/bet.js'
import { reading } from '../../words/reading.js'
import { plainText } from '../../draw/phrase.js'
import { t } from '../../language/index.js'
import { foldedGeometry } from './geometry.js'
import { createHeat } from './heat.js'
import { createLegend, createName } from './names.js'
import { createOpened } from './opened.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {import('../../types.js').Run} Run */

/** What the heat maps can show, by cell. @returns {Record<string, [name: string, label: string][]>} */
const shown = () => ({
  vanilla: [['h', t('hidden state, h')]],
  lstm: [['h', t('shown, h')], ['tanh_c', t('kept, tanh c')], ['f', t('keep gate, f')], ['i', t('write gate, i')], ['o', t('show gate, o')], ['g', t('proposal, g')]],
  gru: [['h', t('hidden state, h')], ['z', t('keep gate, z')], ['r', t('look-back gate, r')], ['n', t('proposal, n')]],
  mingru: [['h', t('hidden state, h')], ['z', t('rewrite gate, z')], ['n', t('proposal, n')]],
  minlstm: [['h', t('hidden state, h')], ['f', t('keep gate, f')], ['i', t('write gate, i')], ['g', t('proposal, g')]],
})

/** @type {import('../../types.js').CreateView} */
export function createFolded(root, emit) {
  /** @type {ReturnType<typeof build> | null} */
  let paint = null
  return {
    render(state, frame) {
      if (!state.run || drawingFor(state.run, state.width) !== 'folded') return
      paint ??= build(root, state.run, state.width, emit)
      paint(state, frame)
    },
    destroy() { root.replaceChildren() },
  }
}

/** @param {HTMLElement} root @param {Run} run @param {number} width @param {import('../../types.js').Emit} emit */
function build(root, run, width, emit) {
  const g = foldedGeometry(run, width)
  root.classList.add('folded')
  root.style.height = `${g.end}px`
  const svg = shape(root, 'svg', { class: 'figure', role: 'img', width, height: g.end, viewBox: `0 0 ${width} ${g.end}` })
  const title = shape(svg, 'title')
  const wash = shape(svg, 'path', { class: 'wash' })
  const rows = createRows(svg, g)
  const columns = createColumns(svg, g)
  const heats = g.layers.map((top, l) => createHeat(root, g, top, l, emit))
  const choice = g.wide ? createChoice(root, g, String(run.config.cell), emit) : null
  const opened = g.wide ? createOpened(root, g, run) : null
  const column = element('span', { class: 'column' })
  Object.assign(column.style, { top: `${g.layers[0] - 1}px`, width: `${g.letter}px`, height: `${g.layers[g.L - 1] + g.layer - g.layers[0] + 2}px` })
  root.append(column)
  let described = -Infinity

  svg.addEventListener('pointerdown', (event) => {
    const x = event.clientX - svg.getBoundingClientRect().left
    const step = Math.floor((x - g.names) / g.letter)
    if (step >= 0 && step < g.columns) emit({ type: 'step', value: step })
  })

  return (/** @type {State} */ state, /** @type {Frame | null} */ frame) => {
    const x = g.names + state.step * g.letter
    put(wash, { d: g.wide
      ? `M${x} ${g.end - 2}V-6H${g.width}V${g.end - 2}H${g.width - g.panel}V${8}H${x + g.letter}V${g.end - 2}Z`
      : `M${x} ${g.end - 2}V-2H${x + g.letter}V${g.end - 2}Z` })
    column.style.transform = `translateX(${x}px)`
    choice?.(state)
    if (!frame) return
    const back = state.direction === 'backward'
    const unit = back ? gradientUnit(frame) : 1
    rows(back, unit)
    columns(state, frame)
    for (const heat of heats) heat(state, frame, unit)
    opened?.(state, frame, unit)
    if (!state.training || performance.now() - described > 2000) {
      described = performance.now()
      say(title, t`The network unrolled over ${frame.inputs.length} letters. ${plainText(reading(state, frame))}`)
    }
  }
}

/** @param {SVGSVGElement} svg @param {ReturnType<typeof foldedGeometry>} g */
function createRows(svg, g) {
  if (!g.wide) {
    g.layers.forEach((y, l) => shape(svg, 'text', { class: 'soft middle', transform: `translate(12 ${y + g.layer / 2}) rotate(-90)` }, g.L > 1 ? t`layer ${l + 1}` : t`${g.H} neurons`))
    return () => {}
  }
  createName(svg, 14)(t('reads'), '')
  const hidden = g.layers.map((y) => createName(svg, y + 12))
  const bets = createName(svg, g.bets.y + 15)
  createName(svg, g.targets.y + 8)(t('should say'), t('target'))
  createName(svg, g.surprise.y + 14)(t('surprise'), t('bits'))
  const legend = createLegend(svg, 0, g.layers[g.L - 1] + g.layer - 30)
  return (/** @type {boolean} */ back, /** @type {number} */ unit) => {
    hidden.forEach((name, l) => name(back ? t('is to blame') : t('remembers'), (g.L > 1 ? `${t`layer ${l + 1}`}, ` : '') + t`${g.H} neurons`))
    bets(t('bets'), t('likeliest letter'))
    legend(back, unit)
  }
}

/** Everything that stands above and below the heat maps. @param {SVGSVGElement} svg @param {ReturnType<typeof foldedGeometry>} g */
function createColumns(svg, g) {
  const centre = (/** @type {number} */ t) => g.names + (t + 0.5) * g.letter
  const many = (/** @type {(t: number) => SVGElement} */ make) => Array.from({ length: g.columns }, (_, t) => make(t))
  const barWidth = Math.min(60, g.letter - 3)
  const reads = many((t) => shape(svg, 'text', { x: centre(t), y: g.wide ? 17 : 15, class: 'letter middle' }))
  const bars = many((t) => shape(svg, 'rect', { x: centre(t) - barWidth / 2, width: barWidth }))
  const guesses = many((t) => shape(svg, 'text', { x: centre(t), y: g.betLetters, class: 'letter middle' }))
  const tileWidth = Math.min(24, g.letter - 1)
  const tiles = many((t) => shape(svg, 'rect', { x: centre(t) - tileWidth / 2, y: g.targets.y, width: tileWidth, height: g.targets.height, rx: 2 }))
  const targets = many((t) => shape(svg, 'text', { x: centre(t), y: g.targets.y + g.targets.height / 2 + 5, class: 'letter middle' }))
  const bottom = g.surprise.y + g.surprise.height
  const area = shape(svg, 'path', { class: 'area' })
  const mean = shape(svg, 'path', { class: 'guess' })
  const average = shape(svg, 'text', { x: g.names + g.span + 6, class: 'soft halo', 'text-anchor': 'start' })

  return (/** @type {State} */ state, /** @type {Frame} */ frame) => {
    const symbols = state.run?.vocabulary.symbols ?? []
    const p = frame.values.p
    const V = p.shape[p.shape.length - 1]
    const bits = Array.from(frame.values.loss.data, (nats) => nats / Math.LN2)
    const top = Math.max(1, ...bits)
    let d = `M${g.names} ${bottom}`
    for (let t = 0; t < g.columns; t++) {
      if (t >= frame.inputs.length) { for (const node of [reads[t], guesses[t], targets[t]]) say(node, ''); continue }
      const guess = largest(p.data, t * V, V)
      const right = guess === frame.targets[t]
      const share = p.data[t * V + guess]
      say(reads[t], glyph(symbols[frame.inputs[t]]))
      say(guesses[t], glyph(symbols[guess]))
      say(targets[t], glyph(symbols[frame.targets[t]]))
      put(guesses[t], { class: right ? 'letter middle chosen' : 'letter middle' })
      put(tiles[t], { class: right ? 'tile right' : 'tile wrong fine' })
      put(targets[t], { class: right ? 'letter middle onink' : 'letter middle chosen' })
      put(bars[t], { y: g.bets.y + g.bets.height * (1 - share), height: Math.max(1, g.bets.height * share) })
      bars[t].style.fill = shade('value', share).background
      const y = Math.round((bottom - (bits[t] / top) * g.surprise.height) * 10) / 10
      d += `V${y}H${g.names + (t + 1) * g.letter}`
    }
    put(area, { d: `${d}V${bottom}` })
    const all = bits.reduce((a, b) => a + b, 0) / bits.length
    const y = bottom - (all / top) * g.surprise.height
    put(mean, { d: `M${g.names} ${y}h${g.span}` })
    put(average, { y: Math.min(bottom, y + 4) })
    say(average, g.wide && g.width - g.panel - g.names - g.span > 110 ? t`${fixed(all, 1)} on average` : '')
  }
}

/** What the heat maps show. @param {HTMLElement} root @param {ReturnType<typeof foldedGeometry>} g @param {string} cell @param {import('../../types.js').Emit} emit */
function createChoice(root, g, cell, emit) {
  const options = shown()[cell] ?? shown().vanilla
  const menu = element('select', { change: () => emit({ type: 'showing', name: menu.value }) }, ...options.map(([name, label]) => element('option', { value: name }, label)))
  const box = element('label', { class: 'choice' }, element('span', { class: 'soft' }, t('showing')), menu)
  box.style.top = `${g.layers[0] + 40}px`
  root.append(box)
  return (/** @type {State} */ state) => {
    box.hidden = state.direction === 'backward' || options.length < 2
    const value = state.showing || options[0][0]
    if (menu.value !== value) menu.value = value
  }
}
