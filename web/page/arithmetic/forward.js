/** From each number of the forward pass to its terms: the equations of src/cells, with the numbers in them. */
import { t } from '../language/index.js'
import { fromBelow } from './below.js'
import { gainOf, normalises, standardised } from './norm.js'
import { countedIn, from, isAsked, term, wantedAt } from './place.js'
import { attends, fromAttended, fromSource, SOURCE } from './source.js'

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Term} Term */
/** @typedef {import('./place.js').Factor} Factor */
/** @typedef {{ terms: Term[], after?: string, share?: number }} Made   after: done to the sum of the terms; share: what is divided by it */

/** The row of gate g. @param {Place} place @param {number} g */
const rowOf = ({ H, index }, g) => g * H + index

/** γ x̂. @param {string} label @param {Place} place @param {'ih' | 'hh' | 'c'} part @param {number} [g] @returns {Term[]} */
const normed = (label, place, part, g = 0) => [term(label, place.weight(gainOf(place, part), rowOf(place, g)), { value: standardised(place, part, g).x[place.index] })]

/** What gate g gets from below, and from a source. @param {Place} place @param {number} g @returns {Term[]} */
const below = (place, g) => [
  ...normalises(place) ? normed(t('from below, normalised'), place, 'ih', g) : fromBelow(place, place.matrix('weight_ih'), rowOf(place, g)),
  ...fromSource(place, rowOf(place, g)),
]

/** What it gets from the step before. @param {Place} place @param {number} g @param {(j: number) => Factor} [read] @returns {Term[]} */
function before(place, g, read = (j) => place.before('h', j)) {
  const matrix = place.matrix('weight_hh')
  if (!place.has(matrix)) return []
  if (normalises(place)) return normed(t('from before, normalised'), place, 'hh', g)
  return Array.from({ length: place.H }, (_, j) => term(t`neuron ${j + 1} before`, place.weight(matrix, rowOf(place, g), j), read(j)))
}

/** What it gets from some steps before. @param {Place} place @param {number} g @returns {Term[]} */
function longBefore(place, g) {
  const { H, T, config, at, weight, matrix, step, reverse } = place
  const back = Number(config.skip ?? 0)
  const long = reverse ? step + back : step - back
  if (!back || long < 0 || long >= T) return []
  return Array.from({ length: H }, (_, j) => term(t`neuron ${j + 1}, ${back} steps before`, weight(matrix('weight_skip'), rowOf(place, g), j), at({ name: 'h', index: j, step: long })))
}

/** What it sees of the cell state, through a weight of its own. @param {Place} place @param {number} which @param {Factor} seen @returns {Term[]} */
const peephole = (place, which, seen) => (place.config.peephole ? [term(t('sees what it holds'), place.weight(place.matrix('weight_peephole'), which * place.H + place.index), seen)] : [])

/** W_ih x + b_ih + W_hh h + b_hh of gate g. @param {number} g @param {string} after @param {(place: Place) => Term[]} [more] @returns {(place: Place) => Made} */
const gate = (g, after, more = () => []) => (place) => ({
  after,
  terms: [
    ...below(place, g), ...before(place, g), ...longBefore(place, g), ...more(place),
    ...place.bias([place.matrix('bias_ih'), place.matrix('bias_hh')], rowOf(place, g)),
  ],
})

/** @param {Place} place */
const rest = (place, name = 'z') => from(1 - place.now(name).value, place.now(name))

/** n: of the two places for the reset gate. @param {Place} place @returns {Made} */
function candidate(place) {
  const early = place.config.reset === 'before'
  const biases = [place.matrix('bias_ih'), ...(early ? [place.matrix('bias_hh')] : [])]
  const old = early ? before(place, 2, (j) => place.at({ name: 'reset_h', index: j })) : [term(t('look back × old state'), place.now('r'), place.now('hidden_n'))]
  return { after: 'tanh', terms: [...below(place, 2), ...old, ...longBefore(place, 2), ...place.bias(biases, rowOf(place, 2))] }
}

/** f ÷ (f + i) of minLSTM. @param {Place} place @param {string} name */
const portion = (place, name) => from(place.now(name).value / (place.now('f').value + place.now('i').value), place.now(name))

