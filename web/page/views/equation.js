/** The arithmetic of one number, in coloured numbers: its terms, what is done to their sum, and what comes out. Pinned, its weights can be dragged. */
import { productOf, largestTerms } from '../arithmetic/index.js'
import { kindOf, outputsOf } from '../answers.js'
import { element, say, show } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { fixed, glyph, small, spoken } from '../draw/numbers.js'
import { spotText } from '../draw/place.js'
import { createSpin } from '../draw/spin.js'
import { canHold, holding, holdOf, rangeOf, without } from '../held/holds.js'
import { t } from '../language/index.js'
import { gradientUnit } from '../words/bet.js'
import { askedOf } from './score/asking.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../arithmetic/place.js').Sum} Sum */
/** @typedef {import('../arithmetic/place.js').Spot} Spot */
/** @typedef {import('../arithmetic/place.js').Term} Term */
/** @typedef {import('../arithmetic/place.js').Factor} Factor */
/** @typedef {(factor: Factor, unit: number) => void} PaintFactor */

/** Beyond it, a weight can be typed but not dragged far. */
const WEIGHTS = 20

/** @param {number} v  a gradient has the digits that tell it */
const write = (v, gradient = false) => (gradient && Math.abs(v) < 0.1 ? (v === 0 ? '0' : Math.abs(v) >= 0.001 ? fixed(v, 4) : small(v)) : fixed(v, 3))

/** @type {Record<string, string>} */
const SYMBOLS = { tanh_c: 'tanh c', p: 'p', loss: 'L', hidden_n: 'u', reset_h: 'r∘h' }

/** @param {string} name */
function symbolOf(name) {
  if (name.startsWith('d')) return `∂L/∂${name === 'dlogits' ? t('score') : name.slice(1).replace('_', ' ')}`
  return SYMBOLS[name] ?? (name === 'logits' ? t('score') : name)
}

/** Whose number it is. @param {Spot} spot @param {State} state */
function ownerOf({ name, layer, index, reverse }, state) {
  const { run } = state
  const kind = run ? kindOf(run) : 'class'
  if (name === 'loss') return kind === 'number' ? t('squared error') : t('surprise, nats')
  if (['logits', 'dlogits', 'p'].includes(name)) return run?.task ? answerNamed(run, kind === 'flag' ? 1 : index) : t`letter ${spoken(glyph(run?.vocabulary.symbols[index] ?? ''))}`
  const owner = Number(state.run?.config.layers) > 1 ? t`layer ${layer + 1}, neuron ${index + 1}` : t`neuron ${index + 1}`
  return reverse ? `${owner}, ${t('reading backward')}` : owner
}

/** What an answer is called; a number has no name. @param {import('../types.js').Run} run @param {number} index */
const answerNamed = (run, index) => (kindOf(run) === 'number' ? t('a number') : t`answer ${spoken(glyph(outputsOf(run)[index] ?? ''))}`)

/** @param {Term} term @param {State} state */
function labelOf({ label, letter, answer }, { run }) {
  const name = letter !== undefined ? run?.vocabulary.symbols[letter] : answer !== undefined && run ? outputsOf(run)[answer] : undefined
  return letter === undefined && answer === undefined ? label : `${label} ${spoken(glyph(name ?? ''))}`.trim()
}

/** How many terms stand side by side. @param {Sum} sum @param {number} width */
function roomFor({ terms }, width) {
  const each = 14 + Math.max(...terms.map(({ factors }) => factors.length)) * 62
  return width < 700 ? 5 : Math.max(3, Math.floor((width - 430) / each))
}

/** Why it is not what its terms come to. @param {Sum} sum */
const heldWords = ({ gradient }) => (gradient ? t('nothing passes what is held by hand') : t('held by hand'))

