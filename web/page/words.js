/** Every sentence that depends on what the network does now: plain words first, terms second. */
import { capital, glyph, inWords, duration, fixed, largest, percent, small } from './draw/numbers.js'
import { drawingFor, sizesOf } from './drawing.js'
import { roundOf } from './state.js'
import { unitFor } from './draw/colour.js'

/** @typedef {import('./draw/phrase.js').Part} Part */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Frame} Frame */

/** Texts up to this length are spelled, longer ones read. */
const WORD = 12

/** @param {string} text @param {number} most */
const clip = (text, most) => ([...text].length > most ? [...text].slice(0, most).join('') + '…' : text)

/** How many letters of the frame the network would get right. @param {Frame} frame */
export function rightIn(frame) {
  const { shape, data } = frame.values.p
  const V = shape[shape.length - 1]
  let right = 0
  for (let t = 0; t < frame.targets.length; t++) if (largest(data, t * V, V) === frame.targets[t]) right++
  return right
}

/** What is happening, at the top of the page. @param {State} state @param {Frame | null} frame @returns {Part[]} */
export function headline(state, frame) {
  const { run } = state
  if (!run) return [state.opening ? 'Making a small network…' : 'There is no network yet.']
  if (state.opening && state.pending?.label !== state.label) return [`Opening ${clip(state.pending?.label ?? 'the text', 30)}…`]
  return run.plan.length <= WORD ? speller(state, frame, roundOf(state)) : reader(state)
}

/** @param {State} state @param {Frame | null} frame @param {number} round @returns {Part[]} */
function speller(state, frame, round) {
  const { run } = state
  if (!run) return []
  const { H, L, T } = sizesOf(run)
  const neurons = L > 1 ? `${capital(inWords(L))} layers of ${inWords(H)}` : capital(inWords(H))
  const noun = H === 1 && L === 1 ? ' neuron' : ' neurons'
  const they = H === 1 && L === 1 ? 'it gets' : 'they get'
  const gates = {
    lstm: ' with gates that keep, write and show', gru: ' with gates that keep and look back',
    mingru: ' with a gate that rewrites', minlstm: ' with gates that keep and write',
  }[String(run.config.cell)] ?? ''
  /** @type {Part[]} */
  const parts = [`${neurons}${noun}${gates} ${H === 1 && L === 1 ? 'is' : 'are'} learning to spell `, { letter: clip([...state.text].map(glyph).join(''), WORD) }, '. ']
  if (state.text === 'hello' && gates) parts.push('Only memory can tell the two ', { letter: 'l' }, '’s apart. ')
  else if (state.text === 'hello') parts.push('The first ', { letter: 'l' }, ' leads to ', { letter: 'l' }, ', the second to ', { letter: 'o' }, ': only memory can tell them apart. ')
  if (round === 0) parts.push('Before any training ')
  else parts.push('After ', { strong: String(round) }, round === 1 ? ' round ' : ' rounds ')
  if (!frame) return parts
  const right = rightIn(frame)
  parts.push(`${they} ${right === T ? `all ${inWords(T)} letters` : `${right === 0 ? 'none' : inWords(right)} of ${inWords(T)} letters`} right.`)
  return parts
}

/** @param {State} state @returns {Part[]} */
function reader(state) {
  const { run, progress } = state
  if (!run) return []
  const { H, L, V } = sizesOf(run)
  const who = L > 1 ? `${capital(inWords(L))} layers of ${H} neurons` : `${H === 1 ? 'One neuron' : `${H} neurons`}`
  const have = H === 1 && L === 1 ? 'has' : 'have'
  const them = H === 1 && L === 1 ? 'it' : 'them'
  const label = clip(state.label, 24)
  if (!progress) return [`${who} ${have} not read `, { letter: label }, ` yet. Each next letter could be any of ${V}.`]
  return [
    `${who} ${have} been reading `, { letter: label }, ' for ', { strong: duration(state.seconds) }, `. Each next letter surprises ${them} by `,
    { strong: `${(progress.loss / Math.LN2).toFixed(1)} bits` }, `: ${choices(Math.exp(progress.loss), V)}`,
  ]
}

