/** The numbers of a heat map, written where they have room. */
import { element, show } from '../../../draw/dom.js'
import { shade } from '../../../draw/colour.js'
import { fixed, small } from '../../../draw/numbers.js'

/** @typedef {import('./geometry.js').Geometry} Geometry */

export function createNumbers() {
  const node = element('canvas', { class: 'figures', 'aria-hidden': 'true' })
  const context = node.getContext('2d')
  return {
    node,
    /** @param {Geometry} g */
    resize(g) {
      show(node, g.numbers)
      if (!g.numbers) return
      node.width = Math.round(g.span * devicePixelRatio)
      node.height = Math.round(g.map * devicePixelRatio)
    },
    /** @param {Geometry} g @param {(row: number, column: number) => number} at @param {import('../../../draw/colour.js').Scale} scale @param {number} unit */
    paint(g, at, scale, unit) {
      if (!context) return
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      context.clearRect(0, 0, g.span, g.map)
      context.font = `12px ${getComputedStyle(node).fontFamily}`
      context.textAlign = 'center'
      context.textBaseline = 'middle'
      for (let r = 0; r < g.shown; r++) {
        for (let t = 0; t < g.columns; t++) {
          const value = at(r, t)
          if (Number.isNaN(value)) continue
          context.fillStyle = shade(scale, value, unit).text
          context.fillText(scale === 'gradient' ? small(value) : fixed(value), (t + 0.5) * g.letter, (r + 0.5) * g.row + 0.5, g.letter - 2)
        }
      }
    },
  }
}
