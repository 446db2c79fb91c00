/** Everything that stands above and below the heat maps: what is read, bet, and should be said, and the surprise. */
import { put, say, shape } from '../../../draw/dom.js'
import { shade } from '../../../draw/colour.js'
import { fixed, glyph, largest } from '../../../draw/numbers.js'
import { t } from '../../../language/index.js'

/** @typedef {import('./heat.js').Scene} Scene */
/** @typedef {import('./geometry.js').Geometry} Geometry */

/** In narrower columns letters are smaller. In pixels. */
const ROOMY = 14

/** @param {SVGElement} parent @param {Geometry} g */
export function createColumns(parent, g) {
  const group = shape(parent, 'g', { class: g.letter < ROOMY ? 'tight' : '' })
  const centre = (/** @type {number} */ t) => g.names + (t + 0.5) * g.letter
  const many = (/** @type {(t: number) => SVGElement} */ make) => Array.from({ length: g.columns }, (_, t) => make(t))
  const barWidth = Math.min(60, Math.max(1, g.letter - (g.small ? 1 : 3)))
  const reads = many((t) => shape(group, 'text', { x: centre(t), y: g.tools + (g.wide ? 15 : 14), class: 'letter middle' }))
  const bars = many((t) => shape(group, 'rect', { x: centre(t) - barWidth / 2, width: barWidth }))
  const guesses = many((t) => shape(group, 'text', { x: centre(t), y: g.betLetters, class: 'letter middle' }))
  const tileWidth = Math.min(24, Math.max(1, g.letter - 1))
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

  return {
    remove: () => group.remove(),
    /** @param {Scene} scene */
    paint({ state, frame, first }) {
      const symbols = state.run?.vocabulary.symbols ?? []
      const p = frame.values.p
      const V = p.shape[p.shape.length - 1]
      const bits = Array.from(frame.values.loss.data, (nats) => nats / Math.LN2).slice(first, first + g.columns)
      const top = Math.max(1, ...bits)
      let d = `M${g.names} ${bottom}`
      for (let t = 0; t < g.columns; t++) {
        const at = first + t
        if (at >= frame.inputs.length) { for (const node of [reads[t], guesses[t], targets[t]]) say(node, ''); continue }
        const guess = largest(p.data, at * V, V)
        const right = guess === frame.targets[at]
        const share = p.data[at * V + guess]
        say(reads[t], glyph(symbols[frame.inputs[at]]))
        say(guesses[t], glyph(symbols[guess]))
        say(targets[t], g.small ? '' : glyph(symbols[frame.targets[at]]))
        put(guesses[t], { class: right ? 'letter middle chosen' : 'letter middle' })
        put(tiles[t], { class: right ? 'tile right' : g.small ? 'tile wrong thin' : 'tile wrong fine' })
        put(targets[t], { class: right ? 'letter middle onink' : 'letter middle chosen' })
        put(bars[t], { y: g.bets.y + g.bets.height * (1 - share), height: Math.max(1, g.bets.height * share) })
        bars[t].style.fill = shade('value', share).background
        const y = Math.round((bottom - (bits[t] / top) * g.surprise.height) * 10) / 10
        d += `V${y}H${Math.round((g.names + (t + 1) * g.letter) * 10) / 10}`
      }
      if (g.small) spread(state.step - first)
      put(area, { d: `${d}V${bottom}` })
      const all = bits.reduce((a, b) => a + b, 0) / bits.length
      const y = bottom - (all / top) * g.surprise.height
      put(mean, { d: `M${g.names} ${y}h${g.span}` })
      put(average, { y: Math.min(bottom, y + 4) })
      say(average, g.wide && g.width - g.panel - g.names - g.span > 110 ? t`${fixed(all, 1)} on average` : '')
    },
  }
}
