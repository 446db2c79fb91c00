/**
 * The plain recurrent network, unrolled: in each column the letter read, the weights it selects, the hidden state, and the bets.
 * Backward, the same places show what each number is to blame for.
 */
import { put, say, shape } from '../../draw/dom.js'
import { createCell, createMatrix } from '../../draw/cell.js'
import { shade } from '../../draw/colour.js'
import { fixed, small } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { gradientUnit } from '../../words/bet.js'
import { createBets } from './bets.js'
import { figureView } from './figure.js'
import { vanillaGeometry } from './geometry.js'
import { createLetters } from './letters.js'
import { createRolling, standing, stepGroups } from './rolling.js'
import { createLegend, createName, createSymbol, createWash } from './names.js'

/** @typedef {import('../../types.js').Run} Run */
/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {ReturnType<typeof vanillaGeometry>} Geometry */

export const createVanilla = figureView((svg, run, width) => {
  const g = vanillaGeometry(run, width)
  const symbols = Array.from({ length: g.V }, (_, k) => run.vocabulary.symbols[k] ?? '')
  const wash = createWash(svg, g.end)
  const blank = shape(svg, 'g', { class: 'step' })
  const rows = g.wide ? createRows(svg, g, blank) : null
  const notes = shape(svg, 'g', { class: 'step' })
  const roll = createRolling(svg, [blank, notes])
  const before = createBefore(blank, g)
  const steps = stepGroups(svg, g.T)
  const columns = steps.map((group, t) => createColumn(group, g, t, symbols))
  const aside = g.wide && g.pitch >= 225 ? createAside(notes, g) : null

  return {
    height: g.end,
    paint(state, frame) {
      const back = state.direction === 'backward'
      const unit = back ? gradientUnit(frame) : 1
      const at = standing(state, g.T)
      const left = g.wide ? Math.min(g.x(at), g.weightX(at)) - 10 : g.x(at) - 5
      wash(left, g.x(at) + g.letters + (g.wide ? 12 : 5) - left)
      roll(state, steps, g.x, g.hidden.map((_, l) => loopOf(g, state.step, l)))
      rows?.(back, unit)
      before(frame, back, unit)
      columns.forEach((column, t) => column(state, frame, unit, back ? t >= state.step : t <= state.step))
      aside?.(frame)
    },
  }
})

/** @param {Geometry} g @param {number} t @param {number} l @returns {import('./rolling.js').Loop} */
function loopOf(g, t, l) {
  const at = (g.T - 1) / 2
  const right = g.cellX(at) + g.cell
  const back = (t === 0 ? g.names + g.blankCell + g.x(at) - g.x(0) : g.cellX(at - 1) + g.cell) + 2
  const rows = Array.from({ length: g.H }, (_, i) => g.hidden[l] + (i + 0.5) * g.row)
  return { out: right + (g.wide ? 26 : 8), back, top: g.hidden[l] - (g.wide ? 20 : 7), leaves: rows.map((y) => [right + 2, y]), enters: rows.map((y) => [back, y]) }
}

/** @param {SVGSVGElement} svg @param {Geometry} g @param {SVGElement} blank  beside the first step */
function createRows(svg, g, blank) {
  const reads = createName(svg, g.oneHot.y + 11)
  const hidden = g.hidden.map((y) => createName(svg, y + (g.row * g.H) / 2 - 1))
  const scores = createName(svg, g.logits.y + 11)
  const bets = createName(svg, g.bars.y + 33)
  const target = createName(svg, g.target.y + 16)
  createSymbol(svg, { x: 0, y: g.inputWeights + (g.thin * g.H) / 2 + 5 }, 'W', 'xh')
  createSymbol(svg, { x: 0, y: g.outputWeights + (g.thin * g.H) / 2 + 5 }, 'W', 'hy')
  createSymbol(blank, { x: g.weightX(0) + g.H * g.weight, y: g.hidden[0] - 9, anchor: 'end' }, 'W', 'hh')
  const legend = createLegend(svg, g.names, g.bars.y + 8)
  reads(t('reads'), t('input'))
  bets(t('bets'), t('probability, %'))
  target(t('should say'), t('target'))
  return (/** @type {boolean} */ back, /** @type {number} */ unit) => {
    hidden.forEach((name, l) => {
      const layer = g.L > 1 ? t`layer ${l + 1}` : ''
      name(back ? t('is to blame') : t('remembers'), back ? (layer ? `${layer}, ∂L/∂h` : '∂L/∂h') : layer ? `${layer}, ${t('state h')}` : t('hidden state h'))
    })
    scores(back ? t('error') : t('scores'), back ? '∂L/∂logits' : 'logits')
    legend(back, unit)
  }
}

