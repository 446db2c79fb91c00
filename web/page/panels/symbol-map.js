/** Symbols as points of a picture: as many as have room with their names, and every one named under a pointer or the arrow keys. */
import { pool, put, say, shape } from '../draw/dom.js'
import { glyph, spoken } from '../draw/numbers.js'
import { t } from '../language/index.js'
import { createPlot } from './plot.js'

/** @typedef {readonly [number, number]} Point */
/**
 * @typedef {object} Shown
 * @property {readonly Point[]} points
 * @property {readonly string[]} symbols
 * @property {readonly [string, string]} axes  what they are
 * @property {number} chosen
 * @property {readonly number[]} near   to the chosen one
 * @property {readonly number[]} found  what was searched for
 */

const [HEIGHT, EDGE, LINE] = [440, 36, 18]
/** So many points may have names, and so many are tried. */
const [NAMES, TRIED] = [200, 1500]
const LONGEST = 18
/** Room for what an axis is, in pixels. */
const WORDS = 150
/** Of a pointer, in pixels. */
const REACH = 24
const DIRECTIONS = /** @type {Record<string, Point>} */ ({ ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })

/** @param {string} symbol */
export function nameOf(symbol) {
  const letters = [...symbol].map(glyph)
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : letters.join('')
}

/** @typedef {{ left: number, top: number, width: number }} Box  of a name, a line high */

/** @param {Box} a @param {Box} b */
const overlap = (a, b) => a.left < b.left + b.width && b.left < a.left + a.width && Math.abs(a.top - b.top) < LINE

/** Where a name may stand: beside its point, above or below it. @param {Point} point @param {number} width @returns {Box[]} */
const placesAt = ([x, y], width) => [[x + 9, y - LINE / 2], [x - 9 - width, y - LINE / 2], [x - width / 2, y - LINE - 4], [x - width / 2, y + 4]].map(([left, top]) => ({ left, top, width }))

/**
 * Names that do not overlap, the first ones first.
 * @param {readonly number[]} order @param {(index: number) => { point: Point, width: number }} of @param {number} width  of the picture
 * @param {readonly Box[]} taken  where other words stand
 * @returns {Map<number, Box>}
 */
function placed(order, of, width, taken) {
  /** @type {Map<number, Box>} */
  const boxes = new Map()
  for (const index of order.slice(0, TRIED)) {
    if (boxes.size >= NAMES) break
    const { point, width: wide } = of(index)
    const box = placesAt(point, wide).find((box) => box.left >= 0 && box.left + wide <= width && box.top >= 0 && box.top + LINE <= HEIGHT && ![...taken, ...boxes.values()].some((other) => overlap(box, other)))
    if (box) boxes.set(index, box)
  }
  return boxes
}

/** Fits points into the picture, one unit as long across as up. @param {readonly Point[]} points @param {number} width @returns {(point: Point) => Point} */
function fit(points, width) {
  const ends = [0, 1].map((axis) => points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]))
  const [middleX, middleY] = ends.map(([low, high]) => (low + high) / 2)
  const unit = Math.min(...ends.map(([low, high], axis) => ((axis ? HEIGHT : width) - 2 * EDGE) / Math.max(high - low, 1e-12)))
  return ([x, y]) => [width / 2 + (x - middleX) * unit, HEIGHT / 2 - (y - middleY) * unit]
}

