/** From each number of the forward pass to its terms: the equations of src/cells, with the numbers in them. */
import { t } from '../language/index.js'

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Term} Term */
/** @typedef {import('./place.js').Factor} Factor */
/** @typedef {{ terms: Term[], after?: string, share?: number }} Made   after: done to the sum of the terms; share: what is divided by it */

/** @param {string} label @param {Factor[]} factors @returns {Term} */
export const term = (label, ...factors) => ({ label, factors })

/** A number made from another: 1 − z, or the slope of a nonlinearity. @param {number} value @param {Factor} of @returns {Factor} */
export const from = (value, of) => ({ value, spot: of.spot })

/** What comes into a layer from below. @param {Place} place @param {string} matrix @param {number} row @returns {Term[]} */
function fromBelow({ layer, config, frame, step, H, ways, at, weight }, matrix, row) {
  if (layer > 0) {
    return ways.flatMap((reverse, d) => Array.from({ length: H }, (_, j) => {
      const label = reverse ? t`backward neuron ${j + 1}, layer ${layer}` : t`neuron ${j + 1}, layer ${layer}`
      return term(label, weight(matrix, row, d * H + j), at({ name: 'h', layer: layer - 1, index: j, reverse }))
    }))
  }
  if (config.input === 'one-hot') return [{ ...term(t('reads'), weight(matrix, row, frame.inputs[step]), at({ name: 'x', index: frame.inputs[step] })), letter: frame.inputs[step] }]
  return Array.from({ length: Number(config.inputSize) }, (_, j) => term(t`number ${j + 1} of the letter`, weight(matrix, row, j), at({ name: 'embedding', index: j })))
}

/** What comes from the step before. @param {Place} place @param {string} matrix @param {number} row @param {string} [state] @returns {Term[]} */
function fromBefore({ H, weight, before, at }, matrix, row, state = 'h') {
  return Array.from({ length: H }, (_, j) => term(t`neuron ${j + 1} before`, weight(matrix, row, j), state === 'h' ? before('h', j) : at({ name: state, index: j })))
}

/** W_ih x + b_ih + W_hh h + b_hh of gate g. @param {number} g @param {string} after @returns {(place: Place) => Made} */
const gate = (g, after) => (place) => {
  const row = g * place.H + place.index
  const recurrent = place.matrix('weight_hh')
  return {
    after,
    terms: [
      ...fromBelow(place, place.matrix('weight_ih'), row), ...(place.has(recurrent) ? fromBefore(place, recurrent, row) : []),
      ...place.bias([place.matrix('bias_ih'), place.matrix('bias_hh')], row),
    ],
  }
}

/** @param {Place} place */
const rest = (place, name = 'z') => from(1 - place.now(name).value, place.now(name))

/** n: of the two places for the reset gate. @param {Place} place @returns {Made} */
function candidate(place) {
  const row = 2 * place.H + place.index
  const below = fromBelow(place, place.matrix('weight_ih'), row)
  if (place.config.reset === 'before') {
    const recurrent = fromBefore(place, place.matrix('weight_hh'), row, 'reset_h')
    return { after: 'tanh', terms: [...below, ...recurrent, ...place.bias([place.matrix('bias_ih'), place.matrix('bias_hh')], row)] }
  }
  return { after: 'tanh', terms: [...below, term(t('look back × old state'), place.now('r'), place.now('hidden_n')), ...place.bias([place.matrix('bias_ih')], row)] }
}

/** f ÷ (f + i) of minLSTM. @param {Place} place @param {string} name */
const portion = (place, name) => from(place.now(name).value / (place.now('f').value + place.now('i').value), place.now(name))

/** @type {Record<string, Record<string, (place: Place) => Made>>} */
const CELLS = {
  vanilla: { h: (place) => gate(0, place.config.activation === 'identity' ? '' : String(place.config.activation))(place) },
  lstm: {
    i: gate(0, 'sigmoid'), f: gate(1, 'sigmoid'), g: (place) => gate(2, String(place.config.candidate))(place), o: gate(3, 'sigmoid'),
    c: (place) => ({ terms: [term(t('keep × before'), place.now('f'), place.before('c')), term(t('write × proposal'), place.now('i'), place.now('g'))] }),
    tanh_c: (place) => ({ after: 'tanh', terms: [term(t('holds'), place.now('c'))] }),
    h: (place) => ({ terms: [term(t('show × tanh of what it holds'), place.now('o'), place.now('tanh_c'))] }),
  },
  gru: {
    r: gate(0, 'sigmoid'), z: gate(1, 'sigmoid'), n: candidate,
    h: (place) => ({ terms: [term(t('keep × before'), place.now('z'), place.before('h')), term(t('rewrite × proposal'), rest(place), place.now('n'))] }),
    hidden_n: (place) => {
      const row = 2 * place.H + place.index
      return { terms: [...fromBefore(place, place.matrix('weight_hh'), row), ...place.bias([place.matrix('bias_hh')], row)] }
    },
    reset_h: (place) => ({ terms: [term(t('look back × before'), place.now('r'), place.before('h'))] }),
  },
  mingru: {
    z: gate(0, 'sigmoid'), n: gate(1, ''),
    h: (place) => ({ terms: [term(t('keep × before'), rest(place), place.before('h')), term(t('rewrite × proposal'), place.now('z'), place.now('n'))] }),
  },
  minlstm: {
    f: gate(0, 'sigmoid'), i: gate(1, 'sigmoid'), g: gate(2, ''),
    h: (place) => ({ terms: [term(t('share kept × before'), portion(place, 'f'), place.before('h')), term(t('share written × proposal'), portion(place, 'i'), place.now('g'))] }),
  },
}
CELLS.vanilla.a = gate(0, '')

/** @type {Record<string, (place: Place) => Made>} */
const HEAD = {
  logits({ L, H, ways, index, at, weight, bias, config }) {
    const matrix = config.tie ? 'embedding.weight' : 'output.weight'
    const terms = ways.flatMap((reverse, d) => Array.from({ length: H }, (_, j) =>
      term(reverse ? t`backward neuron ${j + 1}` : t`neuron ${j + 1}`, weight(matrix, index, d * H + j), at({ name: 'h', layer: L - 1, index: j, reverse }))))
    return { terms: [...terms, ...bias(['output.bias'], index)] }
  },
  p({ frame, at, index }) {
    const V = frame.values.logits.shape[frame.values.logits.shape.length - 1]
    const raised = Array.from({ length: V }, (_, k) => from(Math.exp(at({ name: 'logits', index: k }).value), at({ name: 'logits', index: k })))
    return { share: raised[index].value, terms: raised.map((factor, k) => ({ ...term(t('e to the score of'), factor), letter: k })) }
  },
  loss({ frame, step, at, config }) {
    const smoothing = Number(config.labelSmoothing ?? 0)
    const right = at({ name: 'p', index: frame.targets[step] })
    if (!smoothing) return { after: '−ln', terms: [term(t('bet on the right letter'), right)] }
    const V = frame.values.p.shape[frame.values.p.shape.length - 1]
    const surprise = (/** @type {number} */ k) => from(-Math.log(at({ name: 'p', index: k }).value), at({ name: 'p', index: k }))
    return { terms: Array.from({ length: V }, (_, k) => ({ ...term(t('surprise at'), { value: smoothing / V + (k === frame.targets[step] ? 1 - smoothing : 0) }, surprise(k)), letter: k })) }
  },
}

/** @param {string} cell @param {string} name @returns {((place: Place) => Made) | undefined} */
export const forward = (cell, name) => HEAD[name] ?? CELLS[cell]?.[name]