/** In words, for those who listen. @param {Sum} sum @param {State} state */
function spokenSum(sum, state) {
  const kept = largestTerms(sum.terms, 8)
  const terms = kept.map((k) => `${sum.terms[k].factors.map((factor) => write(factor.value, factor.gradient)).join(` ${t('times')} `)} (${labelOf(sum.terms[k], state)})`)
  const others = sum.terms.length - kept.length
  const list = terms.join(` ${t('plus')} `)
  const all = others ? t`${list} and ${others} smaller` : list
  const made = sum.after === '' ? all : sum.after === 'share' ? t`a share of ${all}` : sum.after === '−ln' ? t`minus the logarithm of ${all}` : t`${sum.after} of ${all}`
  const [name, step, owner] = [symbolOf(sum.spot.name), sum.spot.step + 1, ownerOf(sum.spot, state)]
  if (sum.held !== undefined) return t`${name} at step ${step}, ${owner}: ${heldWords(sum)}, ${write(sum.held)}`
  return t`${name} at step ${step}, ${owner}: ${made}, which is ${write(sum.value, sum.gradient)}`
}

/** In the reading line, in place of the sentence. @type {import('../types.js').CreateView} */
export function createEquation(root, emit) {
  const line = element('div', { class: 'equation', hidden: true })
  const spokenLine = element('p', { class: 'hidden', 'aria-live': 'polite' })
  let told = ''
  const symbol = element('i')
  const index = element('sub')
  const owner = element('span', { class: 'soft' })
  const opens = element('span', { class: 'sign' })
  const list = element('span', { class: 'terms' })
  const closes = element('span', { class: 'sign' })
  const result = element('span', { class: 'chip' })
  const outcome = element('span', { class: 'term' }, result, element('span', { class: 'soft' }))
  const hand = element('span', { class: 'term' })
  const letGo = element('button', { class: 'mini near', click: () => { if (last) emit({ type: 'hold', holds: without(last.state.holds, last.spot) }) } }, t('let go'))
  /** What is shown, for hands on it. @type {{ spot: Spot, state: State } | null} */
  let last = null
  const unpin = element('button', { class: 'mini', title: t('or Escape'), click: () => emit({ type: 'pin', spot: null }) }, t('unpin'))
  root.append(line, spokenLine)
  line.append(element('span', { class: 'what' }, element('span', {}, symbol, index), owner), opens, list, closes, outcome, hand, letGo, unpin)
  let built = ''
  /** The terms that have a place of their own. @type {readonly number[]} */
  let kept = []
  /** @type {((sum: Sum, state: State, unit: number) => void)[]} */
  let painters = []

  /** A number that can be held has a yellow one beside it, to be moved. @param {Sum} sum @param {State} state */
  function buildHand({ spot, held }, state) {
    const can = state.pinned && canHold(spot, state) && state.run
    show(hand, Boolean(can))
    show(outcome, !can || held === undefined)
    show(letGo, held !== undefined && !spot.name.startsWith('d'))
    if (!can) return
    const spin = createSpin({
      ...rangeOf(spot.name, can.config), label: t('hold it at'), format: (v) => fixed(v),
      change: (value) => { if (last) emit({ type: 'hold', holds: holding(last.state.holds, spot, value) }) },
    })
    hand.replaceChildren(element('span', { class: 'weight' }, spin.node), element('span', { class: 'soft' }, held === undefined ? t('hold it at') : t('held')))
    painters.push((sum, { holds }) => spin.set(Number((holdOf(holds, spot)?.value ?? sum.value).toFixed(4))))
  }

  /** Where a number is held, what it would be if it were not. @param {Sum} sum */
  function buildHeld(sum) {
    const { node, paint } = createChip()
    const itself = element('span', { class: 'term' }, element('span', { class: 'factors' }, node), element('span', { class: 'soft' }, t('by itself')))
    list.append(element('span', { class: 'words' }, heldWords(sum)), ...(sum.gradient ? [] : [itself]))
    painters.push((next, _, unit) => paint({ value: next.value, gradient: next.gradient }, unit))
  }

  /** @param {Sum} sum @param {State} state */
  function build(sum, state) {
    kept = sum.held === undefined ? largestTerms(sum.terms, roomFor(sum, state.width)) : []
    painters = []
    list.replaceChildren()
    buildHand(sum, state)
    if (sum.held !== undefined) return buildHeld(sum)
    kept.forEach((k, place) => {
      const label = element('span', { class: 'soft' })
      const factors = element('span', { class: 'factors' })
      const paints = sum.terms[k].factors.map((factor, n) => {
        if (n > 0) factors.append(element('span', { class: 'sign' }, '×'))
        const weighted = state.pinned && factor.weight
        const { node, paint } = weighted ? createWeight(factor, labelOf(sum.terms[k], state), emit) : createChip()
        factors.append(node)
        return paint
      })
      if (place > 0) list.append(element('span', { class: 'sign' }, '+'))
      list.append(element('span', { class: 'term' }, factors, label))
      painters.push((next, now, unit) => {
        say(label, labelOf(next.terms[k], now))
        next.terms[k].factors.forEach((factor, n) => paints[n](factor, unit))
      })
    })
    const others = sum.terms.length - kept.length
    if (!others) return
    const { node, paint } = createChip()
    list.append(element('span', { class: 'sign' }, '+'), element('span', { class: 'term' }, element('span', { class: 'factors' }, node), element('span', { class: 'soft' }, t`${others} smaller`)))
    painters.push((next, _, unit) => paint({
      value: next.terms.reduce((rest, term, k) => (kept.includes(k) ? rest : rest + productOf(term)), 0), gradient: next.gradient,
    }, unit))
  }

  /** @param {Sum} sum @param {State} state @param {Frame} frame */
  function paint(sum, state, frame) {
    const key = `${spotText(sum.spot)} ${sum.terms.map(({ factors }) => factors.length).join()} ${state.pinned} ${state.width} ${state.run?.bytes} ${sum.held !== undefined}`
    if (key !== built) {
      built = key
      build(sum, state)
    }
    const { spot, total, held } = sum
    const after = held === undefined ? sum.after : ''
    last = { spot, state }
    const unit = gradientUnit(frame)
    say(symbol, symbolOf(spot.name))
    say(index, String(spot.step + 1))
    say(owner, ownerOf(spot, state))
    const share = after === 'share'
    const named = after === 'sigmoid' ? 'σ' : after
    say(opens, share ? `= ${write(sum.value * total)} ÷ (` : after ? `= ${named}(` : '=')
    say(closes, share ? ') =' : after ? `) = ${named}(${write(total)}) =` : '=')
    for (const paint of painters) paint(sum, state, unit)
    paintChip(result, { value: held ?? sum.value, gradient: sum.gradient }, unit)
    show(unpin, state.pinned)
    if (told === key) return
    told = key
    say(spokenLine, spokenSum(sum, state))
  }

  return {
    render(state, frame) {
      const sum = state.notice ? null : askedOf(state, frame)
      root.classList.toggle('asked', sum !== null)
      show(line, sum !== null)
      if (sum && frame) paint(sum, state, frame)
    },
    destroy() { root.classList.remove('asked'); line.remove(); spokenLine.remove() },
  }
}

