/** Everything that stands above and below the heat maps: what is read, bet, and should be said, and the surprise. */
import { pool, put, say, shape } from '../../../draw/dom.js'
import { shade } from '../../../draw/colour.js'
import { answerAt, kindOf } from '../../../answers.js'
import { fitting, fixed, three } from '../../../draw/numbers.js'
import { t } from '../../../language/index.js'

/** @typedef {import('./heat.js').Scene} Scene */
/** @typedef {import('./geometry.js').Geometry} Geometry */

/** In narrower columns letters are smaller. In pixels. */
const ROOMY = 14
/** So high are the numbers that are read in place of a letter, all together. */
const READ = 20

/** A number as the height of its place, from 0 to 1. @param {number} value @param {readonly [number, number]} range */
const within = (value, [low, high]) => Math.max(0, Math.min(1, (value - low) / (high - low || 1)))

/** From the least to the largest of some numbers. @param {ArrayLike<number>[]} all @returns {[number, number]} */
function rangeOf(...all) {
  let [low, high] = [Infinity, -Infinity]
  for (const values of all) for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])]
  return low < high ? [low, high] : [low - 1, high + 1]
}

/** @param {SVGElement} parent @param {Geometry} g */
export function createColumns(parent, g) {
  const group = shape(parent, 'g', { class: g.letter < ROOMY ? 'tight' : '' })
  const centre = (/** @type {number} */ t) => g.names + (t + 0.5) * g.letter
  const many = (/** @type {(t: number) => SVGElement} */ make) => Array.from({ length: g.columns }, (_, t) => make(t))
  const barWidth = Math.min(60, Math.max(1, g.letter - (g.small ? 1 : 3)))
  const reads = many((t) => shape(group, 'text', { x: centre(t), y: g.tools + (g.wide ? 15 : 14), class: 'letter middle' }))
  const numbers = many(() => shape(group, 'g'))
  const pools = numbers.map((node) => pool(node, () => shape(null, 'rect')))
  const bars = many((t) => shape(group, 'rect', { x: centre(t) - barWidth / 2, width: barWidth }))
  const guesses = many((t) => shape(group, 'text', { x: centre(t), y: g.betLetters, class: 'letter middle' }))
  const tileWidth = Math.min(g.letter > 40 ? 80 : 24, Math.max(1, g.letter - 1))
  const tiles = many((t) => shape(group, 'rect', { x: centre(t) - tileWidth / 2, y: g.targets.y, width: tileWidth, height: g.targets.height, rx: g.small ? 0 : 2 }))
  const targets = many((t) => shape(group, 'text', { x: centre(t), y: g.targets.y + g.targets.height / 2 + 5, class: 'letter middle' }))
  const bottom = g.surprise.y + g.surprise.height
  const area = shape(group, 'path', { class: 'area' })
  const mean = shape(group, 'path', { class: 'guess' })
  const average = shape(group, 'text', { x: g.names + g.span + 6, class: 'soft halo', 'text-anchor': 'start' })

  /** Where columns are too narrow for letters, those around the yellow one stand side by side over it. @param {number} here  the yellow column */
  function spread(here) {
    for (let t = 0; t < g.columns; t++) {
      const x = centre(here) + (t - here) * g.lens
      const within = x > g.names + 4 && x < g.names + g.span - 4
      for (const node of [reads[t], guesses[t]]) {
        put(node, { x })
        node.classList.toggle('gone', !within)
      }
      reads[t].classList.toggle('chosen', t === here)
    }
  }

  /** The numbers that are read, one below the other. @param {number} t @param {ArrayLike<number>} values */
  function paintNumbers(t, values) {
    const height = READ / Math.max(1, values.length)
    pools[t](values.length).forEach((node, i) => {
      put(node, { x: centre(t) - tileWidth / 2, y: g.tools + 1 + i * height, width: tileWidth, height: height - (values.length < 5 ? 1 : 0) })
      node.style.fill = shade('value', values[i]).background
    })
  }

  /** @param {number} t @param {import('../../../answers.js').Answer} answer */
  function paintClass(t, { says, share, asked, wanted, right }) {
    say(guesses[t], fitting(says, g.letter))
    say(targets[t], asked && !g.small ? fitting(wanted, tileWidth) : '')
    put(guesses[t], { class: asked && right ? 'letter middle chosen' : 'letter middle' })
    put(tiles[t], { class: !asked ? 'tile none' : right ? 'tile right' : g.small ? 'tile wrong thin' : 'tile wrong fine' })
    tiles[t].style.fill = ''
    put(targets[t], { class: right ? 'letter middle onink' : 'letter middle chosen' })
    paintBar(t, share, shade('value', share).background)
  }

  /** @param {number} t @param {number} share @param {string} fill */
  function paintBar(t, share, fill) {
    put(bars[t], { y: g.bets.y + g.bets.height * (1 - (share || 0)), height: share >= 0 ? Math.max(1, g.bets.height * share) : 0 })
    bars[t].style.fill = fill
  }

  /** @param {number} t @param {import('../../../answers.js').Answer} answer @param {[number, number]} range */
  function paintNumber(t, { share, asked, truth }, range) {
    for (const node of [guesses[t], targets[t]]) say(node, '')
    put(tiles[t], { class: asked ? '' : 'tile none' })
    tiles[t].style.fill = asked ? shade('value', truth).background : ''
    paintBar(t, Number.isNaN(share) ? NaN : within(share, range), shade('value', share).background)
  }

  /** Where nothing is read any more. @param {number} t */
  function clear(t) {
    for (const node of [reads[t], guesses[t], targets[t]]) say(node, '')
    put(tiles[t], { class: 'tile none' })
    tiles[t].style.fill = ''
    paintBar(t, NaN, '')
    paintNumbers(t, [])
  }

  return {
    remove: () => group.remove(),
    /** @param {Scene} scene */
    paint({ state, frame, first }) {
      const { run } = state
      if (!run) return
      const kind = kindOf(run)
      const unit = kind === 'number' ? 1 : Math.LN2
      const answers = Array.from({ length: g.columns }, (_, t) => (first + t < frame.inputs.length ? answerAt(run, frame, first + t) : null))
      const asked = answers.filter((answer) => answer?.asked)
      const range = kind === 'number' ? rangeOf(answers.map((answer) => answer?.share ?? NaN), answers.map((answer) => answer?.truth ?? NaN)) : /** @type {[number, number]} */ ([0, 1])
      const bits = answers.map((answer) => (answer?.loss ?? 0) / unit)
      const top = Math.max(kind === 'number' ? 1e-9 : 1, ...bits)
      let d = `M${g.names} ${bottom}`
      answers.forEach((answer, t) => {
        if (!answer) return clear(t)
        say(reads[t], fitting(answer.reads, g.small ? g.lens : g.letter))
        paintNumbers(t, answer.numbers)
        if (kind === 'number') paintNumber(t, answer, range)
        else paintClass(t, answer)
        const y = Math.round((bottom - (bits[t] / top) * g.surprise.height) * 10) / 10
        d += `V${y}H${Math.round((g.names + (t + 1) * g.letter) * 10) / 10}`
      })
      if (g.small) spread(state.step - first)
      put(area, { d: `${d}V${bottom}` })
      const all = bits.reduce((a, b) => a + b, 0) / Math.max(1, asked.length)
      const y = bottom - (all / top) * g.surprise.height
      put(mean, { d: `M${g.names} ${y}h${g.span}` })
      put(average, { y: Math.min(bottom, y + 4) })
      say(average, g.wide && g.width - g.panel - g.names - g.span > 110 ? t`${kind === 'number' ? three(all) : fixed(all, 1)} on average` : '')
    },
  }
}
