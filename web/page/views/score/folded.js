/**
 * The folded score, for networks too large for numbers: a narrow column per letter, a row per neuron, the same colours. The yellow
 * column and one neuron open in the panel at the right; close enough, the rows are numbers again.
 */
import { element, put, say, shape } from '../../draw/dom.js'
import { drawingFor } from '../../drawing.js'
import { gradientUnit } from '../../words/bet.js'
import { reading } from '../../words/reading.js'
import { plainText } from '../../draw/phrase.js'
import { t } from '../../language/index.js'
import { createColumns } from './folded/columns.js'
import { foldedGeometry } from './folded/geometry.js'
import { createHeat } from './folded/heat.js'
import { createOpened } from './folded/opened.js'
import { createRows } from './folded/rows.js'
import { createTools } from './folded/tools.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {import('../../types.js').Run} Run */

/** @type {import('../../types.js').CreateView} */
export function createFolded(root, emit) {
  /** @type {ReturnType<typeof build> | null} */
  let paint = null
  return {
    render(state, frame) {
      if (!state.run || drawingFor(state.run, state.width) !== 'folded') return
      paint ??= build(root, state.run, state.width, emit)
      paint(state, frame)
    },
    destroy() { root.replaceChildren() },
  }
}

/** @param {HTMLElement} root @param {Run} run @param {number} width @param {import('../../types.js').Emit} emit */
function build(root, run, width, emit) {
  let g = foldedGeometry(run, width)
  let latest = /** @type {State | null} */ (null)
  let shown = /** @type {Frame | null} */ (null)
  /** The column of the frame that stands first: closer, only some are seen. */
  let first = 0
  root.classList.add('folded')
  const tools = createTools(root, run, g, emit)
  const svg = shape(root, 'svg', { class: 'figure', role: 'img', width, height: g.end, viewBox: `0 0 ${width} ${g.end}` })
  const title = shape(svg, 'title')
  const wash = shape(svg, 'path', { class: 'wash' })
  const rows = createRows(svg, g, run)
  let columns = createColumns(svg, g)
  const step = (/** @type {number} */ value) => {
    if (latest) latest = { ...latest, step: value }
    emit({ type: 'step', value })
  }
  const opened = createOpened(root, g, run)
  const heats = g.strands.map((strand) => createHeat(root, strand, g.H, emit, {
    zoom: tools.zoomTo, step, walk, ask: (spot) => emit({ type: 'ask', spot, follow: false }), open: opened.enter, scrolled: () => { if (latest) paint(latest, shown) },
  }))
  const column = element('span', { class: 'column' })
  root.append(column)
  let described = -Infinity

  svg.addEventListener('pointerdown', (event) => {
    const box = svg.getBoundingClientRect()
    const t = Math.floor((event.clientX - box.left - g.names) / g.letter)
    if (t >= 0 && t < g.columns && event.clientY - box.top > g.tools) step(first + t)
  })

  /** To a letter further on or back, where the window ends by moving it. @param {number} by */
  function walk(by) {
    if (!latest) return
    const to = latest.step + by
    if (to < 0 || to >= g.read) return run.task ? undefined : emit({ type: 'pan', from: latest.from + by })
    step(to)
  }

  function lie() {
    columns.remove()
    columns = createColumns(svg, g)
    heats.forEach((heat, l) => heat.lie(g, g.tops[l]))
    const last = g.tops.length - 1
    Object.assign(column.style, { top: `${g.tops[0] - 1}px`, width: `${g.letter}px`, height: `${g.tops[last] + g.layer - g.tops[0] + 2}px` })
  }
  lie()

  /** @param {State} state @param {Frame | null} frame */
  function paint(state, frame) {
    latest = state
    shown = frame
    if (state.zoom !== g.zoom || state.run && foldedGeometry(state.run, width, state.zoom).read !== g.read) {
      g = foldedGeometry(run, width, state.zoom)
      lie()
    }
    const before = Math.min(2, Math.floor((g.columns - 1) / 2))
    first = Math.max(0, Math.min(g.read - g.columns, Math.max(state.step - g.columns + 1 + before, Math.min(first, state.step - before))))
    const x = g.names + (state.step - first) * g.letter
    put(wash, { d: g.wide
      ? `M${x} ${g.end - 2}V${g.tools - 9}H${width - g.panel}V-6H${width}V${g.end - 2}H${width - g.panel}V${g.tools + 5}H${x + g.letter}V${g.end - 2}Z`
      : `M${x} ${g.end - 2}V${g.tools - 2}H${x + g.letter}V${g.end - 2}Z` })
    column.style.transform = `translateX(${x}px)`
    tools.render(g, state)
    if (!frame) return
    const back = state.direction === 'backward'
    const unit = back ? gradientUnit(frame) : 1
    const scene = { state, frame, unit, first }
    columns.paint(scene)
    for (const heat of heats) heat.paint(scene)
    rows(g, heats.map((heat) => ({ first: heat.rows().first, labelOf: heat.labelOf })), back, unit)
    opened.paint(state, frame, unit)
    for (const heat of heats) heat.describe()
    if (!state.training || performance.now() - described > 2000) {
      described = performance.now()
      say(title, t`The network unrolled over ${frame.inputs.length} steps. ${plainText(reading(state, frame))}`)
    }
  }
  return paint
}
