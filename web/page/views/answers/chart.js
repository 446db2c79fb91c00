/** A small chart over the steps of a sequence, with the yellow step in it and the names of its lines beside. */
import { element, pool, put, say, shape } from '../../draw/dom.js'

const [HEIGHT, TOP, BOTTOM] = [90, 6, 84]

/** What is drawn: steps there are, the yellow one, and the numbers that have to fit. @typedef {{ steps: number, step: number, values: readonly number[] }} Extent */
/** @typedef {{ x: (step: number) => number, y: (value: number) => number, bottom: number }} Scales */

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit */
export function createChart(root, emit) {
  const svg = shape(root, 'svg', { class: 'figure chart', role: 'img', height: HEIGHT })
  const title = shape(svg, 'title')
  const here = shape(svg, 'rect', { class: 'here', y: 0, height: HEIGHT })
  const legend = element('ul', { class: 'key-list' })
  root.append(legend)
  const keys = pool(legend, () => element('li', {}, element('i'), element('span', { class: 'soft' }), element('b')))
  let width = 0
  let steps = 1
  /** @type {(() => void) | null} */
  let latest = null
  const observer = new ResizeObserver(([entry]) => { width = Math.round(entry.contentRect.width); latest?.() })
  observer.observe(svg)
  svg.addEventListener('pointerdown', (event) => {
    const at = Math.floor((event.clientX - svg.getBoundingClientRect().left) / (width / steps))
    emit({ type: 'step', value: Math.max(0, Math.min(steps - 1, at)) })
  })
  return {
    svg, title,
    /** @param {Extent} extent @param {(scales: Scales) => void} paint */
    draw(extent, paint) {
      latest = () => {
        if (!width) return
        const told = extent.values.filter(Number.isFinite)
        const [low, high] = [Math.min(...told), Math.max(...told)]
        const column = width / extent.steps
        const x = (/** @type {number} */ step) => Math.round((step + 0.5) * column * 10) / 10
        const y = (/** @type {number} */ value) => Math.round((BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low || 1)) * 10) / 10
        put(svg, { viewBox: `0 0 ${width} ${HEIGHT}` })
        put(here, { x: extent.step * column, width: column })
        paint({ x, y, bottom: y(Math.max(low, Math.min(high, 0))) })
      }
      steps = extent.steps
      latest()
    },
    /** What its lines are called, and how they are drawn. @param {readonly (readonly [name: string, kind: string, text: string])[]} lines */
    tell: (lines) => keys(lines.length).forEach((node, i) => {
      const [mark, name, text] = node.children
      mark.className = lines[i][1]
      say(name, lines[i][0])
      say(text, lines[i][2])
    }),
    destroy: () => observer.disconnect(),
  }
}

/** A line through numbers, from a step on; where one is missing, it breaks. @param {ArrayLike<number>} values @param {Scales} scales @param {number} [first] */
export function lineThrough(values, { x, y }, first = 0) {
  let d = ''
  for (let i = 0, broken = true; i < values.length; i++) {
    const missing = !Number.isFinite(values[i])
    if (!missing) d += `${broken ? 'M' : 'L'}${x(first + i)} ${y(values[i])}`
    broken = missing
  }
  return d
}