function createChip() {
  const node = element('span', { class: 'chip' })
  return { node, paint: /** @type {PaintFactor} */ ((factor, unit) => paintChip(node, factor, unit)) }
}

/** @param {HTMLElement} node @param {Factor} factor @param {number} unit */
function paintChip(node, { value, gradient }, unit) {
  say(node, write(value, gradient))
  node.classList.toggle('pill', gradient === true)
  const { background, text } = gradient ? shade('gradient', value, unit) : shade('value', value)
  if (node.style.background === background) return
  node.style.background = background
  node.style.color = text
}

/** A weight to be dragged: what follows from it is seen at once. @param {Factor} first @param {string} label @param {import('../types.js').Emit} emit */
function createWeight(first, label, emit) {
  let { weight } = first
  const spin = createSpin({
    label: t`weight, ${label}`, minimum: -WEIGHTS, maximum: WEIGHTS, step: 0.02, format: (v) => fixed(v, 3),
    change: (value) => { if (weight) emit({ type: 'poke', name: weight.name, index: weight.index, value: value - weight.besides }) },
  })
  const node = element('span', { class: 'weight' }, spin.node)
  return {
    node,
    paint: /** @type {PaintFactor} */ (({ value, weight: now }) => {
      weight = now
      spin.set(value)
      node.style.borderColor = shade('value', value).background
    }),
  }
}
