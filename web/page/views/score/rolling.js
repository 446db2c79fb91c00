/** Rolled up, the steps lie on one another as the one network that they are, and what it remembers goes round into it again. */
import { put, shape } from '../../draw/dom.js'

/** @typedef {import('../../types.js').State} State */
/**
 * Where the memory leaves and enters the rolled network: rows of wires on both sides, and what joins them.
 * @typedef {{ out: number, back: number, top: number, leaves: [x: number, y: number][], enters: [x: number, y: number][] }} Loop
 */

/** Where the rolled network stands: in the middle of its steps. @param {State} state @param {number} steps */
export const standing = (state, steps) => (state.rolled ? (steps - 1) / 2 : state.step)

/**
 * @param {SVGElement} parent  below the steps
 * @param {readonly Element[]} apart  what the rolled network has no place for
 */
export function createRolling(parent, apart = []) {
  const loop = shape(parent, 'path', { class: 'loop' })
  /**
   * @param {State} state
   * @param {readonly SVGElement[]} steps
   * @param {(step: number) => number} x  of a step; evenly spaced
   * @param {readonly Loop[]} loops
   */
  return (state, steps, x, loops) => {
    const middle = x((steps.length - 1) / 2)
    steps.forEach((group, t) => {
      group.style.transform = state.rolled ? `translateX(${middle - x(t)}px)` : ''
      group.classList.toggle('under', state.rolled && t !== state.step)
    })
    for (const node of apart) node.classList.toggle('under', state.rolled)
    loop.classList.toggle('under', !state.rolled)
    put(loop, { d: loops.map(pathOf).join('') })
  }
}

/** @param {Loop} loop */
function pathOf({ out, back, top, leaves, enters }) {
  const lowest = (/** @type {[number, number][]} */ rows) => Math.max(...rows.map(([, y]) => y))
  const stubs = [...leaves.map(([x, y]) => `M${x} ${y}H${out}`), ...enters.map(([x, y]) => `M${back} ${y}H${x}`)]
  return `${stubs.join('')}M${out} ${lowest(leaves)}V${top}H${back}V${lowest(enters)}`
}

/** As many groups as steps. @param {SVGElement} parent @param {number} count */
export const stepGroups = (parent, count) => Array.from({ length: count }, () => shape(parent, 'g', { class: 'step' }))
