/**
 * What gated cells share: two lanes per neuron, of which the upper one, the belt, runs straight through the steps.
 * Colour flows and ink gates: a wire has the colour and width of its number, a gate is the gap it leaves.
 */
import { put, say, shape } from '../../draw/dom.js'
import { createCell } from '../../draw/cell.js'
import { shade } from '../../draw/colour.js'
import { createGate } from '../../draw/gate.js'
import { fixed, small } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { gradientUnit } from '../../words/bet.js'
import { createBets } from './bets.js'
import { gatedGeometry } from './gated-geometry.js'
import { createLetters } from './letters.js'
import { createRolling, standing, stepGroups } from './rolling.js'
import { createGateLegend, createName, createWash } from './names.js'

/** @typedef {import('../../types.js').Run} Run */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {ReturnType<typeof gatedGeometry>} Geometry */

/**
 * What a neuron is painted with at one step.
 * @typedef {object} Moment
 * @property {(name: string) => number} now      trace value of this neuron and layer, such as f or dh
 * @property {(name: string) => number} before   the same one step earlier, or the initial state
 * @property {boolean} back
 * @property {number} unit                       of the gradient scale
 * @property {boolean} reached                   false while the chosen step is still before this one
 * @property {boolean} selected                  the yellow step, where every number is printed
 *
 * @typedef {object} Kind
 * @property {'c' | 'h'} belt                    what runs along it
 * @property {(group: SVGGElement, g: Geometry, t: number, l: number, i: number) => (moment: Moment) => void} createNeuron
 * @property {(group: SVGGElement, g: Geometry, t: number) => void} label      names in the yellow step
 * @property {(back: boolean) => [string, string, string, string]} names      verb and term of the upper and the lower lane
 */

/** @param {SVGSVGElement} svg @param {Run} run @param {number} width @param {Kind} kind */
export function buildGated(svg, run, width, kind) {
  const g = gatedGeometry(run, width)
  const symbols = Array.from({ length: g.V }, (_, k) => run.vocabulary.symbols[k] ?? '')
  const wash = createWash(svg, g.end)
  const rows = g.wide ? createRows(svg, g, kind) : null
  const blank = shape(svg, 'g', { class: 'step' })
  const roll = createRolling(svg, [blank])
  const before = createBefore(blank, g, kind)
  const steps = stepGroups(svg, g.T)
  const columns = steps.map((group, t) => createColumn(group, g, t, symbols, kind))
  return {
    height: g.end,
    /** @param {import('../../types.js').State} state @param {Frame} frame */
    paint(state, frame) {
      const back = state.direction === 'backward'
      const unit = back ? gradientUnit(frame) : 1
      wash(g.x(standing(state, g.T)) + (g.wide ? 2 : 0), g.pitch - (g.wide ? 4 : 0))
      roll(state, steps, g.x, Array.from({ length: g.L }, (_, l) => loopOf(g, state.step, l)))
      rows?.(back)
      before(frame, back, unit)
      columns.forEach((column, t) => column(frame, back, unit, back ? t >= state.step : t <= state.step, t === state.step))
    },
  }
}

/** @param {Geometry} g @param {number} t @param {number} l @returns {import('./rolling.js').Loop} */
function loopOf(g, t, l) {
  const { at, lane } = g
  const x = g.x((g.T - 1) / 2)
  const right = x + at.belt + at.beltWidth
  const shown = x + at.shown + at.shownWidth
  const enters = t === 0 ? x - g.x(0) + g.names + g.blankCell : right - g.pitch
  const before = g.looks ? right - g.pitch - at.beltWidth / 2 : g.shows ? Math.min(enters, shown - g.pitch) : enters
  const back = t > 0 ? before : enters - (g.looks ? g.blankCell / 2 : 0)
  const neurons = Array.from({ length: g.H }, (_, i) => i)
  return {
    out: right + (g.wide ? 12 : 4), back, top: g.top(l) - (l > 0 ? 9 : g.wide ? 12 : 4),
    leaves: neurons.flatMap((i) => [[right, g.belt(l, i)], ...(g.shows ? [[shown, g.low(l, i)]] : [])].map(([a, b]) => /** @type {[number, number]} */ ([a, b]))),
    enters: neurons.map((i) => [enters, g.belt(l, i)]).concat(g.shows && t > 0 ? [[back, g.low(l, g.H - 1)]] : []).concat(g.looks ? [[back, g.belt(l, g.H - 1) + lane.belt / 2]] : [])
      .map(([a, b]) => /** @type {[number, number]} */ ([a, b])),
  }
}

/** @param {SVGSVGElement} svg @param {Geometry} g @param {Kind} kind */
function createRows(svg, g, kind) {
  const reads = createName(svg, 18)
  const lanes = Array.from({ length: g.L }, (_, l) => [createName(svg, g.belt(l, 0) - 1), g.row >= 60 ? createName(svg, g.low(l, 0) - 1) : null])
  const bets = createName(svg, g.bars.y + 33)
  const target = createName(svg, g.target.y + 16)
  const gap = g.low(0, 0) + (g.row >= 60 ? 48 : 60)
  if (g.L === 1) createGateLegend(svg, gap, (x, y, open) => createGate(svg, { x, y, length: 24, thickness: 7, across: true }).paint(open))
  reads(t('reads'), t('input'))
  bets(t('bets'), t('probability, %'))
  target(t('should say'), t('target'))
  return (/** @type {boolean} */ back) => {
    const [upper, upperTerm, lower, lowerTerm] = kind.names(back)
    lanes.forEach(([belt, low], l) => {
      belt?.(upper, g.L > 1 ? `${t`layer ${l + 1}`}, ${upperTerm.split(' ').at(-1)}` : upperTerm)
      low?.(lower, lowerTerm)
    })
  }
}

