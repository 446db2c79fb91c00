/** How a heat map is pointed at, dragged, pinched and moved through by keys. */

/** @typedef {import('./geometry.js').Geometry} Geometry */
/** @typedef {import('../../../arithmetic/place.js').Spot} Spot */
/**
 * @typedef {object} Ways
 * @property {(way: number) => void} zoom        closer by 1, away by −1
 * @property {(step: number) => void} step       goes to a letter of those that are read
 * @property {(by: number) => void} walk         to a letter later or earlier, beyond them too
 * @property {(spot: Spot | null) => void} ask
 * @property {() => void} open                   to the numbers of the chosen neuron
 * @property {() => void} scrolled               other rows are seen
 *
 * @typedef {object} Own
 * @property {() => { g: Geometry, firstRow: number, first: number }} geometry
 * @property {(row: number) => void} choose
 * @property {(rows: number) => void} move
 * @property {(row: number, step: number) => Spot} spotAt
 * @property {(byKeys: boolean) => void} enter   or goes on another way
 */

/** So far fingers move apart for one zoom. */
const PINCH = 1.4

/** So much a wheel turns for one zoom. In pixels. */
const TURN = 60

/** @param {{ box: HTMLElement, map: HTMLElement, grip: HTMLElement }} nodes @param {Ways & Own} ways */
export function listen({ box, map, grip }, { geometry, choose, move, spotAt, enter, zoom, step, walk, ask, open }) {
  /** @param {PointerEvent} event @param {boolean} [within]  else a row beyond, to scroll by */
  const placeOf = (event, within = true) => {
    const { g, firstRow, first } = geometry()
    const frame = map.getBoundingClientRect()
    const row = Math.floor((event.clientY - frame.top) / frame.height * g.shown)
    const column = Math.floor((event.clientX - frame.left) / frame.width * g.columns)
    const [low, high] = within ? [0, g.shown - 1] : [-1, g.shown]
    return {
      row: Math.max(0, Math.min(g.all - 1, firstRow + Math.max(low, Math.min(high, row)))),
      step: Math.max(0, Math.min(g.read - 1, first + Math.max(0, Math.min(g.columns - 1, column)))),
    }
  }
  /** What was asked about by pointing. */
  let asked = ''

  map.addEventListener('pointerdown', (event) => {
    const place = placeOf(event)
    enter(false)
    choose(place.row)
    step(place.step)
  })
  map.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return
    const { row, step } = placeOf(event)
    const key = `${row} ${step}`
    if (key === asked) return
    asked = key
    ask(spotAt(row, step))
  })
  map.addEventListener('pointerleave', () => { asked = '' })
  grip.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    grip.setPointerCapture(event.pointerId)
  })
  grip.addEventListener('pointermove', (event) => { if (grip.hasPointerCapture(event.pointerId)) choose(placeOf(event, false).row) })

  box.addEventListener('focus', () => { if (box.matches(':focus-visible')) enter(true) })
  box.addEventListener('blur', () => enter(false))
  box.addEventListener('keydown', (event) => {
    const { g } = geometry()
    const { key } = event
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: g.shown, PageUp: -g.shown, ...(event.ctrlKey && { Home: -g.all, End: g.all }) }[key]
    const letters = { ArrowRight: 1, ArrowLeft: -1, ...(!event.ctrlKey && { Home: -Infinity, End: Infinity }) }[key]
    const closer = event.ctrlKey || event.metaKey ? undefined : { '+': 1, '=': 1, '-': -1, '\u2212': -1 }[key]
    if (rows) move(rows)
    else if (letters) Number.isFinite(letters) ? walk(letters) : step(letters < 0 ? 0 : g.read - 1)
    else if (closer) zoom(closer)
    else if (key === 'Enter') open()
    else return
    if (key !== 'Enter') enter(true)
    event.preventDefault()
  })

  let turned = 0
  box.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return
    event.preventDefault()
    turned -= event.deltaY * (event.deltaMode === 1 ? 20 : Math.abs(event.deltaY) < 20 ? 4 : 1)
    if (Math.abs(turned) < TURN) return
    zoom(Math.sign(turned))
    turned = 0
  }, { passive: false })

  let apart = 0
  const distance = (/** @type {TouchList} */ [a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)
  box.addEventListener('touchstart', ({ touches }) => { apart = touches.length === 2 ? distance(touches) : 0 }, { passive: true })
  box.addEventListener('touchmove', (event) => {
    if (!apart || event.touches.length !== 2) return
    event.preventDefault()
    const ratio = distance(event.touches) / apart
    if (ratio < PINCH && ratio > 1 / PINCH) return
    zoom(ratio > 1 ? 1 : -1)
    apart = distance(event.touches)
  }, { passive: false })
}