/** @param {number} perplexity @param {number} V */
function choices(perplexity, V) {
  if (perplexity < 1.5) return `of all ${V}, hardly any other is in question.`
  return `it could be any of ${Math.round(perplexity)}, ${perplexity < V * 0.9 ? `no longer any of ${V}` : `of the ${V} there are`}.`
}

/** What happens at the yellow column. @param {State} state @param {Frame | null} frame @returns {Part[]} */
export function reading(state, frame) {
  const { run } = state
  if (!run || !frame || state.step >= frame.inputs.length) return []
  const drawing = drawingFor(run, state.width)
  const back = state.direction === 'backward'
  if (drawing === 'folded') return back ? foldedBackward(state, frame) : foldedForward(state, frame)
  if (back) return backward(state, frame)
  return drawing === 'vanilla' ? vanilla(state, frame) : gated(state, frame, drawing)
}

/** @param {State} state @param {Frame} frame */
function betAt(state, frame) {
  const symbols = state.run?.vocabulary.symbols ?? []
  const { shape, data } = frame.values.p
  const V = shape[shape.length - 1]
  const t = state.step
  const guess = largest(data, t * V, V)
  return {
    reads: glyph(symbols[frame.inputs[t]]), guess: glyph(symbols[guess]), target: glyph(symbols[frame.targets[t]]),
    right: guess === frame.targets[t], p: data[t * V + guess], pTarget: data[t * V + frame.targets[t]],
  }
}

