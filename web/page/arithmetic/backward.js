/** From each gradient of the loss to its terms: where the blame came from. The chain rule of src/cells, with the numbers in it. */
import { english, t } from '../language/index.js'
import { before, normalises } from './norm.js'
import { countedIn, elsewhere, from, isAsked, term, wantedAt } from './place.js'
import { attends, inAttended, inQuery } from './source.js'

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

/** What goes into gate g is to blame for what the gate is, or what is normalised on the way. @param {Place} place of the gate @param {'ih' | 'hh'} part @param {number} g @param {string} name */
function blameOf(place, part, g, name) {
  if (!normalises(place)) return (/** @type {number} */ j) => place.at({ name, index: j })
  const dx = before(place, part, g, place.row({ name }))
  return (/** @type {number} */ j) => ({ ...place.at({ name, index: j }), value: dx[j] })
}

/** What a state, or what is added to it, is to blame for in the layers above it at the same step. @param {Place} place @param {number} [layer] @returns {Term[]} */
function above(place, layer = place.layer) {
  const { L, H, index, reverse, ways, config, weight, matrix } = place
  const column = (reverse ? H : 0) + index
  if (layer === L - 1) return !isAsked(place) ? [] : attends(place) ? inAttended(place, column) : inHead(place, 0, column)
  const terms = ways.flatMap((way) => GATES[String(config.cell)].flatMap((gate, g) => {
    const blame = blameOf(elsewhere(place, { layer: layer + 1, reverse: way }), 'ih', g, `d${gate}`)
    return Array.from({ length: H }, (_, j) => term(named(gate, t`neuron ${j + 1} above`), weight(matrix('weight_ih', layer + 1, way), g * H + j, column), blame(j)))
  }))
  return config.residual ? [...terms, ...above(place, layer + 1)] : terms
}

/** What linear layer m of the head is to blame for in what it reads. @param {Place} place @param {number} m @param {number} column @returns {Term[]} */
function inHead({ frame, config, at, weight }, m, column) {
  const last = m === Number(config.headLayers ?? 0)
  const name = last ? 'dlogits' : `dhead_${m}`
  const matrix = last ? (config.tie ? 'embedding.weight' : 'output.weight') : `head.${m}.weight`
  const units = frame.values[name].shape[frame.values[name].shape.length - 1]
  return Array.from({ length: units }, (_, k) => last
    ? { ...term(t('bet on'), weight(matrix, k, column), at({ name, index: k })), answer: k }
    : term(t`neuron ${k + 1} of the output`, weight(matrix, k, column), at({ name, index: k })))
}

/** The same for a hidden layer, whose slope is 1 or 0. @param {number} m @returns {(place: Place) => Made} */
const hidden = (m) => (place) => ({ terms: sloped(inHead(place, m + 1, place.index), place.now(`head_${m}`), 'relu') })

/** What the head reads of state and source, before its tanh. @param {Place} place @returns {Made} */
const attended = (place) => ({ terms: sloped(inHead(place, 0, place.index), place.now('attended'), 'tanh') })

/** @param {Term[]} terms @param {Factor} answer @param {string} of */
const sloped = (terms, answer, of) => terms.map((one) => ({ ...one, factors: [...one.factors, slope(answer, of)] }))

/** What it is to blame for at the step after, through the weights. @param {Place} place @returns {Term[]} */
function later(place) {
  const { after, H, index, config, weight, matrix } = place
  if (after === null) return []
  const next = elsewhere(place, { step: after })
  if (String(config.cell).startsWith('min')) return inQuery(place, next)
  const inGates = GATES[String(config.cell)].flatMap((gate, g) => {
    const candidate = config.cell === 'gru' && gate === 'a_n'
    if (candidate && config.reset === 'before') return []
    const blame = blameOf(next, 'hh', g, candidate ? 'dhidden_n' : `d${gate}`)
    return Array.from({ length: H }, (_, j) => term(named(gate, t`neuron ${j + 1} after`), weight(matrix('weight_hh'), g * H + j, index), blame(j)))
  })
  return [...inGates, ...inQuery(place, next)]
}

