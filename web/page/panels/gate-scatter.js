/** How often a gate is stuck: a dot for each neuron, to the right the more often shut, upwards the more often open (Karpathy et al. 2015). */
import { element, pool, put, say, shape } from '../draw/dom.js'
import { percent } from '../draw/numbers.js'
import { t } from '../language/index.js'

const SIZE = 150
const EDGE = { left: 8, top: 44, right: 66, bottom: 22 }

/** @param {number} share */
const across = (share) => EDGE.left + SIZE * share
/** @param {number} share */
const up = (share) => EDGE.top + SIZE * (1 - share)

/**
 * @param {HTMLElement} root
 * @param {import('./gates.js').Gate} gate
 * @param {import('../types.js').Emit} emit  a dot that is pressed becomes the chosen neuron
 */
export function createScatter(root, { verb, term }, emit) {
  const holder = root.appendChild(element('div', { class: 'scatter' }))
  const svg = shape(holder, 'svg', { class: 'figure', role: 'img', viewBox: `0 0 ${EDGE.left + SIZE + EDGE.right} ${EDGE.top + SIZE + EDGE.bottom}` })
  const title = shape(svg, 'title', {}, term)
  shape(svg, 'text', { x: 0, y: 14, class: 'verb' }, verb)
  shape(svg, 'text', { x: 0, y: 34, class: 'soft' }, t('always open'))
  shape(svg, 'text', { x: across(1) + EDGE.right, y: up(0) + 17, class: 'soft', 'text-anchor': 'end' }, t('always shut'))
  shape(svg, 'path', { class: 'axes', d: `M${across(0)} ${up(1)}V${up(0)}H${across(1)}` })
  shape(svg, 'path', { class: 'bound', d: `M${across(0)} ${up(1)}L${across(1)} ${up(0)}` })
  const dots = pool(shape(svg, 'g'), () => shape(null, 'circle', { class: 'dot', r: 3.5 }))
  const ring = shape(svg, 'circle', { class: 'ring', r: 8 })
  /** @type {{ above: ArrayLike<number>, below: ArrayLike<number>, layer: number }} */
  let shown = { above: [], below: [], layer: 0 }

  svg.addEventListener('click', (event) => {
    const matrix = svg.getScreenCTM()
    if (!matrix) return
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
    const distance = (/** @type {number} */ i) => Math.hypot(across(shown.below[i]) - x, up(shown.above[i]) - y)
    let nearest = 0
    for (let i = 1; i < shown.above.length; i++) if (distance(i) < distance(nearest)) nearest = i
    if (distance(nearest) < 16) emit({ type: 'neuron', layer: shown.layer, neuron: nearest })
  })

  return {
    /** @param {import('../../engine/watch.js').GateStatistics} statistics @param {number} layer @param {number} neuron */
    render({ above, below }, layer, neuron) {
      shown = { above, below, layer }
      dots(above.length).forEach((dot, i) => put(dot, { cx: across(below[i]).toFixed(1), cy: up(above[i]).toFixed(1) }))
      if (neuron < above.length) put(ring, { cx: across(below[neuron]).toFixed(1), cy: up(above[neuron]).toFixed(1) })
      const mean = (/** @type {Float64Array} */ shares) => percent(shares.reduce((sum, share) => sum + share, 0) / shares.length)
      say(title, t`${term}: on average open for ${mean(above)} % of the letters and shut for ${mean(below)} %`)
    },
  }
}