/** The memory before the first letter. @param {SVGElement} svg @param {Geometry} g @param {Kind} kind */
function createBefore(svg, g, kind) {
  const cells = Array.from({ length: g.L * g.H }, (_, n) => {
    const y = g.belt(Math.floor(n / g.H), n % g.H)
    if (g.wide) shape(svg, 'text', { x: g.names - 9, y: y + 4, 'text-anchor': 'end', class: 'soft' }, String((n % g.H) + 1))
    return createCell(svg, { spot: `${kind.belt} ${Math.floor(n / g.H)} -1 ${n % g.H}`, x: g.names, y: y - g.lane.belt / 2, width: g.blankCell, height: g.lane.belt, size: g.wide && g.lane.belt >= 14 ? 12 : 0 })
  })
  return (/** @type {Frame} */ frame, /** @type {boolean} */ back, /** @type {number} */ unit) => cells.forEach((cell, n) => {
    const l = Math.floor(n / g.H)
    const data = frame.values[`${back ? 'd' : ''}initial_${kind.belt}_l${l}`]?.data
    if (!data) cell.clear()
    else if (back) cell.paint('gradient', data[n % g.H], small(data[n % g.H]), unit)
    else cell.paint('value', data[n % g.H], fixed(data[n % g.H]))
  })
}

/** @param {SVGGElement} group @param {Geometry} g @param {number} t @param {readonly string[]} symbols @param {Kind} kind */
function createColumn(group, g, t, symbols, kind) {
  const { H, L, V } = g
  const x = g.middle(t) - g.letters / 2
  const rail = g.x(t) + g.at.rail
  const letters = createLetters(group, { x, letter: g.letter, wide: g.wide }, symbols)
  const feed = shape(group, 'path', { class: 'wire' })
  for (let l = 0; l < L; l++) {
    shape(group, 'path', { class: 'rail', d: `M${rail} ${g.top(l) - (l > 0 ? 12 : g.wide ? 20 : 6)}V${g.low(l, H - 1)}` })
    if (l > 0) shape(group, 'path', { class: 'rail', d: `M${g.x(t) + g.at.shown + g.at.shownWidth / 2} ${g.low(l - 1, H - 1) + g.lane.lowHeight / 2}V${g.top(l) - 12}H${rail}` })
  }
  const neurons = Array.from({ length: L * H }, (_, n) => kind.createNeuron(group, g, t, Math.floor(n / H), n % H))
  const labels = shape(group, 'g')
  if (g.wide && g.u >= 0.8) kind.label(labels, g, t)
  const bets = createBets(group, { ...g, x }, symbols, t)

  return (/** @type {Frame} */ frame, /** @type {boolean} */ back, /** @type {number} */ unit, /** @type {boolean} */ reached, /** @type {boolean} */ selected) => {
    letters.paint(frame.values.x.data, t, frame.inputs[t], true)
    const from = x + (frame.inputs[t] + 0.5) * g.letter
    put(feed, { d: g.wide ? `M${from} 31V37H${rail}V42` : `M${from} 28V36H${rail}` })
    labels.toggleAttribute('hidden', !selected)
    neurons.forEach((paint, n) => {
      const l = Math.floor(n / H)
      const i = n % H
      const now = (/** @type {string} */ name) => frame.values[`${name}_l${l}`]?.data[t * H + i] ?? 0
      const before = (/** @type {string} */ name) => (t === 0 ? frame.values[`initial_${name}_l${l}`]?.data[i] : frame.values[`${name}_l${l}`]?.data[(t - 1) * H + i]) ?? 0
      paint({ now, before, back, unit, reached, selected: selected && g.wide })
    })
    bets.paint(frame.values.p.data, t * V, frame.targets[t], !reached ? 'unknown' : back ? 'errors' : 'bets')
  }
}

/** A wire in the colour and width of what flows through it. @param {Element} parent @param {string} d */
export function createWire(parent, d) {
  const path = shape(parent, 'path', { d, class: 'wire' })
  return (/** @type {number | null} */ value) => {
    path.style.stroke = value === null ? '' : shade('value', value).background
    path.style.strokeWidth = value === null ? '' : String(Math.round((1.2 + 4 * Math.min(1, Math.abs(value))) * 10) / 10)
  }
}

/** A number beside a gate, printed in the yellow step only. @param {Element} parent @param {number} x @param {number} y @param {'start' | 'end'} anchor */
export function createReading(parent, x, y, anchor) {
  const text = shape(parent, 'text', { x, y, 'text-anchor': anchor, class: 'halo' })
  return (/** @type {number | null} */ value) => say(text, value === null ? '' : fixed(value))
}

/** The sum on the belt. @param {Element} parent @param {number} x @param {number} y @param {number} radius */
export function createPlus(parent, x, y, radius) {
  shape(parent, 'circle', { cx: x, cy: y, r: radius, class: 'plus' })
  const arm = radius * 0.55
  shape(parent, 'path', { d: `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`, class: 'plus' })
}

/** A caption over or under the yellow step. @param {Element} parent @param {number} x @param {number} y @param {string} words @param {string} symbol @param {string} [anchor] */
export function createCaption(parent, x, y, words, symbol, anchor = 'middle') {
  const text = shape(parent, 'text', { x, y, 'text-anchor': anchor, class: 'soft halo' })
  shape(text, 'tspan', {}, `${words} `)
  shape(text, 'tspan', { class: 'symbol', 'font-size': 14 }, symbol)
}
