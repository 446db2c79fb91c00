/** What a decoder has of the source that was read before: src/seq2seq.h and src/attention.h, with the numbers in them. */
import { t } from '../language/index.js'
import { fromBelow } from './below.js'
import { isDecoder, term } from './place.js'

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Term} Term */
/** @typedef {import('./forward.js').Made} Made */

const FED = 'rnn.weight_context'

/** Whether the head reads `attended` in place of the last layer. @param {Place} place */
export const attends = ({ config }) => isDecoder(config) && config.attention === 'multiplicative'

/** What a layer of the encoder keeps at each step, in both directions (S rows). @param {Place} place @param {string} name @returns {number[][]} */
function kept({ frame: { values } }, name) {
  const parts = [values[name], values[`${name}_reverse`]].filter((part) => part)
  return Array.from({ length: parts[0].shape[1] }, (_, s) => parts.flatMap(({ shape, data }) => Array.from(data.subarray(s * shape[2], (s + 1) * shape[2]))))
}

/** What its last layer says at each step: with residual layers, that and what it reads. @param {Place} place @returns {number[][]} */
function said(place) {
  const { config, frame } = place
  const states = Array.from({ length: Number(config.layers) }, (_, layer) => kept(place, `source.h_l${layer}`))
  const below = Number(config.sourceSize) ? 'source.x' : 'source.embedding'
  const reads = frame.values[below] && kept(place, below)
  const added = !config.residual ? states.slice(-1) : reads?.[0].length === states[0][0].length ? [reads, ...states] : states
  return states[0].map((row, s) => row.map((_, k) => added.reduce((sum, rows) => sum + rows[s][k], 0)))
}

/** Where the source ends, which is its first step for the backward direction. @param {Place} place */
function last(place) {
  const rows = kept(place, `source.h_l${Number(place.config.layers) - 1}`)
  const forward = rows[0].length / (place.config.sourceBidirectional ? 2 : 1)
  return [...rows[rows.length - 1].slice(0, forward), ...rows[0].slice(forward)]
}

/** What the source adds to a row of gates in the first layer. @param {Place} place @param {number} row @returns {Term[]} */
export function fromSource(place, row) {
  const { layer, config, at, has, weight } = place
  if (layer > 0 || !isDecoder(config) || !has(FED)) return []
  const additive = config.attention === 'additive'
  return last(place).map((value, k) => term(t`number ${k + 1} of the source`, weight(FED, row, k), additive ? at({ name: 'context', index: k }) : { value }))
}

/** What the head reads where it attends. @param {Place} place @param {string} matrix @param {number} row @returns {Term[]} */
export const fromAttended = ({ H, at, weight }, matrix, row) => Array.from({ length: H }, (_, j) => term(t`number ${j + 1} of both`, weight(matrix, row, j), at({ name: 'attended', index: j })))

/** Once per network, whatever its layers. @type {Record<string, (place: Place) => Made>} */
export const SOURCE = {
  context(place) {
    const shares = place.row({ name: 'attention' })
    return { terms: said(place).map((row, s) => term(t`step ${s + 1} of the source`, { value: shares[s] }, { value: row[place.index] })) }
  },
  attended(place) {
    const { index, at, weight, row, L } = place
    const context = Array.from(row({ name: 'context' }), (_, k) => term(t`number ${k + 1} of the source`, weight('attention.context.weight', index, k), at({ name: 'context', index: k })))
    return { after: 'tanh', terms: [...context, ...fromBelow(place, 'attention.state.weight', index, L)] }
  },
}

/** @param {ArrayLike<number>} row @param {(k: number) => number} other */
const dot = (row, other) => Array.from(row).reduce((sum, value, k) => sum + value * other(k), 0)

/** A matrix times a column. @param {ArrayLike<number>} matrix @param {ArrayLike<number>} column */
const times = (matrix, column) => Array.from({ length: matrix.length / column.length }, (_, i) => dot(column, (k) => matrix[i * column.length + k]))

/**
 * What a state is to blame for by where a step looks: a score for each step of the source.
 * @param {Place} place  at the step that looks  @param {(keys: readonly number[]) => number} slope  of a score, by the state
 */
function inScores(place, slope) {
  const [blame, shares, rows] = [place.row({ name: 'dcontext' }), place.row({ name: 'attention' }), said(place)]
  const ofShares = rows.map((row) => dot(row, (k) => blame[k]))
  const mean = dot(ofShares, (s) => shares[s])
  const matrix = place.numbers('attention.key.weight')
  return rows.map((row, s) => term(t`where it looks, step ${s + 1} of the source`, { value: shares[s] * (ofShares[s] - mean) }, { value: slope(times(matrix, row)) }))
}

/** What the last layer is to blame for in multiplicative attention. @param {Place} place @param {number} column @returns {Term[]} */
export const inAttended = (place, column) => [
  ...Array.from({ length: place.H }, (_, j) => term(t`number ${j + 1} of both`, place.weight('attention.state.weight', j, column), place.at({ name: 'da_attended', index: j }))),
  ...inScores(place, (keys) => keys[column]),
]

/** What a state of the first layer is to blame for in additive attention, a step after. @param {Place} place @param {Place} next  at that step @returns {Term[]} */
export function inQuery({ config, layer, index, numbers, row }, next) {
  if (layer > 0 || !isDecoder(config) || config.attention !== 'additive') return []
  const [matrix, scale, state] = [numbers('attention.query.weight'), numbers('attention.score.weight'), row({ name: 'h' })]
  const query = times(matrix, state)
  return inScores(next, (keys) => dot(keys.map((key, a) => 1 - Math.tanh(query[a] + key) ** 2), (a) => scale[a] * matrix[a * state.length + index]))
}
