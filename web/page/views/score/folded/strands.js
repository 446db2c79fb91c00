/** What is drawn one below the other: each layer, and where a network reads both ways, each of its two passes. */
import { sizesOf } from '../../../drawing.js'
import { t } from '../../../language/index.js'

/** @typedef {import('../../../types.js').Run} Run */
/** @typedef {import('../../../types.js').State} State */
/** @typedef {{ layer: number, reverse: boolean, suffix: string, name: string, short: string }} Strand   suffix: of its names in the trace; short: its name, where there is little room */

/** @param {Run} run @returns {Strand[]} */
export function strandsOf(run) {
  const { L } = sizesOf(run)
  const passes = run.config.bidirectional ? [false, true] : [false]
  return Array.from({ length: L }, (_, layer) => passes.map((reverse) => ({
    layer, reverse, suffix: `_l${layer}${reverse ? '_reverse' : ''}`,
    name: [L > 1 ? t`layer ${layer + 1}` : '', run.config.bidirectional ? (reverse ? t('← reads') : t('reads →')) : ''].filter(Boolean).join(', '),
    short: `${L > 1 ? layer + 1 : ''}${run.config.bidirectional ? (reverse ? ' ←' : ' →') : ''}`,
  }))).flat()
}

/** What the heat maps can show, by cell. @returns {Record<string, [name: string, label: string][]>} */
export const shownOf = () => ({
  vanilla: [['h', t('hidden state, h')], ['a', t('sum, a')]],
  lstm: [['h', t('shown, h')], ['tanh_c', t('kept, tanh c')], ['f', t('keep gate, f')], ['i', t('write gate, i')], ['o', t('show gate, o')], ['g', t('proposal, g')]],
  gru: [['h', t('hidden state, h')], ['z', t('keep gate, z')], ['r', t('look-back gate, r')], ['n', t('proposal, n')]],
  mingru: [['h', t('hidden state, h')], ['z', t('rewrite gate, z')], ['n', t('proposal, n')]],
  minlstm: [['h', t('hidden state, h')], ['f', t('keep gate, f')], ['i', t('write gate, i')], ['g', t('proposal, g')]],
})

/** What they show now. @param {State} state */
export const shownIn = (state) => (state.direction === 'backward' ? 'dh' : state.showing || 'h')

/** Whether the opened neuron is one of these. @param {Strand} strand @param {State} state */
export const holds = ({ layer, reverse }, state) => state.layer === layer && state.reverse === reverse
