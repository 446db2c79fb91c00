/** A gate is an aperture: ink from both jambs, and the gap is what passes. */
import { placed, put, shape } from './dom.js'

/**
 * @param {Element} parent
 * @param {{ x: number, y: number, length: number, thickness: number, across: boolean, spot?: string }} place  centre; across: what flows runs from left to right
 */
export function createGate(parent, { x, y, length, thickness, across, spot }) {
  const group = spot ? placed(parent, spot) : parent
  const box = (/** @type {number} */ from, /** @type {number} */ size) => across
    ? { x: x - thickness / 2, y: y - length / 2 + from, width: thickness, height: size }
    : { x: x - length / 2 + from, y: y - thickness / 2, width: size, height: thickness }
  const frame = shape(group, 'rect', { ...box(0, length), class: 'jamb' })
  const jambs = [shape(group, 'rect', { ...box(0, 0), class: 'ink' }), shape(group, 'rect', { ...box(0, 0), class: 'ink' })]
  return {
    /** @param {number | null} open  0 shut, 1 open, null not yet known */
    paint(open) {
      put(frame, { class: open === null ? 'jamb blank' : 'jamb' })
      const ink = open === null ? 0 : (length * (1 - Math.min(1, Math.max(0, open)))) / 2
      put(jambs[0], box(0, Math.round(ink * 10) / 10))
      put(jambs[1], box(length - Math.round(ink * 10) / 10, Math.round(ink * 10) / 10))
    },
  }
}