/** The state before the first letter. @param {SVGElement} svg @param {Geometry} g */
function createBefore(svg, g) {
  const layers = g.hidden.map((y, l) => {
    for (let i = 0; g.wide && i < g.H; i++) shape(svg, 'text', { x: g.names - 9, y: y + (i + 0.5) * g.row + 4, 'text-anchor': 'end', class: 'soft' }, String(i + 1))
    if (l === 0) createSymbol(svg, { x: g.names + g.blankCell / 2, y: y - 9, anchor: 'middle' }, 'h', '0')
    return Array.from({ length: g.H }, (_, i) => createCell(svg, { spot: `h ${l} -1 ${i}`, x: g.names, y: y + i * g.row + 1, width: g.blankCell, height: g.row - 2, size: g.row >= 15 ? 12 : 0 }))
  })
  const note = g.wide ? shape(svg, 'text', { x: g.names + g.blankCell / 2, y: g.hidden[g.L - 1] + g.H * g.row + 16, class: 'soft middle' }) : null
  return (/** @type {Frame} */ frame, /** @type {boolean} */ back, /** @type {number} */ unit) => {
    layers.forEach((cells, l) => {
      const data = frame.values[back ? `dinitial_h_l${l}` : `initial_h_l${l}`]?.data
      cells.forEach((cell, i) => {
        if (!data) cell.clear()
        else if (back) cell.paint('gradient', data[i], small(data[i]), unit)
        else cell.paint('value', data[i], fixed(data[i]))
      })
      if (note && l === 0) say(note, !back && (!data || data.every((v) => v === 0)) ? t('blank') : '')
    })
  }
}

