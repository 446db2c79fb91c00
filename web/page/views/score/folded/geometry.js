/** Where things stand in the folded score: a narrow column per letter, a heat map per layer and pass; everything in pixels. */
import { columnsFor, roomFor, sizesOf, wordWidth, CLOSE, FAR, FOLDED, WIDE } from '../../../drawing.js'
import { strandsOf } from './strands.js'

/** @typedef {import('../../../types.js').Run} Run */
/** @typedef {ReturnType<typeof foldedGeometry>} Geometry */

/** From this zoom on, a row is at least so high. */
const LEAST_ROWS = [4, 8, 16]

/** Numbers have room in cells of this size. */
const NUMBER = { width: 38, height: 15 }

/** A letter has room in a column of this width. */
const LETTER = 9

/** @param {Run} run @param {number} width @param {number} [zoom] */
export function foldedGeometry(run, width, zoom = 0) {
  const { H, L, V } = sizesOf(run)
  const wide = width >= WIDE
  const strands = strandsOf(run)
  const read = columnsFor(run, width, zoom)
  const columns = Math.min(read, roomFor(run, width, zoom))
  const names = wide ? FOLDED.names : FOLDED.narrowNames
  const room = width - names - (wide ? FOLDED.panel + FOLDED.gap : 0)
  const letter = room / columns
  const tools = wide ? 42 : 88
  const N = strands.length
  const layer = wide ? Math.max(48, (230 - 12 * (N - 1)) / N) : Math.max(40, (150 - 8 * (N - 1)) / N)
  const top = tools + (wide ? 30 : 24)
  const tops = strands.map((_, l) => top + l * (layer + (wide ? 12 : 8)))
  const below = tops[N - 1] + layer
  const opened = 16
  const rows = rowsFor(H, layer - opened - 4, zoom)
  return {
    wide, H, L, V, width, zoom, read, columns, names, letter, span: letter * columns, panel: wide ? FOLDED.panel : 0, tools, strands, tops, layer, opened, ...rows,
    numbers: letter >= NUMBER.width && rows.row >= NUMBER.height, lens: Math.max(letter, LETTER * wordWidth(run)), small: letter < LETTER * Math.min(2, wordWidth(run)),
    bets: { y: below + 10, height: wide ? 28 : 22 }, betLetters: below + (wide ? 54 : 46), targets: { y: below + (wide ? 60 : 52), height: wide ? 20 : 18 },
    surprise: { y: below + (wide ? 90 : 80), height: wide ? 36 : 28 }, end: below + (wide ? 130 : 110),
  }
}

/**
 * Rows of a heat map: each: neurons in one; all: rows there are; shown: rows seen at once; row: how high one is.
 * @param {number} H @param {number} map  height @param {number} zoom
 */
function rowsFor(H, map, zoom) {
  const each = Math.ceil(H / Math.min(H, Math.floor(map)))
  const all = Math.ceil(H / each)
  const least = zoom > 0 ? LEAST_ROWS[zoom - 1] : 0
  if (each === 1 && map / all >= least || !least) return { map, each, all, shown: all, row: map / all }
  const shown = Math.max(1, Math.min(H, Math.floor(map / least)))
  return { map, each: 1, all: H, shown, row: map / shown }
}

/** From the farthest to the closest, only those that show something else. @param {Run} run @param {number} width */
export function zoomsOf(run, width) {
  const looks = (/** @type {number} */ zoom) => {
    const { read, columns, shown } = foldedGeometry(run, width, zoom)
    return [read, columns, shown].join()
  }
  const zooms = [0]
  for (let zoom = -1; zoom >= FAR; zoom--) if (looks(zoom) !== looks(zooms[0])) zooms.unshift(zoom)
  for (let zoom = 1; zoom <= CLOSE; zoom++) if (looks(zoom) !== looks(zooms[zooms.length - 1])) zooms.push(zoom)
  return zooms
}

/** @param {Run} run @param {number} width @param {number} zoom @returns {import('../geometry.js').Span} */
export function foldedSpan(run, width, zoom) {
  const g = foldedGeometry(run, width, zoom)
  const half = g.span / g.read / 2
  return { first: g.names + half, last: g.names + g.span - half }
}