/** A dot for each: a line of no length with round ends. @param {Iterable<Point>} points */
const dotsAt = (points) => [...points].map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0.01`).join('')

/** How wide names are, of the face of the labels. @param {SVGElement} svg */
function createRuler(svg) {
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  /** @type {Map<string, number>} */
  const known = new Map()
  return (/** @type {string} */ text) => {
    let width = known.get(text)
    if (width === undefined && context) {
      context.font = `600 15px ${getComputedStyle(svg).getPropertyValue('--serif')}`
      known.set(text, width = context.measureText(text).width + 2)
    }
    return width ?? 0
  }
}

/** @param {HTMLElement} figure @param {(symbol: number) => void} choose */
export function createSymbolMap(figure, choose) {
  const plot = createPlot(figure, HEIGHT, 'symbol-map')
  const { svg } = plot
  put(svg, { tabindex: 0, 'aria-label': t('The symbols; arrow keys go to the next one in their direction') })
  const title = shape(svg, 'title', {}, t('The symbols, where their two principal components put them'))
  const axes = shape(svg, 'path', { class: 'ground' })
  const ends = [shape(svg, 'text', { class: 'soft end' }), shape(svg, 'text', { class: 'soft' })]
  const rays = shape(svg, 'path', { class: 'ray' })
  const [dots, nearDots, foundRings, chosenDot] = ['dots', 'near-dots', 'rings', 'own-dot'].map((name) => shape(svg, 'path', { class: name }))
  const labels = pool(shape(svg, 'g'), () => shape(null, 'text'))
  const pointed = shape(svg, 'text', { class: 'sign near middle' })
  const widthOf = createRuler(svg)
  /** @type {Shown | null} */
  let shown = null
  /** In pixels. @type {Point[]} */
  let places = []
  /** @type {Map<number, Box>} */
  let boxes = new Map()
  /** Under the pointer. @type {Point | null} */
  let pointer = null

  /** @param {Point} from @param {(x: number, y: number) => number} farness @returns {number} −1: none */
  function nearest([x, y], farness) {
    let best = -1
    let least = Infinity
    places.forEach((place, i) => {
      const far = farness(place[0] - x, place[1] - y)
      if (far >= least) return
      best = i
      least = far
    })
    return best
  }
  const within = (/** @type {number} */ x, /** @type {number} */ y) => (Math.hypot(x, y) <= REACH ? Math.hypot(x, y) : Infinity)

  /** @param {PointerEvent | MouseEvent} event @returns {Point} */
  function placeOf({ clientX, clientY }) {
    const box = svg.getBoundingClientRect()
    return [(clientX - box.left) / box.width * svg.viewBox.baseVal.width, (clientY - box.top) / box.height * svg.viewBox.baseVal.height]
  }
  function point() {
    const at = pointer && shown ? nearest(pointer, within) : -1
    const named = at < 0 || boxes.has(at)
    say(pointed, named ? '' : nameOf(shown?.symbols[at] ?? ''))
    if (!named) put(pointed, { x: places[at][0], y: Math.max(LINE, places[at][1] - 9) })
  }
  svg.addEventListener('pointermove', (event) => { pointer = placeOf(event); point() })
  svg.addEventListener('pointerleave', () => { pointer = null; point() })
  svg.addEventListener('click', (event) => {
    const at = nearest(placeOf(event), within)
    if (at >= 0) choose(at)
  })
  svg.addEventListener('keydown', (event) => {
    const direction = DIRECTIONS[event.key]
    if (!direction || !shown || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    // Within 45° of the direction.
    const at = nearest(places[shown.chosen], (x, y) => {
      const [along, aside] = [x * direction[0] + y * direction[1], Math.abs(x * direction[1] - y * direction[0])]
      return along > 0 && aside <= along ? along + aside : Infinity
    })
    if (at >= 0) choose(at)
  })

  /** @param {Shown} now @param {number} width */
  function paint({ points, symbols, chosen, near, found, axes: [across, up] }, width) {
    const place = fit(points, width)
    places = points.map(place)
    const [x, y] = place([0, 0])
    put(axes, { d: `M0 ${y}H${width}M${x} 0V${HEIGHT}` })
    put(ends[0], { x: width - 2, y: HEIGHT - 6 })
    put(ends[1], { x: 2, y: 12 })
    say(ends[0], `${across} →`)
    say(ends[1], `↑ ${up}`)
    const marked = new Set([chosen, ...near])
    put(rays, { d: near.map((i) => `M${places[chosen].join(' ')}L${places[i].join(' ')}`).join('') })
    put(dots, { d: dotsAt(places.filter((_, i) => !marked.has(i))) })
    put(nearDots, { d: dotsAt(near.map((i) => places[i])) })
    put(chosenDot, { d: dotsAt([places[chosen]]) })
    put(foundRings, { d: found.map((i) => `M${places[i][0] - 8} ${places[i][1]}a8 8 0 1 0 16 0a8 8 0 1 0 -16 0`).join('') })
    // Those that had room stay, so that names do not flicker.
    const order = [...new Set([chosen, ...near, ...found, ...[...boxes.keys()].filter((i) => i < points.length), ...points.keys()])]
    const taken = [{ left: width - WORDS, top: HEIGHT - LINE, width: WORDS }, { left: 0, top: 0, width: WORDS }]
    boxes = placed(order, (i) => ({ point: places[i], width: widthOf(nameOf(symbols[i])) }), width, taken)
    const texts = labels(boxes.size)
    ;[...boxes].forEach(([i, { left, top }], k) => {
      put(texts[k], { x: left.toFixed(1), y: (top + LINE - 5).toFixed(1), class: i === chosen ? 'sign own' : marked.has(i) || found.includes(i) ? 'sign near' : 'sign' })
      say(texts[k], nameOf(symbols[i]))
    })
    point()
  }

  return {
    /** @param {Shown} now */
    render(now) {
      shown = now
      plot.draw((width) => paint(now, width))
      const names = (/** @type {readonly number[]} */ some) => some.map((i) => spoken(now.symbols[i])).join(', ')
      say(title, now.near.length ? t`${now.symbols.length} symbols as points; ${names([now.chosen])} is chosen, closest to it are ${names(now.near)}` : t`${now.symbols.length} symbols as points; ${names([now.chosen])} is chosen`)
    },
    destroy: plot.destroy,
  }
}
