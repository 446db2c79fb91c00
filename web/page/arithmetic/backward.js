/** From each gradient of the loss to its terms: where the blame came from. The chain rule of src/cells, with the numbers in it. */
import { english, t } from '../language/index.js'
import { from, term } from './forward.js'

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Term} Term */
/** @typedef {import('./place.js').Factor} Factor */
/** @typedef {import('./forward.js').Made} Made */

/** Gates in the order of their rows. @type {Record<string, readonly string[]>} */
const GATES = { vanilla: ['a'], lstm: ['a_i', 'a_f', 'a_g', 'a_o'], gru: ['a_r', 'a_z', 'a_n'], mingru: ['a_z', 'a_n'], minlstm: ['a_f', 'a_i', 'a_g'] }

/** @type {Record<string, string>} */
const WORDS = english({ a_i: 'write', a_f: 'keep', a_o: 'show', a_g: 'proposal', a_n: 'proposal', a_z: 'keep', a_r: 'look back' })

/** @param {string} gate @param {string} neuron */
const named = (gate, neuron) => (WORDS[gate] ? `${t(WORDS[gate])}, ${neuron}` : neuron)

/** The slope of a nonlinearity where it answered y. @type {Record<string, (y: number) => number>} */
const SLOPES = { tanh: (y) => 1 - y * y, sigmoid: (y) => y * (1 - y), relu: (y) => (y > 0 ? 1 : 0), identity: () => 1, '': () => 1 }

/** @param {Factor} answer @param {string} of */
const slope = (answer, of) => from(SLOPES[of](answer.value), answer)

/** What a state is to blame for in what reads it at the same step. @param {Place} place @returns {Term[]} */
function above({ layer, L, H, index, reverse, ways, config, frame, at, weight, matrix }) {
  const column = (reverse ? H : 0) + index
  if (layer < L - 1) {
    return ways.flatMap((way) => GATES[String(config.cell)].flatMap((gate, g) => Array.from({ length: H }, (_, j) =>
      term(named(gate, t`neuron ${j + 1} above`), weight(matrix('weight_ih', layer + 1, way), g * H + j, column), at({ name: `d${gate}`, layer: layer + 1, index: j, reverse: way })))))
  }
  const V = frame.values.dlogits.shape[frame.values.dlogits.shape.length - 1]
  return Array.from({ length: V }, (_, k) => ({ ...term(t('bet on'), weight(config.tie ? 'embedding.weight' : 'output.weight', k, column), at({ name: 'dlogits', index: k })), letter: k }))
}

/** What it is to blame for at the step after, through the weights. @param {Place} place @returns {Term[]} */
function later({ after, H, index, config, at, weight, matrix }) {
  if (after === null || String(config.cell).startsWith('min')) return []
  return GATES[String(config.cell)].flatMap((gate, g) => (config.reset === 'before' && gate === 'a_n' && config.cell === 'gru' ? [] : Array.from({ length: H }, (_, j) => {
    const name = config.cell === 'gru' && gate === 'a_n' ? 'dhidden_n' : `d${gate}`
    return term(named(gate, t`neuron ${j + 1} after`), weight(matrix('weight_hh'), g * H + j, index), at({ name, index: j, step: after }))
  })))
}

/** What it is to blame for at the step after as it stands there. @type {Record<string, (place: Place, step: number) => Term[]>} */
const KEPT = {
  gru: ({ at, config }, step) => [
    term(t('kept × blame after'), at({ name: 'z', step }), at({ name: 'dh', step })),
    ...(config.reset === 'before' ? [term(t('look back × blame after'), at({ name: 'r', step }), at({ name: 'dreset_h', step }))] : []),
  ],
  mingru: ({ at }, step) => [term(t('kept × blame after'), from(1 - at({ name: 'z', step }).value, at({ name: 'z', step })), at({ name: 'dh', step }))],
  minlstm: ({ at }, step) => {
    const [f, i] = [at({ name: 'f', step }), at({ name: 'i', step })]
    return [term(t('kept × blame after'), from(f.value / (f.value + i.value), f), at({ name: 'dh', step }))]
  },
}

/** @param {Place} place @returns {Made} */
function state(place) {
  const { step, T, after, config } = place
  return { terms: [...(step >= 0 && step < T ? above(place) : []), ...later(place), ...(after === null ? [] : KEPT[String(config.cell)]?.(place, after) ?? [])] }
}

/** A product of numbers at this step. @param {string} label @param {(place: Place) => Factor[]} factors @returns {(place: Place) => Made} */
const product = (label, factors) => (place) => ({ terms: [term(t(label), ...factors(place))] })