/** @param {Frame} frame @param {string} name @param {number} t  −1 is the state before the first step @param {number} H @returns {ArrayLike<number>} */
function rowAt(frame, name, t, H) {
  const tensor = t < 0 ? frame.values[`initial_${name}`] : frame.values[name]
  return tensor ? tensor.data.subarray(Math.max(0, t) * H, (Math.max(0, t) + 1) * H) : new Float32Array(H)
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
function verdict(state, frame) {
  const { guess, target, right, p } = betAt(state, frame)
  return [`bets ${percent(p)} % on `, { letter: guess }, ...(right ? ['. Right.'] : ['. It should say ', { letter: target }, '.'])]
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
function vanilla(state, frame) {
  const { H, L } = sizesOf(/** @type {import('./types.js').Run} */ (state.run))
  /** @type {Part[]} */
  const parts = [`Step ${state.step + 1}. It reads `, { letter: betAt(state, frame).reads }]
  if (state.step === 0 && !rowAt(frame, `h_l${L - 1}`, -1, H).length) parts.push(', remembers nothing yet, and ')
  else {
    const memory = Array.from(rowAt(frame, `h_l${L - 1}`, state.step - 1, H))
    if (memory.every((v) => v === 0)) parts.push(', remembers nothing yet, and ')
    else {
      parts.push(', remembers ')
      for (const value of memory.slice(0, 4)) parts.push({ value, text: fixed(value) }, ' ')
      parts.push(memory.length > 4 ? '… and ' : 'and ')
    }
  }
  return [...parts, ...verdict(state, frame)]
}

/** The neuron whose memory changes most tells the story of a gated cell. @param {State} state @param {Frame} frame @param {'lstm' | 'gru'} cell @returns {Part[]} */
function gated(state, frame, cell) {
  const { H, L } = sizesOf(/** @type {import('./types.js').Run} */ (state.run))
  const l = L - 1
  const t = state.step
  const at = (/** @type {string} */ name) => rowAt(frame, `${name}_l${l}`, t, H)
  const belt = cell === 'lstm' ? 'c' : 'h'
  const before = rowAt(frame, `${belt}_l${l}`, t - 1, H)
  const after = at(belt)
  let i = 0
  for (let k = 1; k < H; k++) if (Math.abs(after[k] - before[k]) > Math.abs(after[i] - before[i])) i = k
  const chip = (/** @type {number} */ value) => ({ value, text: fixed(value) })
  /** @type {Part[]} */
  const start = [`Step ${t + 1} reads `, { letter: betAt(state, frame).reads }, `. Neuron ${i + 1} keeps `]
  if (cell === 'lstm') {
    return [
      ...start, `${percent(at('f')[i])} % of `, chip(before[i]), `, writes ${percent(at('i')[i])} % of `, chip(at('g')[i]),
      ', so it holds ', chip(after[i]), ' and shows ', chip(at('h')[i]), '.',
    ]
  }
  return [...start, `${percent(at('z')[i])} % of `, chip(before[i]), ' and rewrites the rest with ', chip(at('n')[i]), ', so it remembers ', chip(after[i]), '.']
}

/** @param {State} state @param {Frame} frame @param {number} layer @returns {{ neuron: number, part: Part }} */
function mostBlamed(state, frame, layer) {
  const { H } = sizesOf(/** @type {import('./types.js').Run} */ (state.run))
  const row = rowAt(frame, `dh_l${layer}`, state.step, H)
  let neuron = 0
  for (let k = 1; k < H; k++) if (Math.abs(row[k]) > Math.abs(row[neuron])) neuron = k
  return { neuron, part: { gradient: row[neuron], text: small(row[neuron]), unit: gradientUnit(frame) } }
}

/** One unit for every gradient on screen. @param {Frame} frame */
export function gradientUnit(frame) {
  return unitFor(Object.keys(frame.values).filter((name) => /^d(logits|[hc]_l\d+)$/.test(name)).map((name) => frame.values[name].data))
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
function backward(state, frame) {
  const { H, L } = sizesOf(/** @type {import('./types.js').Run} */ (state.run))
  const { target, pTarget } = betAt(state, frame)
  const { neuron, part } = mostBlamed(state, frame, L - 1)
  const later = frame.inputs.length - state.step - 1
  return [
    `Step ${state.step + 1}. The bet on `, { letter: target }, ` was ${percent(pTarget)} %. `,
    H > 1 ? `Neuron ${neuron + 1} is most to blame, ` : 'Its neuron is to blame, ', part,
    later > 0 ? `, for this bet and for ${later === 1 ? 'the one' : `the ${inWords(later)}`} after it.` : ', for this bet alone: nothing comes later.',
  ]
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
function foldedForward(state, frame) {
  const { reads, guess, target, right, p } = betAt(state, frame)
  const symbols = state.run?.vocabulary.symbols ?? []
  const before = Array.from(frame.inputs).slice(Math.max(0, state.step - 12), state.step).map((k) => glyph(symbols[k])).join('')
  const bits = frame.values.loss.data[state.step] / Math.LN2
  return [
    `Letter ${state.step + 1}. ${before ? `After “${state.step > 12 ? '…' : ''}${before}” it` : 'It'} reads `, { letter: reads },
    ` and bets ${percent(p)} % on `, { letter: guess },
    ...(right ? ['. Right: '] : ['. It should say ', { letter: target }, ': ']), `${bits.toFixed(1)} bits of surprise.`,
  ]
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
function foldedBackward(state, frame) {
  const { target, pTarget } = betAt(state, frame)
  const { L } = sizesOf(/** @type {import('./types.js').Run} */ (state.run))
  const { neuron, part } = mostBlamed(state, frame, state.layer)
  return [
    `Letter ${state.step + 1} bet ${percent(pTarget)} % on `, { letter: target },
    `, the right answer. Neuron ${neuron + 1}${L > 1 ? ` of layer ${state.layer + 1}` : ''} is most to blame here, `,
    part, ', for this bet and all that follow.',
  ]
}