/** What it is to blame for some steps after. @param {Place} place @returns {Term[]} */
function longAfter(place) {
  const { H, T, index, step, reverse, config, at, weight, matrix } = place
  const ahead = Number(config.skip ?? 0)
  const long = reverse ? step - ahead : step + ahead
  if (!ahead || long < 0 || long >= T) return []
  return GATES[String(config.cell)].flatMap((gate, g) => Array.from({ length: H }, (_, j) =>
    term(named(gate, t`neuron ${j + 1}, ${ahead} steps after`), weight(matrix('weight_skip'), g * H + j, index), at({ name: `d${gate}`, index: j, step: long }))))
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

/** @param {Place} place */
const isInside = ({ step, T }) => step >= 0 && step < T

/** @param {Place} place @returns {Made} */
function state(place) {
  const { after, config } = place
  return { terms: [...(isInside(place) ? above(place) : []), ...later(place), ...longAfter(place), ...(after === null ? [] : KEPT[String(config.cell)]?.(place, after) ?? [])] }
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

/** What a cell state is to blame for at its own step. @param {Place} place @returns {Term[]} */
function shown(place) {
  const { now, at, weight, matrix, H, index, config } = place
  const blame = Array.from({ length: H }, (_, j) => at({ name: 'dh', index: j }).value * at({ name: 'o', index: j }).value * SLOPES.tanh(at({ name: 'tanh_c', index: j }).value))
  const through = normalises(place)
    ? term(t('shown, before it is normalised'), { ...now('dh'), value: before(place, 'c', 0, blame)[index] })
    : term(t('shown: blame × show × slope'), now('dh'), now('o'), slope(now('tanh_c'), 'tanh'))
  return [through, ...(config.peephole ? [term(t('seen by the show gate'), weight(matrix('weight_peephole'), 2 * H + index), now('da_o'))] : [])]
}

/** And at the step after. @param {Place} place @param {number} step @returns {Term[]} */
function kept({ at, weight, matrix, H, index, config }, step) {
  const seen = /** @type {const} */ ([[t('seen by the write gate'), 'da_i'], [t('seen by the keep gate'), 'da_f']])
  return [
    term(t('kept × blame after'), at({ name: 'f', step }), at({ name: 'dc', step })),
    ...(config.peephole ? seen.map(([label, name], which) => term(label, weight(matrix('weight_peephole'), which * H + index), at({ name, step }))) : []),
  ]
}

/** @type {Record<string, Record<string, (place: Place) => Made>>} */
const CELLS = {
  vanilla: { da: product(english('blame × slope'), (place) => [place.now('dh'), slope(place.now('h'), String(place.config.activation))]) },
  lstm: {
    dc: (place) => ({ terms: [...(isInside(place) ? shown(place) : []), ...(place.after === null ? [] : kept(place, place.after))] }),
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
    dreset_h: (place) => {
      const blame = blameOf(place, 'hh', 2, 'da_n')
      return { terms: Array.from({ length: place.H }, (_, j) => term(t`proposal, neuron ${j + 1}`, place.weight(place.matrix('weight_hh'), 2 * place.H + j, place.index), blame(j))) }
    },
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

/** (p − target) ÷ n: the mean over the answers that count shares the blame. @param {Place} place @returns {Made | false} */
function logits(place) {
  const { frame, index, config, now } = place
  const counted = countedIn(place)
  const step = counted.length === 1 ? 0 : place.step
  if (!isAsked(place) || !counted[step]) return false
  const share = { value: 1 / counted.filter((counts) => counts).length }
  if (config.loss === 'squared') return { terms: [term(t('says × 2 × share'), now('logits'), { value: 2 }, share), term(t('should say × 2 × share'), { value: -wantedAt(place) }, { value: 2 }, share)] }
  if (config.loss === 'binary') return { terms: [term(t('bet × share of an answer'), now('p'), share), ...(wantedAt(place) ? [term(t('right answer × share'), { value: -1 }, share)] : [])] }
  const smoothing = Number(config.labelSmoothing ?? 0)
  const V = frame.values.p.shape[frame.values.p.shape.length - 1]
  const target = (frame.targets[step] === index ? 1 - smoothing : 0) + smoothing / V
  return { terms: [term(t('bet × share of a letter'), now('p'), share), ...(target ? [term(t('right answer × share'), { value: -target }, share)] : [])] }
}

/** @param {string} cell @param {string} name @returns {((place: Place) => Made | false) | undefined} */
export const backward = (cell, name) => name.startsWith('dhead_') ? hidden(Number(name.slice('dhead_'.length))) : name === 'dlogits' ? logits : name === 'da_attended' ? attended : name === 'dh' ? state : CELLS[cell]?.[name]
