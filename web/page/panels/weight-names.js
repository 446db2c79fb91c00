/** What parameters are called, and what a weight leads from and to, in words. */
import { spoken } from '../draw/numbers.js'
import { english, t } from '../language/index.js'

/** @typedef {import('../types.js').Run} Run */
/** @typedef {{ row: number, rows: number, title: string }} Block   a gate's rows of a parameter */

/** In the order of their rows, as PyTorch has them. @type {Record<string, readonly string[]>} */
const GATES = english({
  lstm: ['write gate i', 'keep gate f', 'proposal g', 'show gate o'], gru: ['look-back gate r', 'keep gate z', 'proposal n'],
  mingru: ['rewrite gate z', 'proposal n'], minlstm: ['keep gate f', 'write gate i', 'proposal g'],
})

const KINDS = /** @type {Record<string, string>} */ (english({
  weight_ih: 'from what it reads, W_ih', weight_hh: 'from its own memory, W_hh', bias_ih: 'biases, b_ih', bias_hh: 'biases, b_hh', weight_peephole: 'from its cell state',
}))

const OTHERS = /** @type {Record<string, string>} */ (english({
  'output.weight': 'from memory to the bets, W_hy', 'output.bias': 'biases of the bets, b_y', 'embedding.weight': 'what letters mean, embedding',
}))

/** A vector is one column. @param {{ shape: readonly number[] }} parameter @returns {[rows: number, columns: number]} */
export const shapeOf = ({ shape }) => [shape[0], shape[1] ?? 1]

/** @param {string} name */
function partsOf(name) {
  const [, kind, layer] = /^rnn\.(\w+?)_l(\d+)/.exec(name) ?? []
  return { kind, layer: Number(layer) }
}

/** @param {Run} run @param {string} name */
export function labelOf(run, name) {
  const { kind, layer } = partsOf(name)
  if (!kind) return t(OTHERS[name] ?? name)
  const what = kind === 'weight_ih' && layer > 0 ? t('from the layer below, W_ih') : t(KINDS[kind] ?? kind)
  return Number(run.config.layers) > 1 ? `${t`layer ${layer + 1}`}, ${what}` : what
}

/** @param {Run} run @param {string} name @returns {readonly Block[]} */
export function blocksOf(run, name) {
  const [rows] = shapeOf(run.parameters.find((one) => one.name === name) ?? { shape: [1] })
  const { kind } = partsOf(name)
  const gates = GATES[String(run.config.cell)]
  const H = Number(run.config.hidden)
  if (!kind || !gates || rows !== gates.length * H) return [{ row: 0, rows, title: '' }]
  return gates.map((title, g) => ({ row: g * H, rows: H, title: t(title) }))
}

/** @param {Run} run @param {number} symbol */
const letter = (run, symbol) => spoken(run.vocabulary.symbols[symbol] ?? '')

/** What a row is, short. @param {Run} run @param {string} name @param {number} row */
export function rowName(run, name, row) {
  if (name.startsWith('output.') || name.startsWith('embedding.')) return letter(run, row)
  const block = blocksOf(run, name).find((one) => row >= one.row && row < one.row + one.rows)
  return block?.title ? `${block.title.at(-1)} ${row - block.row + 1}` : String(row + 1)
}

/** What a column is, short. @param {Run} run @param {string} name @param {number} column */
export function columnName(run, name, column) {
  const { kind, layer } = partsOf(name)
  if (name.includes('bias') || kind === 'weight_peephole') return ''
  return kind === 'weight_ih' && layer === 0 && run.config.input === 'one-hot' ? letter(run, column) : String(column + 1)
}

/** To what and from what a weight leads. @param {Run} run @param {string} name @param {number} row @param {number} column @returns {[to: string, from: string]} */
export function nameEnds(run, name, row, column) {
  const { kind, layer } = partsOf(name)
  const block = blocksOf(run, name).find((one) => row >= one.row && row < one.row + one.rows)
  const neuron = t`neuron ${row - (block?.row ?? 0) + 1}`
  const to = kind ? (block?.title ? t`the ${block.title} of ${neuron}` : neuron) : name.startsWith('output.') ? t`the bet on ${letter(run, row)}` : t`the letter ${letter(run, row)}`
  const short = columnName(run, name, column)
  if (!short) return [to, '']
  if (kind === 'weight_ih' && layer === 0) return [to, run.config.input === 'one-hot' ? t`the letter ${short}` : t`number ${short} of the letter`]
  return [to, kind === 'weight_hh' ? t`the memory of neuron ${short}` : kind === 'weight_ih' ? t`neuron ${short} below` : t`neuron ${short}`]
}
