/** One layer as a heat map: a pixel per neuron and letter, stretched by the browser; above it the chosen neuron, opened. */
import { element } from '../../draw/dom.js'
import { indexOf, tableFor } from '../../draw/colour.js'
import { t } from '../../language/index.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */

/** So high the frame of a row is at least. In pixels. */
const LEAST_ROW = 4

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import('./geometry.js').foldedGeometry>} g
 * @param {number} top
 * @param {number} layer
 * @param {import('../../types.js').Emit} emit
 */
export function createHeat(root, g, top, layer, emit) {
  const { H, columns, opened, each } = g
  const strip = canvas(columns, 1)
  const map = canvas(columns, Math.ceil(H / each))
  const used = map.node.height
  const height = g.layer - opened - 4
  place(strip.node, g.names, top, g.span, opened)
  place(map.node, g.names, top + opened + 4, g.span, height)
  const handle = element('button', {
    class: 'grip', role: 'slider', 'aria-orientation': 'vertical', 'aria-label': g.L > 1 ? t`neuron of layer ${layer + 1}` : t('neuron'), 'aria-valuemin': 1, 'aria-valuemax': H,
    title: t('drag up or down, or use the arrow keys'),
  })
  const marker = element('span', { class: 'marker' })
  marker.style.width = `${g.span}px`
  marker.style.left = `${g.names}px`
  root.append(strip.node, map.node, marker, handle)
  let neuron = 0
  let drawn = ''
  let shown = /** @type {Frame | null} */ (null)

  const choose = (/** @type {number} */ next) => emit({ type: 'neuron', layer, neuron: Math.max(0, Math.min(H - 1, next)) })
  const pick = (/** @type {PointerEvent} */ event) => {
    const box = map.node.getBoundingClientRect()
    choose(Math.floor(((event.clientY - box.top) / box.height) * used) * each)
    return box
  }
  map.node.addEventListener('pointerdown', (event) => {
    const box = pick(event)
    emit({ type: 'step', value: Math.max(0, Math.min(columns - 1, Math.floor(((event.clientX - box.left) / box.width) * columns))) })
  })
  handle.addEventListener('pointerdown', (event) => handle.setPointerCapture(event.pointerId))
  handle.addEventListener('pointermove', (event) => { if (handle.hasPointerCapture(event.pointerId)) pick(event) })
  handle.addEventListener('keydown', (event) => {
    const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -H, End: H }[event.key]
    if (!move) return
    event.preventDefault()
    choose(neuron + move)
  })

  return (/** @type {State} */ state, /** @type {Frame} */ frame, /** @type {number} */ unit) => {
    const back = state.direction === 'backward'
    const name = back ? 'dh' : state.showing || 'h'
    neuron = state.layer === layer ? state.neuron : Math.min(neuron, H - 1)
    const table = tableFor(back ? 'gradient' : 'value')
    const key = [name, neuron, state.layer === layer, table[0].background].join()
    if (frame === shown && key === drawn) return
    shown = frame
    drawn = key
    const data = frame.values[`${name}_l${layer}`]?.data
    if (!data) return
    const steps = Math.min(columns, frame.inputs.length)
    for (let t = 0; t < steps; t++) {
      strip.pixels[t] = table[indexOf(data[t * H + neuron] / unit)].pixel
      for (let r = 0; r < used; r++) {
        let value = data[t * H + r * each]
        for (let k = 1; k < each && r * each + k < H; k++) {
          const other = data[t * H + r * each + k]
          if (Math.abs(other) > Math.abs(value)) value = other
        }
        map.pixels[r * columns + t] = table[indexOf(value / unit)].pixel
      }
    }
    strip.flush()
    map.flush()
    const row = Math.max(height / used, LEAST_ROW)
    const middle = top + opened + 4 + ((Math.floor(neuron / each) + 0.5) / used) * height
    marker.style.height = `${row}px`
    marker.style.transform = `translateY(${middle - row / 2}px)`
    marker.classList.toggle('current', state.layer === layer)
    handle.style.transform = `translate(${g.names - 22}px, ${top + opened / 2 - 8}px)`
    handle.setAttribute('aria-valuenow', String(neuron + 1))
    handle.setAttribute('aria-valuetext', t`neuron ${neuron + 1} of ${H}`)
    handle.classList.toggle('current', state.layer === layer)
  }
}

/** @param {number} width @param {number} height */
function canvas(width, height) {
  const node = element('canvas', { width, height, 'aria-hidden': 'true' })
  const context = node.getContext('2d')
  const image = new ImageData(width, height)
  return { node, pixels: new Uint32Array(image.data.buffer), flush: () => context?.putImageData(image, 0, 0) }
}

/** @param {HTMLElement} node @param {number} x @param {number} y @param {number} width @param {number} height */
function place(node, x, y, width, height) {
  Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` })
}