/** @type {Record<string, Record<string, (place: Place) => Made>>} */
const CELLS = {
  vanilla: { h: (place) => gate(0, place.config.activation === 'identity' ? '' : String(place.config.activation))(place) },
  lstm: {
    i: gate(0, 'sigmoid', (place) => peephole(place, 0, place.before('c'))), f: gate(1, 'sigmoid', (place) => peephole(place, 1, place.before('c'))),
    g: (place) => gate(2, String(place.config.candidate))(place), o: gate(3, 'sigmoid', (place) => peephole(place, 2, place.now('c'))),
    c: (place) => ({ terms: [term(t('keep × before'), place.now('f'), place.before('c')), term(t('write × proposal'), place.now('i'), place.now('g'))] }),
    tanh_c: (place) => ({
      after: 'tanh',
      terms: normalises(place) ? [...normed(t('holds, normalised'), place, 'c'), ...place.bias([`${place.matrix('norm_c')}.bias`], place.index)] : [term(t('holds'), place.now('c'))],
    }),
    h: (place) => ({ terms: [term(t('show × tanh of what it holds'), place.now('o'), place.now('tanh_c'))] }),
  },
  gru: {
    r: gate(0, 'sigmoid'), z: gate(1, 'sigmoid'), n: candidate,
    h: (place) => ({ terms: [term(t('keep × before'), place.now('z'), place.before('h')), term(t('rewrite × proposal'), rest(place), place.now('n'))] }),
    hidden_n: (place) => ({ terms: [...before(place, 2), ...place.bias([place.matrix('bias_hh')], rowOf(place, 2))] }),
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

/** A linear layer of the head. @param {Place} place @param {number} m @param {string} matrix @param {string} bias @returns {Term[]} */
function linear(place, m, matrix, bias) {
  const { L, index, weight, at, config } = place
  const terms = m > 0 ? Array.from({ length: Number(config.headSize) }, (_, j) => term(t`neuron ${j + 1} of the output`, weight(matrix, index, j), at({ name: `head_${m - 1}`, index: j })))
    : attends(place) ? fromAttended(place, matrix, index) : fromBelow(place, matrix, index, L)
  return [...terms, ...place.bias([bias], index)]
}

/** A hidden layer of the head. @param {number} m @returns {(place: Place) => Made} */
const hidden = (m) => (place) => ({ after: 'relu', terms: linear(place, m, `head.${m}.weight`, `head.${m}.bias`) })

/** False where nothing comes out. @type {Record<string, (place: Place) => Made | false>} */
const HEAD = {
  logits: (place) => isAsked(place) && ({ terms: linear(place, Number(place.config.headLayers ?? 0), place.config.tie ? 'embedding.weight' : 'output.weight', 'output.bias') }),
  p(place) {
    const { frame, at, index } = place
    if (!isAsked(place)) return false
    if (place.config.loss === 'squared') return { terms: [term(t('score'), at({ name: 'logits', index }))] }
    if (place.config.loss === 'binary') return { after: 'sigmoid', terms: [term(t('score'), at({ name: 'logits', index }))] }
    const V = frame.values.logits.shape[frame.values.logits.shape.length - 1]
    const raised = Array.from({ length: V }, (_, k) => from(Math.exp(at({ name: 'logits', index: k }).value), at({ name: 'logits', index: k })))
    return { share: raised[index].value, terms: raised.map((factor, k) => ({ ...term(t('e to the score of'), factor), answer: k })) }
  },
  loss(place) {
    const { frame, step, at, config } = place
    if (!isAsked(place) || !countedIn(place)[frame.values.loss.data.length === 1 ? 0 : step]) return false
    if (config.loss === 'squared') return { after: 'square', terms: [term(t('says'), at({ name: 'logits', index: 0 })), term(t('should say'), { value: -wantedAt(place) })] }
    const smoothing = config.loss === 'binary' ? 0 : Number(config.labelSmoothing ?? 0)
    const wanted = config.loss === 'binary' ? wantedAt(place) : frame.targets[frame.targets.length === 1 ? 0 : step]
    const yes = config.loss === 'binary' ? at({ name: 'p', index: 0 }) : at({ name: 'p', index: wanted })
    const right = config.loss === 'binary' && !wanted ? from(1 - yes.value, yes) : yes
    if (!smoothing) return { after: '−ln', terms: [term(t('bet on the right letter'), right)] }
    const V = frame.values.p.shape[frame.values.p.shape.length - 1]
    const surprise = (/** @type {number} */ k) => from(-Math.log(at({ name: 'p', index: k }).value), at({ name: 'p', index: k }))
    return { terms: Array.from({ length: V }, (_, k) => ({ ...term(t('surprise at'), { value: smoothing / V + (k === wanted ? 1 - smoothing : 0) }, surprise(k)), answer: k })) }
  },
}

/** @param {string} cell @param {string} name @returns {((place: Place) => Made | false) | undefined} */
export const forward = (cell, name) => name.startsWith('head_') ? hidden(Number(name.slice('head_'.length))) : HEAD[name] ?? SOURCE[name] ?? CELLS[cell]?.[name]
