/**
 * One layer, or one pass of it, as a heat map: a pixel per row and letter, stretched by the browser; above it the chosen neuron, opened.
 * The map is a grid to move through with arrows; where it is close, it scrolls.
 */
import { element, put, say, show } from '../../../draw/dom.js'
import { indexOf, tableFor } from '../../../draw/colour.js'
import { spoken, three } from '../../../draw/numbers.js'
import { t } from '../../../language/index.js'
import { readAt } from '../../../answers.js'
import { createNumbers } from './numbers.js'
import { orderOf } from './order.js'
import { holds, shownIn } from './strands.js'
import { listen } from './touch.js'

/** @typedef {import('../../../types.js').State} State */
/** @typedef {import('../../../types.js').Frame} Frame */
/** @typedef {import('./geometry.js').Geometry} Geometry */
/** @typedef {import('./strands.js').Strand} Strand */
/** What all maps are drawn by: first: column of the frame that stands first. @typedef {{ state: State, frame: Frame, unit: number, first: number }} Scene */

/** So high the frame of a row is at least. In pixels. */
const LEAST_ROW = 4

/**
 * @param {HTMLElement} root
 * @param {Strand} strand
 * @param {number} H
 * @param {import('../../../types.js').Emit} emit
 * @param {import('./touch.js').Ways} ways  what is done beyond this map
 */
