/**
 * GRU, minGRU and minLSTM: the belt carries the hidden state h itself. One gate keeps of it, and what is not kept is rewritten
 * with a proposal, which in the GRU sees the old state through look back (r).
 */
import { BLENDS } from '../../blends.js'
import { createCell } from '../../draw/cell.js'
import { createGate } from '../../draw/gate.js'
import { fixed, small } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createCaption, createPlus, createReading, createWire, buildGated } from './gated.js'
import { figureView } from './figure.js'

/** @typedef {import('./gated.js').Kind} Kind */
/** @typedef {import('../../blends.js').Blend} Blend */

/** @param {Blend} blend @returns {Kind['createNeuron']} */
const neuronOf = (blend) => (group, g, t, l, i) => {
  const { at, lane } = g
  const spot = (/** @type {string} */ name) => name && `${name} ${l} ${t} ${i}`
  const x = g.x(t)
  const belt = g.belt(l, i)
  const low = g.low(l, i)
  const middle = (belt + lane.belt / 2 + low - lane.lowHeight / 2) / 2
  const previous = t === 0 ? g.names + g.blankCell : g.x(t - 1) + at.belt + at.beltWidth
  const branch = t === 0 ? g.names + g.blankCell / 2 : g.x(t - 1) + at.belt + at.beltWidth / 2
  const thickness = g.wide ? 7 : 4
  const across = Math.min(g.wide ? 30 : 24, g.row * 0.36)
  const lookLength = Math.min(24, across)
  const kept = createWire(group, `M${previous} ${belt}H${x + at.keep - thickness / 2}`)
  const passed = createWire(group, `M${x + at.keep + thickness / 2} ${belt}H${x + at.belt}`)
  const written = createWire(group, `M${x + at.plus} ${low - lane.lowHeight / 2}V${belt}`)
  const lookWires = g.looks ? [createWire(group, `M${branch} ${belt + lane.belt / 2}V${low}H${x + at.look}`), createWire(group, `M${x + at.look} ${low}H${x + at.rail}`)] : []
  createWire(group, `M${x + at.rail} ${low}H${x + at.proposal}`)
  const keep = createGate(group, { spot: spot(blend.keeps), x: x + at.keep, y: belt, length: across, thickness, across: true })
  const look = g.looks ? createGate(group, { spot: spot('r'), x: x + at.look, y: low, length: lookLength, thickness, across: true }) : null
  const rewrite = createGate(group, { spot: spot(blend.rewrites), x: x + at.plus, y: middle, length: g.wide ? 30 * Math.min(1, g.u) : 14 * g.u, thickness, across: false })
  createPlus(group, x + at.plus, belt, g.wide ? Math.min(6.5, g.row * 0.09 + 1) : 3.5)
  const size = (/** @type {number} */ width, /** @type {number} */ height) => (height < 13 || width < 34 ? 0 : height < 18 || width < 48 ? 12 : 14)
  const memory = createCell(group, { spot: spot('h'), x: x + at.belt, y: belt - lane.belt / 2, width: at.beltWidth, height: lane.belt, size: size(at.beltWidth, lane.belt) })
  const proposal = createCell(group, {
    spot: spot(blend.proposal), x: x + at.proposal, y: low - lane.lowHeight / 2, width: at.proposalWidth, height: lane.lowHeight, size: size(at.proposalWidth, lane.lowHeight) && 12,
  })
  const roomy = g.row >= 60 && g.u >= 0.8
  const numbers = roomy ? [
    createReading(group, x + at.keep + 8, belt - 6, 'start'),
    createReading(group, x + at.plus - 20, middle + 4, 'end'),
    ...(look ? [createReading(group, x + at.look - 3, low - 16, 'start')] : []),
  ] : []

  return ({ now, before, back, unit, reached, selected }) => {
    const share = blend.kept(now)
    const r = now('r')
    const flows = reached && !back
    kept(flows ? before('h') : null)
    passed(flows ? before('h') * share : null)
    written(flows ? now(blend.proposal) * (1 - share) : null)
    lookWires.forEach((wire, k) => wire(flows ? before('h') * [1, r][k] : null))
    keep.paint(reached ? share : null)
    rewrite.paint(reached ? 1 - share : null)
    look?.paint(reached ? r : null)
    numbers.forEach((number, k) => number(selected && reached ? [share, 1 - share, r][k] : null))
    if (!reached) { memory.clear(); proposal.clear(); return }
    if (back) {
      memory.paint('gradient', now('dh'), small(now('dh')), unit)
      const blame = now(`da_${blend.proposal}`)
      proposal.paint('gradient', blame, selected ? small(blame) : '', unit)
    } else {
      memory.paint('value', now('h'), fixed(now('h')))
      proposal.paint('value', now(blend.proposal), selected ? fixed(now(blend.proposal)) : '')
    }
  }
}

/** @param {Blend} blend @returns {Kind['label']} */
const labelOf = ({ share, proposal }) => (group, g, step) => {
  const { at } = g
  const x = g.x(step)
  const under = g.low(g.L - 1, g.H - 1) + g.lane.lowHeight / 2 + 14
  createCaption(group, x + at.keep - 12, g.top(0) - 8, t('keep'), share, 'start')
  createCaption(group, x + at.belt + at.beltWidth / 2, g.top(0) - 8, t('holds'), 'h')
  if (g.L > 1) return
  createCaption(group, x + at.proposal + at.proposalWidth / 2, under, t('proposes'), proposal)
  if (g.looks) createCaption(group, x + 4, under, t('look'), 'r', 'start')
}

/** @param {Blend} blend @returns {Kind} */
const kindOf = (blend) => ({
  belt: 'h', createNeuron: neuronOf(blend), label: labelOf(blend),
  names: (back) => (back ? [t('is to blame'), '∂L/∂h', t('proposed'), '∂L/∂a'] : [t('remembers'), t('hidden state h'), t('proposes'), t`candidate ${blend.proposal}`]),
})

/** By cell. */
export const blending = Object.fromEntries(Object.entries(BLENDS).map(([cell, blend]) => [cell, figureView((svg, run, width) => buildGated(svg, run, width, kindOf(blend)))]))