/** One step. @param {SVGElement} group @param {Geometry} g @param {number} t @param {readonly string[]} symbols */
function createColumn(group, g, t, symbols) {
  const { H, L, V } = g
  const x = g.x(t)
  const centre = g.cellX(t) + g.cell / 2
  const letters = createLetters(group, { x, letter: g.letter, wide: g.wide, oneHot: g.oneHot }, symbols)
  const thin = (/** @type {number} */ y, /** @type {number} */ count, /** @type {Pick<Parameters<typeof createMatrix>[2], 'name' | 'at' | 'feeds'>} */ weights) =>
    createMatrix(group, { x, y, rows: H, columns: count, width: g.letters / count, height: g.thin }, { step: t, ...weights })
  const intoState = (/** @type {string} */ name, /** @type {number} */ l, /** @type {number} */ count) =>
    ({ name: `rnn.${name}_l${l}`, step: t, at: (/** @type {number} */ i, /** @type {number} */ j) => i * count + j, feeds: (/** @type {number} */ i) => `h ${l} ${t} ${i}` })
  const input = thin(g.inputWeights, V, intoState('weight_ih', 0, V))
  const output = thin(g.outputWeights, V, { name: 'output.weight', at: (i, k) => k * H + i, feeds: (_, k) => `logits 0 ${t} ${k}` })
  const selected = shape(group, 'rect', { y: g.inputWeights - 1, width: g.letter + 1, height: H * g.thin + 2, rx: 2, class: 'glass' })
  const previous = t === 0 ? g.names + g.blankCell : g.cellX(t - 1) + g.cell
  const layers = g.hidden.map((y, l) => ({
    y,
    between: l > 0 ? thin(y - g.gap.above - H * g.thin, H, intoState('weight_ih', l, H)) : null,
    wires: Array.from({ length: H }, (_, i) => shape(group, 'path', { class: 'wire', d: `M${previous + 2} ${y + (i + 0.5) * g.row}H${g.weightX(t) - (g.wide ? 9 : 1)}` })),
    head: shape(group, 'path', { class: 'head' }),
    recurrent: createMatrix(group, { x: g.weightX(t), y, rows: H, columns: H, width: g.weight, height: g.row }, intoState('weight_hh', l, H)),
    cells: Array.from({ length: H }, (_, i) => createCell(group, {
      spot: `h ${l} ${t} ${i}`, x: g.cellX(t), y: y + i * g.row + 1, width: g.cell, height: g.row - 2, size: g.row < 15 || g.cell < 31 ? 0 : g.row < 24 || g.cell < 50 ? 12 : 14,
    })),
    arrow: g.wide ? shape(group, 'path', { class: 'wire' }) : null,
  }))
  const out = g.wide ? shape(group, 'path', { class: 'wire' }) : null
  if (g.wide) createSymbol(group, { x: g.cellX(t), y: g.hidden[0] - 9 }, 'h', String(t + 1))
  const logits = symbols.map((_, k) => createCell(group, {
    spot: `logits 0 ${t} ${k}`, x: x + k * g.letter + 1, y: g.logits.y, width: g.letter - 2, height: g.logits.height, size: g.wide && g.letter >= 32 ? 12.5 : 0,
  }))
  const bets = createBets(group, { ...g, x }, symbols, t)
  let parameters = /** @type {Frame['parameters']} */ (undefined)
  let theme = ''
  let direction = /** @type {boolean | null} */ (null)

  /** @param {Frame} frame */
  function paintWeights(frame) {
    const tone = shade('value', 1).background
    if (!frame.parameters || (parameters === frame.parameters && theme === tone)) return
    parameters = frame.parameters
    theme = tone
    input.paint(parameters['rnn.weight_ih_l0'].data)
    output.paint(parameters['output.weight'].data)
    layers.forEach((layer, l) => {
      layer.recurrent.paint(frame.parameters?.[`rnn.weight_hh_l${l}`].data ?? [])
      layer.between?.paint(frame.parameters?.[`rnn.weight_ih_l${l}`].data ?? [])
    })
  }

  /** Arrows point where the numbers go. @param {boolean} back */
  function turn(back) {
    if (direction === back) return
    direction = back
    const vertical = (/** @type {number} */ from, /** @type {number} */ to) => back
      ? `M${centre} ${to}V${from}m-3.5 4.5l3.5 -4.5l3.5 4.5` : `M${centre} ${from}V${to}m-3.5 -4.5l3.5 4.5l3.5 -4.5`
    layers.forEach(({ y, head, arrow }) => {
      const size = g.wide ? 6 : 3
      const middle = y + (g.row * H) / 2
      put(head, { d: back ? `M${previous + 2} ${middle}l${size + 2} ${-size}v${2 * size}z` : `M${g.weightX(t) - 3} ${middle}l${-size - 2} ${-size}v${2 * size}z` })
      if (arrow) put(arrow, { d: vertical(y - g.gap.above + 3, y - 1) })
    })
    if (out) put(out, { d: vertical(g.hidden[L - 1] + H * g.row + 2, g.outputWeights - 3) })
    selected.toggleAttribute('hidden', back)
  }

  return (/** @type {State} */ state, /** @type {Frame} */ frame, /** @type {number} */ unit, /** @type {boolean} */ reached) => {
    const back = state.direction === 'backward'
    const { values } = frame
    turn(back)
    paintWeights(frame)
    letters.paint(values.x.data, t, frame.inputs[t], true)
    put(selected, { x: x + frame.inputs[t] * g.letter - 0.5 })
    const known = back || reached
    layers.forEach((layer, l) => {
      const data = values[back ? `dh_l${l}` : `h_l${l}`].data
      layer.cells.forEach((cell, i) => {
        const value = data[t * H + i]
        if (!reached) cell.clear()
        else if (back) cell.paint('gradient', value, small(value), unit)
        else cell.paint('value', value, fixed(value))
      })
      const flow = back ? values[`da_l${l}`]?.data : t === 0 ? values[`initial_h_l${l}`]?.data : data
      layer.wires.forEach((wire, i) => {
        const value = reached && flow ? flow[back ? t * H + i : (t === 0 ? 0 : (t - 1) * H) + i] : 0
        const size = Math.min(1, Math.abs(back ? value / unit / 2 : value))
        wire.style.stroke = size < 0.03 ? 'var(--hair)' : shade(back ? 'gradient' : 'value', value, unit).background
        wire.style.strokeWidth = String(Math.round((1 + 4 * size) * 10) / 10)
      })
    })
    const scores = values[back ? 'dlogits' : 'logits'].data
    logits.forEach((cell, k) => {
      const value = scores[t * V + k]
      if (!reached) cell.clear()
      else if (back) cell.paint('gradient', value, small(value), unit)
      else cell.paint('value', value, fixed(value, 1))
    })
    bets.paint(values.p.data, t * V, frame.targets[t], !known ? 'unknown' : back ? 'errors' : 'bets')
  }
}

/** Two steps that read the same letter but must answer differently are the reason for a memory. @param {SVGElement} svg @param {Geometry} g */
function createAside(svg, g) {
  const lines = [[-6, t('same')], [10, t('letter,')]].map(([dy, text]) => shape(svg, 'text', { y: 24 + Number(dy), class: 'note middle' }, String(text)))
    .concat([[14, t('another')], [30, t('answer')]].map(([dy, text]) => shape(svg, 'text', { y: g.target.y + Number(dy), class: 'note middle' }, String(text))))
  return (/** @type {Frame} */ frame) => {
    let at = -1
    for (let t = 1; t < g.T; t++) if (frame.inputs[t] === frame.inputs[t - 1] && frame.targets[t] !== frame.targets[t - 1]) at = t
    const x = at < 0 ? 0 : (g.x(at - 1) + g.letters + g.x(at)) / 2 - (g.letters - g.cell) / 4 - 10
    for (const line of lines) { line.toggleAttribute('hidden', at < 0); put(line, { x }) }
  }
}