/** @param {Place} place @param {string} a @param {string} b */
const difference = (place, a, b) => {
  const other = b === 'before' ? place.before('h') : place.now(b)
  return from((a === 'before' ? place.before('h') : place.now(a)).value - other.value, other)
}

/** f'∘i' of minLSTM, the shares. @param {Place} place */
const shares = (place) => {
  const [f, i] = [place.now('f').value, place.now('i').value]
  return from(f * i / (f + i) ** 2, place.now('f'))
}

/** @type {Record<string, Record<string, (place: Place) => Made>>} */
const CELLS = {
  vanilla: { da: product(english('blame × slope'), (place) => [place.now('dh'), slope(place.now('h'), String(place.config.activation))]) },
  lstm: {
    dc: ({ step, T, after, at, now }) => ({
      terms: [
        ...(step >= 0 && step < T ? [term(t('shown: blame × show × slope'), now('dh'), now('o'), slope(now('tanh_c'), 'tanh'))] : []),
        ...(after === null ? [] : [term(t('kept × blame after'), at({ name: 'f', step: after }), at({ name: 'dc', step: after }))]),
      ],
    }),
    da_i: product(english('blame × proposal × slope'), ({ now }) => [now('dc'), now('g'), slope(now('i'), 'sigmoid')]),
    da_f: product(english('blame × before × slope'), ({ now, before }) => [now('dc'), before('c'), slope(now('f'), 'sigmoid')]),
    da_g: product(english('blame × write × slope'), ({ now, config }) => [now('dc'), now('i'), slope(now('g'), String(config.candidate))]),
    da_o: product(english('blame × tanh c × slope'), ({ now }) => [now('dh'), now('tanh_c'), slope(now('o'), 'sigmoid')]),
  },
  gru: {
    da_z: product(english('blame × (before − proposal) × slope'), (place) => [place.now('dh'), difference(place, 'before', 'n'), slope(place.now('z'), 'sigmoid')]),
    da_n: product(english('blame × rewrite × slope'), ({ now }) => [now('dh'), from(1 - now('z').value, now('z')), slope(now('n'), 'tanh')]),
    da_r: ({ now, before, config }) => ({
      terms: [config.reset === 'before'
        ? term(t('blame × before × slope'), now('dreset_h'), before('h'), slope(now('r'), 'sigmoid'))
        : term(t('blame × old state × slope'), now('da_n'), now('hidden_n'), slope(now('r'), 'sigmoid'))],
    }),
    dhidden_n: product(english('blame × look back'), ({ now }) => [now('da_n'), now('r')]),
    dreset_h: (place) => ({
      terms: Array.from({ length: place.H }, (_, j) => term(t`proposal, neuron ${j + 1}`, place.weight(place.matrix('weight_hh'), 2 * place.H + j, place.index), place.at({ name: 'da_n', index: j }))),
    }),
  },
  mingru: {
    da_z: product(english('blame × (proposal − before) × slope'), (place) => [place.now('dh'), difference(place, 'n', 'before'), slope(place.now('z'), 'sigmoid')]),
    da_n: product(english('blame × rewrite'), ({ now }) => [now('dh'), now('z')]),
  },
  minlstm: {
    da_f: product(english('blame × (before − proposal) × shares × (1 − f)'), (place) => [place.now('dh'), difference(place, 'before', 'g'), shares(place), from(1 - place.now('f').value, place.now('f'))]),
    da_i: product(english('blame × (proposal − before) × shares × (1 − i)'), (place) => [place.now('dh'), difference(place, 'g', 'before'), shares(place), from(1 - place.now('i').value, place.now('i'))]),
    da_g: product(english('blame × share written'), ({ now }) => [now('dh'), from(now('i').value / (now('f').value + now('i').value), now('i'))]),
  },
}

/** (p − target) ÷ T: the mean over the steps shares the blame. @param {Place} place @returns {Made} */
function logits({ T, frame, step, index, config, now }) {
  const smoothing = Number(config.labelSmoothing ?? 0)
  const V = frame.values.p.shape[frame.values.p.shape.length - 1]
  const target = (frame.targets[step] === index ? 1 - smoothing : 0) + smoothing / V
  return { terms: [term(t('bet × share of a letter'), now('p'), { value: 1 / T }), ...(target ? [term(t('right answer × share'), { value: -target }, { value: 1 / T })] : [])] }
}

/** @param {string} cell @param {string} name @returns {((place: Place) => Made) | undefined} */
export const backward = (cell, name) => (name === 'dlogits' ? logits : name === 'dh' ? state : CELLS[cell]?.[name])
