/** The yellow column opened: one neuron with its gates as numbers, and the likeliest letters. */
import { element, put, say, shape } from '../../../draw/dom.js'
import { createCell } from '../../../draw/cell.js'
import { fixed, glyph, small, spoken, three } from '../../../draw/numbers.js'
import { nameSpot, spotText } from '../../../draw/place.js'
import { t } from '../../../language/index.js'
import { facing } from '../../../arithmetic/index.js'
import { createDataTable } from '../../../panels/data-table.js'
import { createBetList, likeliest } from '../../bet-list.js'
import { answerAt, betsAt, kindOf, outputsOf, readAt } from '../../../answers.js'
import { FOLDED } from '../../../drawing.js'

/** @typedef {import('../../../types.js').State} State */
/** @typedef {import('../../../types.js').Frame} Frame */
/** @typedef {import('../../../arithmetic/place.js').Spot} Spot */

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
const LINE = 64
const COLUMN = 82
const BETS = 4

/**
 * @param {HTMLElement} root
 * @param {import('./geometry.js').Geometry} g
 * @param {import('../../../types.js').Run} run
 */
export function createOpened(root, g, run) {
  const cell = String(run.config.cell)
  const face = element('span', { class: 'face' })
  const about = element('b')
  const verdict = element('p', { class: 'surprise' }, element('span', { class: 'ask' }))
  const figure = shape(null, 'svg', { width: FOLDED.panel - 20, height: 204, class: 'figure', role: 'group', 'aria-label': t('the opened neuron') })
  const bets = element('div')
  const table = createDataTable(element('div'), t('as a table'), [t('letter'), ...tabled(cell)])
  const body = element('div', {}, element('p', { class: 'head' }, face, element('span', { class: 'note' }, t('this letter, opened'))), element('p', {}, about),
    figure, element('p', { class: 'verb' }, kindOf(run) === 'number' ? t('says') : t('bets')), bets, verdict, table.node)
  const summary = element('summary')
  const panel = g.wide ? element('div', { class: 'opened' }, body) : element('details', { class: 'opened' }, summary, body)
  if (g.wide) panel.style.left = `${g.width - g.panel}px`
  root.append(panel)
  const normed = Boolean(run.config.layerNorm)
  const sets = { forward: createSlots(figure, forwardOf()[cell], normed), backward: createSlots(figure, backwardOf()[cell], normed) }
  const paintBets = createBetList(bets)

  return {
    /** To its first number. */
    enter() {
      if (panel instanceof HTMLDetailsElement) panel.open = true
      for (const node of panel.querySelectorAll('.spot')) if (node instanceof SVGElement && node.checkVisibility()) return node.focus()
    },
    /** @param {State} state @param {Frame} frame @param {number} unit */
    paint(state, frame, unit) {
      const step = Math.min(state.step, frame.inputs.length - 1)
      const answer = answerAt(run, frame, step)
      const neuron = g.L > 1 ? t`layer ${state.layer + 1}, neuron ${state.neuron + 1}` : t`neuron ${state.neuron + 1}`
      const name = state.reverse ? `${neuron}, ${t('reading backward')}` : neuron
      say(face, answer.reads)
      say(about, name)
      say(summary, t`${name} at letter ${step + 1}, opened`)
      const other = state.direction === 'forward' ? 'backward' : 'forward'
      put(sets[state.direction].group, { class: '' })
      put(sets[other].group, { class: 'gone' })
      sets[other].leave()
      sets[state.direction].paint(state, frame, step, g.H, unit)
      const ranked = likeliest(betsAt(run, frame, step), BETS)
      paintBets(ranked, answer.asked ? answer.truth : -1, outputsOf(run))
      const known = !frame.beliefs || answer.asked
      ranked.forEach(({ k }, i) => { if (known) askable(bets.children[i], { name: 'p', layer: 0, step, index: kindOf(run) === 'flag' ? 0 : k }) })
      const words = /** @type {HTMLElement} */ (verdict.firstElementChild)
      say(words, verdictOn(run, answer))
      if (answer.asked) askable(words, { name: 'loss', layer: 0, step, index: 0 })
      table.render(() => Array.from(frame.inputs, (_, at) => [
        `${at + 1} ${glyph(readAt(run, frame, at))}`,
        ...tabled(cell).map((name) => three(frame.values[`${name}_l${state.layer}${state.reverse ? '_reverse' : ''}`]?.data[at * g.H + state.neuron] ?? NaN)),
      ]))
    },
  }
}

/** What is longer leaves no room for more in a line. */
const WORD = 3

/** @param {import('../../../types.js').Run} run @param {import('../../../answers.js').Answer} answer */
function verdictOn(run, { asked, right, says, wanted, loss }) {
  if (!asked) return t('nothing is asked here')
  if (kindOf(run) === 'number') return t`says ${says}, should say ${wanted}`
  const bits = fixed(loss / Math.LN2, 1)
  if (!right && wanted.length > WORD) return t`should say ${spoken(wanted)}, ${bits} bits`
  return right ? t`✓ right, ${bits} bits of surprise` : t`should say ${spoken(wanted)}, ${bits} bits of surprise`
}

/** What the table tells of a neuron. @param {string} cell */
const tabled = (cell) => [...new Set(forwardOf()[cell].flat().filter(({ name }) => !/^[-~]/.test(name)).map(({ name }) => name))]

/** A number of the panel that is no drawing. @param {Element} node @param {Spot} spot */
function askable(node, spot) {
  put(node, { 'data-spot': spotText(spot), role: 'button' })
  if (!node.hasAttribute('tabindex')) put(node, { tabindex: 0 })
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
    const spot = shape(group, 'g', { class: 'spot', tabindex: 0 })
    return { name, spot, cell: createCell(spot, { x, y, width: 60, height: 26, size: 13 }) }
  }))
  return {
    group,
    /** Nobody can ask about what is not shown. */
    leave() { for (const { spot } of slots) spot.removeAttribute('data-spot') },
    /** @param {State} state @param {Frame} frame @param {number} at @param {number} H @param {number} unit */
    paint({ layer, neuron, reverse }, frame, at, H, unit) {
      for (const { name, spot, cell } of slots) {
        const plain = name.replace(/^[-~]/, '')
        const step = name.startsWith('-') ? at + (reverse ? 1 : -1) : at
        const inside = step >= 0 && step < frame.inputs.length
        const key = `${plain}_l${layer}${reverse ? '_reverse' : ''}`
        const tensor = frame.values[inside ? key : `initial_${key}`]
        const number = tensor ? tensor.data[(inside ? step : 0) * H + neuron] : NaN
        const value = name.startsWith('~') ? 1 - number : number
        const place = spotText(facing({ name: plain, layer, step, index: neuron, reverse }, 'forward'))
        if (spot.getAttribute('data-spot') !== place) {
          put(spot, { 'data-spot': place })
          nameSpot(spot)
        }
        if (Number.isNaN(value)) cell.clear()
        else if (plain.startsWith('d')) cell.paint('gradient', value, small(value), unit)
        else cell.paint('value', value, fixed(value))
      }
    },
  }
}
