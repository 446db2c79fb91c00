/**
 * The LSTM: the belt carries the cell state c. Keep (f) gates it, write (i) lets the proposal g up onto it,
 * show (o) lets it down as the hidden state h.
 */
import { createCell } from '../../draw/cell.js'
import { createGate } from '../../draw/gate.js'
import { fixed, small } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createCaption, createPlus, createReading, createWire, buildGated } from './gated.js'
import { figureView } from './figure.js'

/** @typedef {import('./gated.js').Kind} Kind */

/** @type {Kind['createNeuron']} */
function createNeuron(group, g, t, l, i) {
  const { at, lane } = g
  const spot = (/** @type {string} */ name) => `${name} ${l} ${t} ${i}`
  const x = g.x(t)
  const belt = g.belt(l, i)
  const low = g.low(l, i)
  const middle = (belt + lane.belt / 2 + low - lane.lowHeight / 2) / 2
  const previous = t === 0 ? g.names + g.blankCell : g.x(t - 1) + at.belt + at.beltWidth
  const previousShown = t === 0 ? null : g.x(t - 1) + at.shown + at.shownWidth
  const thickness = g.wide ? 7 : 4
  const across = Math.min(g.wide ? 30 : 24, g.row * 0.36)
  const kept = createWire(group, `M${previous} ${belt}H${x + at.keep - thickness / 2}`)
  const passed = createWire(group, `M${x + at.keep + thickness / 2} ${belt}H${x + at.belt}`)
  const written = createWire(group, `M${x + at.plus} ${low - lane.lowHeight / 2}V${belt}`)
  const shown = createWire(group, `M${x + at.shown + at.shownWidth / 2} ${belt + lane.belt / 2}V${low - lane.lowHeight / 2}`)
  const recalled = previousShown === null ? null : createWire(group, `M${previousShown} ${low}H${x + at.rail}`)
  createWire(group, `M${x + at.rail} ${low}H${x + at.proposal}`)
  const keep = createGate(group, { spot: spot('f'), x: x + at.keep, y: belt, length: across, thickness, across: true })
  const write = createGate(group, { spot: spot('i'), x: x + at.plus, y: middle, length: g.wide ? 30 * Math.min(1, g.u) : 14 * g.u, thickness, across: false })
  const reveal = createGate(group, { spot: spot('o'), x: x + at.shown + at.shownWidth / 2, y: middle, length: g.wide ? 30 * Math.min(1, g.u) : 14 * g.u, thickness, across: false })
  createPlus(group, x + at.plus, belt, g.wide ? Math.min(6.5, g.row * 0.09 + 1) : 3.5)
  const size = (/** @type {number} */ width, /** @type {number} */ height) => (height < 13 || width < 34 ? 0 : height < 18 || width < 48 ? 12 : 14)
  const memory = createCell(group, { spot: spot('c'), x: x + at.belt, y: belt - lane.belt / 2, width: at.beltWidth, height: lane.belt, size: size(at.beltWidth, lane.belt) })
  const proposal = createCell(group, {
    spot: spot('g'), x: x + at.proposal, y: low - lane.lowHeight / 2, width: at.proposalWidth, height: lane.lowHeight, size: size(at.proposalWidth, lane.lowHeight) && 12,
  })
  const state = createCell(group, {
    spot: spot('h'), x: x + at.shown, y: low - lane.lowHeight / 2, width: at.shownWidth, height: lane.lowHeight, size: size(at.shownWidth, lane.lowHeight) && 12,
  })
  const roomy = g.row >= 60 && g.u >= 0.8
  const numbers = roomy ? [
    createReading(group, x + at.keep + 8, belt - 6, 'start'),
    createReading(group, x + at.plus - 20, middle + 4, 'end'),
    createReading(group, x + at.shown + at.shownWidth / 2 + 20, middle + 4, 'start'),
  ] : []

  return ({ now, before, back, unit, reached, selected }) => {
    const f = now('f')
    const into = now('i')
    const out = now('o')
    const flows = reached && !back
    kept(flows ? before('c') : null)
    passed(flows ? before('c') * f : null)
    written(flows ? now('g') * into : null)
    shown(flows ? now('h') : null)
    recalled?.(flows ? before('h') : null)
    keep.paint(reached ? f : null)
    write.paint(reached ? into : null)
    reveal.paint(reached ? out : null)
    numbers.forEach((number, k) => number(selected && reached ? [f, into, out][k] : null))
    if (!reached) { memory.clear(); proposal.clear(); state.clear(); return }
    if (back) {
      memory.paint('gradient', now('dc'), small(now('dc')), unit)
      proposal.paint('gradient', now('da_g'), selected ? small(now('da_g')) : '', unit)
      state.paint('gradient', now('dh'), small(now('dh')), unit)
    } else {
      memory.paint('value', now('c'), fixed(now('c')))
      proposal.paint('value', now('g'), selected ? fixed(now('g')) : '')
      state.paint('value', now('h'), fixed(now('h')))
    }
  }
}

/** @type {Kind['label']} */
function label(group, g, step) {
  const { at } = g
  const x = g.x(step)
  const under = g.low(g.L - 1, g.H - 1) + g.lane.lowHeight / 2 + 14
  createCaption(group, x + at.keep - 14, g.top(0) - 8, t('keep'), 'f', 'start')
  createCaption(group, x + at.belt + at.beltWidth / 2, g.top(0) - 8, t('holds'), 'c')
  if (g.L > 1) return
  createCaption(group, x + at.proposal + at.proposalWidth / 2, under, t('proposes'), 'g')
  createCaption(group, x + at.shown + at.shownWidth / 2, under, t('shows'), 'h')
}

/** @type {Kind} */
const kind = {
  belt: 'c', createNeuron, label,
  names: (back) => (back ? [t('blame, kept'), '∂L/∂c', t('blame, shown'), '∂L/∂h'] : [t('keeps'), t('cell state c'), t('shows'), t('hidden state h')]),
}

export const createLstm = figureView((svg, run, width) => buildGated(svg, run, width, kind))