export function createHeat(root, strand, H, emit, ways) {
  const strip = createPixels()
  const map = createPixels()
  const numbers = createNumbers()
  const words = element('span', { role: 'gridcell', class: 'hidden', id: `at${strand.suffix}`, 'aria-live': 'polite' })
  const row = element('div', { role: 'row' }, words)
  const pane = element('div', { class: 'pane' }, map.node, numbers.node)
  const spacer = element('div', { class: 'spacer' })
  const box = element('div', { class: 'heat', role: 'grid', tabindex: 0, 'aria-activedescendant': words.id, 'aria-rowcount': H }, pane, spacer, row)
  const grip = element('div', { class: 'grip', 'aria-hidden': 'true', title: t('drag up or down') })
  const marker = element('span', { class: 'marker' })
  root.append(strip.node, box, marker, grip)
  let g = /** @type {Geometry} */ (/** @type {unknown} */ (null))
  let top = 0
  let scene = /** @type {Scene | null} */ (null)
  let neuron = 0
  /** The neurons as the rows have them, where each of them stands, and what it was asked by. */
  let order = { key: '', neurons: /** @type {number[]} */ ([]), places: /** @type {number[]} */ ([]) }
  /** The row that is seen first, and what it was that the rows were scrolled to. */
  let firstRow = 0
  let scrolledTo = ''
  let drawn = ''
  let told = 0

  const choose = (/** @type {number} */ rowNumber) => {
    const place = Math.max(0, Math.min(H - 1, rowNumber * g.each))
    neuron = order.neurons[place] ?? 0
    emit({ type: 'neuron', layer: strand.layer, neuron, reverse: strand.reverse })
  }
  const rowOf = () => Math.floor((order.places[neuron] ?? 0) / g.each)
  listen({ box, map: map.node, grip }, {
    ...ways,
    geometry: () => ({ g, firstRow, first: scene?.first ?? 0 }),
    choose,
    move: (rows) => choose(Math.max(0, Math.min(g.all - 1, rowOf() + rows))),
    /** The number at a row and a column of the frame, as the arithmetic knows it. */
    spotAt: (rowNumber, step) => ({ ...spotName(), step, index: order.neurons[at(rowNumber, step)] ?? 0 }),
    enter(keys) {
      byKeys = keys
      if (keys && scene && !holds(strand, scene.state)) choose(rowOf())
    },
  })
  box.addEventListener('scroll', () => {
    firstRow = Math.max(0, Math.min(g.all - g.shown, Math.round(box.scrollTop / g.row)))
    ways.scrolled()
  })

  const spotName = () => ({ name: scene?.state.direction === 'backward' ? 'h' : scene?.state.showing || 'h', layer: strand.layer, reverse: strand.reverse || undefined })

  /** Of the neurons of a row, the one that is shown: the farthest from zero. @param {number} rowNumber @param {number} step */
  function at(rowNumber, step) {
    const from = rowNumber * g.each
    const data = scene && dataOf(scene)
    let best = from
    if (data) for (let p = from + 1; p < Math.min(H, from + g.each); p++) if (Math.abs(data[step * H + order.neurons[p]]) > Math.abs(data[step * H + order.neurons[best]])) best = p
    return best
  }

  const dataOf = (/** @type {Scene} */ { state, frame }) => frame.values[shownIn(state) + strand.suffix]?.data

  /** Held as it is until it is asked for again. @param {Scene} now */
  function sort({ state, frame }) {
    const key = `${state.sort.by} ${state.sort.times}`
    if (key === order.key) return
    const data = frame.values[(state.showing || 'h') + strand.suffix]?.data
    if (!data) return
    const neurons = orderOf(state.sort.by, data, H)
    const places = new Array(H)
    neurons.forEach((i, place) => { places[i] = place })
    order = { key, neurons, places }
    drawn = ''
  }

  /** The chosen neuron comes into view when it, the order or the zoom has changed. */
  function follow() {
    const key = `${neuron} ${order.key} ${g.zoom} ${g.shown}`
    if (key === scrolledTo) return
    scrolledTo = key
    const here = rowOf()
    firstRow = Math.max(0, Math.min(g.all - g.shown, here < firstRow ? here : here >= firstRow + g.shown ? here - g.shown + 1 : firstRow))
    box.scrollTop = firstRow * g.row
  }

  /** While one goes through the map by keys, what one comes to is asked about. */
  function ask() {
    const key = scene && byKeys ? `${spotName().name} ${neuron} ${scene.state.step}` : ''
    if (key === askedFor) return
    askedFor = key
    if (key) queueMicrotask(() => ways.ask({ ...spotName(), step: scene?.state.step ?? 0, index: neuron }))
  }
  let askedFor = ''
  let byKeys = false

  /** @param {Scene} next */
  function paint(next) {
    scene = next
    const { state, frame, unit, first } = next
    const mine = holds(strand, state)
    if (mine) neuron = state.neuron
    sort(next)
    follow()
    ask()
    const scale = state.direction === 'backward' ? 'gradient' : 'value'
    const table = tableFor(scale)
    const key = [frame.iteration, shownIn(state), neuron, mine, first, firstRow, g.zoom, g.letter, table[0].background].join()
    const data = dataOf(next)
    if (!data || frame === shownFrame && key === drawn) return
    shownFrame = frame
    drawn = key
    const steps = Math.max(0, Math.min(g.columns, frame.inputs.length - first))
    for (let t = 0; t < g.columns; t++) {
      const from = (first + t) * H
      strip.pixels[t] = t < steps ? table[indexOf(data[from + neuron] / unit)].pixel : 0
      for (let r = 0; r < g.shown; r++) {
        const start = (firstRow + r) * g.each
        let value = data[from + order.neurons[start]]
        for (let p = start + 1; p < start + g.each && p < H; p++) {
          const other = data[from + order.neurons[p]]
          if (Math.abs(other) > Math.abs(value)) value = other
        }
        map.pixels[r * g.columns + t] = t < steps ? table[indexOf(value / unit)].pixel : 0
      }
    }
    strip.flush()
    map.flush()
    if (g.numbers) numbers.paint(g, (r, t) => (t < steps ? data[(first + t) * H + order.neurons[firstRow + r]] : NaN), scale, unit)
    mark(mine)
  }
  let shownFrame = /** @type {Frame | null} */ (null)

  /** @param {boolean} mine  the opened neuron is here */
  function mark(mine) {
    const here = rowOf() - firstRow
    const height = Math.max(g.row, LEAST_ROW)
    show(marker, here >= 0 && here < g.shown)
    marker.style.height = `${height}px`
    marker.style.transform = `translateY(${top + g.opened + 4 + (here + 0.5) * g.row - height / 2}px)`
    marker.classList.toggle('current', mine)
    grip.classList.toggle('current', mine)
  }

  return {
    /** A neuron as its row is labelled. @param {number} r  row that is seen */
    labelOf: (/** @type {number} */ r) => (g.each === 1 ? String((order.neurons[firstRow + r] ?? 0) + 1) : ''),
    rows: () => ({ first: firstRow, node: box }),
    /** @param {Geometry} geometry @param {number} y */
    lie(geometry, y) {
      g = geometry
      top = y
      strip.resize(g.columns, 1)
      map.resize(g.columns, g.shown)
      numbers.resize(g)
      place(strip.node, g.names, top, g.span, g.opened)
      place(box, g.names, top + g.opened + 4, g.span + (g.shown < g.all ? 14 : 0), g.map)
      Object.assign(pane.style, { width: `${g.span}px`, height: `${g.map}px` })
      spacer.style.height = `${(g.all - g.shown) * g.row}px`
      Object.assign(marker.style, { width: `${g.span}px`, left: `${g.names}px` })
      grip.style.transform = `translate(${g.names - 22}px, ${top + g.opened / 2 - 8}px)`
      put(box, { 'aria-colcount': g.read })
      drawn = ''
    },
    paint,
    /** What stands at the chosen place, for those who listen; not at every round. */
    describe() {
      if (!scene) return
      const { state, frame } = scene
      const data = dataOf(scene)
      const step = Math.min(state.step, frame.inputs.length - 1)
      const symbol = readAt(state.run, frame, step)
      put(row, { 'aria-rowindex': rowOf() * g.each + 1 })
      put(words, { 'aria-colindex': step + 1 })
      put(box, { 'aria-label': `${strand.name ? `${strand.name}: ` : ''}${t`${H} neurons over ${frame.inputs.length} steps`}` })
      const here = t`neuron ${neuron + 1}, letter ${step + 1}, ${spoken(symbol)}`
      if (state.training && performance.now() - told < 1000 && words.textContent?.startsWith(here)) return
      told = performance.now()
      say(words, `${here}: ${data ? three(data[step * H + neuron]) : '–'}`)
    },
  }
}

function createPixels() {
  const node = element('canvas', { 'aria-hidden': 'true' })
  const context = node.getContext('2d')
  let image = new ImageData(1, 1)
  const pixels = {
    node, pixels: new Uint32Array(image.data.buffer), flush: () => context?.putImageData(image, 0, 0),
    /** @param {number} width @param {number} height */
    resize(width, height) {
      if (node.width === width && node.height === height && image.width === width) return
      node.width = width
      node.height = height
      image = new ImageData(width, height)
      pixels.pixels = new Uint32Array(image.data.buffer)
    },
  }
  return pixels
}

/** @param {HTMLElement} node @param {number} x @param {number} y @param {number} width @param {number} height */
function place(node, x, y, width, height) {
  Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` })
}
