/** The yellow column opened: one neuron with its gates as numbers, and the likeliest letters. */
import { element, put, say, shape } from '../../draw/dom.js'
import { createCell } from '../../draw/cell.js'
import { fixed, glyph, small, spoken } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createBetList, likeliest } from '../bet-list.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */

/**
 * A place for a number: name in the trace, with "-" in front one step earlier and with "~" the rest up to one; and what stands before it.
 * @typedef {{ name: string, verb: string, sign: string }} Slot
 */
/** @param {string} name @param {string} verb @param {string} [sign] @returns {Slot} */
const slot = (name, verb, sign = '') => ({ name, verb, sign })

/** @param {string} name @param {boolean} normed  by layer normalisation */
function symbolOf(name, normed) {
  if (name.startsWith('d')) return `∂L/∂${name.slice(1).replace('a_', '')}`
  return name.replace('-', '').replace('~', '1 − ').replace('tanh_c', normed ? 'tanh N(c)' : 'tanh c')
}

/** Each line reads as an equation, with every number from the trace. @returns {Record<string, Slot[][]>} */
const forwardOf = () => ({
  vanilla: [[slot('-h', t('before')), slot('a', t('sum')), slot('h', t('remembers'), '→')]],
  lstm: [
    [slot('-c', t('before')), slot('f', t('keep'), '×')],
    [slot('i', t('write'), '+'), slot('g', t('proposal'), '×'), slot('c', t('holds'), '=')],
    [slot('o', t('show')), slot('tanh_c', t('of it'), '×'), slot('h', t('shows'), '=')],
  ],
  gru: [
    [slot('-h', t('before')), slot('z', t('keep'), '×')],
    [slot('~z', t('rewrite'), '+'), slot('n', t('proposal'), '×'), slot('h', t('remembers'), '=')],
    [slot('r', t('look back'))],
  ],
  mingru: [
    [slot('-h', t('before')), slot('~z', t('keep'), '×')],
    [slot('z', t('rewrite'), '+'), slot('n', t('proposal'), '×'), slot('h', t('remembers'), '=')],
  ],
  minlstm: [[slot('-h', t('before')), slot('g', t('proposal'))], [slot('f', t('keep')), slot('i', t('write'), ':'), slot('h', t('remembers'), '→')]],
})
/** @returns {Record<string, Slot[][]>} */
const backwardOf = () => ({
  vanilla: [[slot('dh', t('to blame')), slot('da', t('its sum'))]],
  lstm: [[slot('dh', t('shown')), slot('dc', t('kept'))], [slot('da_f', t('keep')), slot('da_i', t('write')), slot('da_o', t('show'))], [slot('da_g', t('proposal'))]],
  gru: [[slot('dh', t('to blame'))], [slot('da_z', t('keep')), slot('da_r', t('look back'))], [slot('da_n', t('proposal'))]],
  mingru: [[slot('dh', t('to blame'))], [slot('da_z', t('rewrite')), slot('da_n', t('proposal'))]],
  minlstm: [[slot('dh', t('to blame'))], [slot('da_f', t('keep')), slot('da_i', t('write'))], [slot('da_g', t('proposal'))]],
})
const LINE = 66
const COLUMN = 82

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import('./geometry.js').foldedGeometry>} g
 * @param {import('../../types.js').Run} run
 */
export function createOpened(root, g, run) {
  const cell = String(run.config.cell)
  const normed = Boolean(run.config.layerNorm)
  const face = element('span', { class: 'face' })
  const about = element('b')
  const verdict = element('p', { class: 'surprise' })
  const figure = shape(null, 'svg', { width: g.panel - 20, height: 210, class: 'figure', 'aria-hidden': 'true' })
  const bets = element('div')
  const panel = element('div', { class: 'opened' },
    element('p', { class: 'head' }, face, element('span', { class: 'note' }, t('this letter, opened'))), element('p', {}, about),
    figure, element('p', { class: 'verb' }, t('bets')), bets, verdict)
  panel.style.left = `${g.width - g.panel}px`
  root.append(panel)
  const sets = { forward: createSlots(figure, forwardOf()[cell], normed), backward: createSlots(figure, backwardOf()[cell], normed) }
  const paintBets = createBetList(bets)
  const symbols = run.vocabulary.symbols

  return (/** @type {State} */ state, /** @type {Frame} */ frame, /** @type {number} */ unit) => {
    const step = Math.min(state.step, frame.inputs.length - 1)
    const { p, loss } = frame.values
    const V = p.shape[p.shape.length - 1]
    say(face, glyph(symbols[frame.inputs[step]]))
    say(about, g.L > 1 ? t`layer ${state.layer + 1}, neuron ${state.neuron + 1}` : t`neuron ${state.neuron + 1}`)
    put(sets.forward.group, { class: state.direction === 'forward' ? '' : 'gone' })
    put(sets.backward.group, { class: state.direction === 'backward' ? '' : 'gone' })
    sets[state.direction].paint(state, frame, step, g.H, unit)
    const ranked = likeliest(p.data.subarray(step * V, (step + 1) * V), 5)
    paintBets(ranked, frame.targets[step], symbols)
    const right = ranked[0].k === frame.targets[step]
    const bits = fixed(loss.data[step] / Math.LN2, 1)
    say(verdict, right ? t`✓ right, ${bits} bits of surprise` : t`should say ${spoken(glyph(symbols[frame.targets[step]] ?? ''))}, ${bits} bits of surprise`)
  }
}

/** @param {SVGSVGElement} svg @param {Slot[][]} lines @param {boolean} normed */
function createSlots(svg, lines, normed) {
  const group = shape(svg, 'g')
  const slots = lines.flatMap((line, row) => line.map(({ name, verb, sign }, column) => {
    const x = column * COLUMN + 8
    const y = row * LINE + 18
    shape(group, 'text', { x: x + 30, y: y - 5, class: 'soft middle' }, verb)
    shape(group, 'text', { x: x - 11, y: y + 19, class: 'middle' }, sign)
    shape(group, 'text', { x: x + 30, y: y + 41, class: 'symbol middle', 'font-size': 14 }, symbolOf(name, normed))
    return { name, cell: createCell(group, { x, y, width: 60, height: 26, size: 13 }) }
  }))
  return {
    group,
    /** @param {State} state @param {Frame} frame @param {number} t @param {number} H @param {number} unit */
    paint(state, frame, t, H, unit) {
      for (const { name, cell } of slots) {
        const earlier = name.startsWith('-')
        const rest = name.startsWith('~')
        const key = `${earlier || rest ? name.slice(1) : name}_l${state.layer}`
        const tensor = earlier && t === 0 ? frame.values[`initial_${key}`] : frame.values[key]
        const number = tensor ? tensor.data[(earlier ? Math.max(0, t - 1) : t) * H + state.neuron] : NaN
        const value = rest ? 1 - number : number
        if (Number.isNaN(value)) cell.clear()
        else if (name.startsWith('d')) cell.paint('gradient', value, small(value), unit)
        else cell.paint('value', value, fixed(value))
      }
    },
  }
}
