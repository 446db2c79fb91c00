/** The loss over all rounds, with the level of pure guessing and, under the axis, what the network wrote then. */
import { element, put, say, shape } from '../draw/dom.js'
import { extentFor } from '../curve.js'
import { count, fixed, glyph } from '../draw/numbers.js'
import { sizesOf } from '../drawing.js'

const HEIGHT = 66
const TOP = 6
const GROUND = 44
const TICKS = 4

/** @type {import('../types.js').CreateView} */
export function createLossCurve(root) {
  const svg = shape(root, 'svg', { class: 'loss', role: 'img', height: HEIGHT })
  const title = shape(svg, 'title')
  const ground = shape(svg, 'path', { class: 'ground' })
  const guess = shape(svg, 'path', { class: 'guess' })
  const line = shape(svg, 'path', { class: 'curve' })
  const dot = shape(svg, 'circle', { r: 3, class: 'dot' })
  const level = shape(svg, 'text', { class: 'soft', 'text-anchor': 'end' })
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => {
    const text = shape(svg, 'text', { y: GROUND + 18, 'text-anchor': i === 0 ? 'start' : i === TICKS ? 'end' : 'middle' })
    return { written: shape(text, 'tspan', { class: 'draft' }), round: shape(text, 'tspan', { class: 'soft' }) }
  })
  const summary = element('p', { class: 'hidden' })
  root.append(summary)

  let width = 0
  const observer = new ResizeObserver(([entry]) => { width = Math.round(entry.contentRect.width); drawn = null; latest?.() })
  observer.observe(root)
  /** @type {import('../curve.js').Curve | null} */
  let drawn = null
  /** @type {(() => void) | null} */
  let latest = null
  let described = -Infinity

  /** @param {import('../types.js').State} state */
  function paint(state) {
    const { curve, run, drafts } = state
    if (!run || !width || curve === drawn) return
    drawn = curve
    const { iterations, losses } = curve
    const { V } = sizesOf(run)
    const pure = Math.log(V)
    const last = iterations.at(-1) ?? 0
    const extent = extentFor(last)
    let top = Math.max(0.1, pure * 1.12)
    for (const loss of losses) top = Math.max(top, Math.min(loss, pure * 2.5))
    const x = (/** @type {number} */ i) => Math.round(((width - 6) * i) / extent * 10) / 10 + 3
    const y = (/** @type {number} */ v) => Math.round((GROUND - 1 - (GROUND - 1 - TOP) * Math.min(1, v / top)) * 10) / 10
    let d = ''
    let column = -Infinity
    for (let i = 0; i < losses.length; i++) {
      const at = x(iterations[i])
      if (at - column < 0.7 && i < losses.length - 1) continue
      column = at
      d += `${d ? 'L' : 'M'}${at} ${y(losses[i])}`
    }
    put(line, { d })
    put(ground, { d: `M0 ${GROUND}H${width}` })
    put(guess, { d: `M0 ${y(pure)}H${width}` })
    put(level, { x: width - 2, y: y(pure) + 14 })
    say(level, losses.length && x(last) > width - 130 && y(losses[losses.length - 1]) < y(pure) + 20 ? '' : width < 260 ? 'guessing' : `pure guessing, ${fixed(pure)}`)
    put(dot, { cx: x(last), cy: losses.length ? y(losses[losses.length - 1]) : -9 })
    const shown = width < 420 ? 2 : TICKS
    ticks.forEach(({ written, round }, i) => {
      const at = Math.round((extent * i) / TICKS)
      const parent = /** @type {Element} */ (written.parentNode)
      parent.toggleAttribute('hidden', i % (TICKS / shown) !== 0)
      put(parent, { x: i === 0 ? 0 : i === TICKS ? width : x(at) })
      const draft = at <= last || i === 0 ? drafts.filter(({ iteration }) => iteration <= Math.max(at, 1)).at(-1) : undefined
      say(written, draft ? `${clip(draft.text)} ` : '')
      say(round, count(at))
    })
    describe(state, pure)
  }

  /** @param {string} text */
  const clip = (text) => [...text].slice(0, 9).map(glyph).join('')

  /** @param {import('../types.js').State} state @param {number} pure */
  function describe({ progress, curve, training }, pure) {
    const now = performance.now()
    if (training && now - described < 5000) return
    described = now
    const first = curve.losses[0]
    const words = progress && first !== undefined
      ? `Loss over ${count(progress.iteration)} rounds: from ${fixed(first)} to ${fixed(progress.loss, 3)} nats per letter; pure guessing is ${fixed(pure)}.`
      : `Loss per round, nothing trained yet; pure guessing is ${fixed(pure)} nats per letter.`
    say(title, words)
    say(summary, words)
  }

  return {
    render(state) { latest = () => paint(state); paint(state) },
    destroy() { observer.disconnect(); root.replaceChildren() },
  }
}
