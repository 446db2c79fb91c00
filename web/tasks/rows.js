/** Tables in text files: CSV (RFC 4180) or TSV, with a header. What is wrong is told by its line. */
import { RnnError } from '../engine/errors.js'

/** @typedef {{ header: string[], rows: { line: number, cells: string[] }[] }} Rows  line: where the row begins, from 1 on */

/** @param {number} line  @param {string} why */
export const wrongLine = (line, why) => new RnnError('invalid-text', `line ${line} of the data ${why}`)

/** @param {Rows['rows'][number]} row */
const isEmpty = ({ cells }) => cells.length === 1 && !cells[0].trim()

/** The cells of a table whose fields may be quoted, row by row. @param {string} text  @param {string} separator  @returns {Generator<Rows['rows'][number]>} */
function* cellsOf(text, separator) {
  const [quotes, plain] = [/"([^"]*(?:""[^"]*)*)"?/y, new RegExp(`[^${separator}\r\n]*`, 'y')]
  let [at, line] = [0, 1]
  while (at < text.length) {
    const row = { line, cells: /** @type {string[]} */ ([]) }
    for (let more = true; more;) {
      const field = text[at] === '"' ? quotes : plain
      field.lastIndex = at
      const [whole, quoted] = /** @type {RegExpExecArray} */ (field.exec(text))
      if (quoted !== undefined && whole.length !== quoted.length + 2) throw wrongLine(line, 'has a quote without an end')
      at += whole.length
      row.cells.push(quoted === undefined ? whole : quoted.replaceAll('""', '"'))
      line += whole.split('\n').length - 1
      more = text[at] === separator
      if (more) at++
      else if (at < text.length && !/[\r\n]/.test(text[at])) throw wrongLine(line, `has "${text[at]}" after a quote`)
    }
    at += /^\r?\n|^\r/.exec(text.slice(at, at + 2))?.[0].length ?? 0
    line++
    yield row
  }
}

/**
 * The rows of a table, the header first. Tabs separate where the header has one, else commas. Empty lines may come at the end only.
 * @param {string} text  @returns {Generator<Rows['rows'][number]>}
 */
function* eachRow(text) {
  const whole = text.replace(/^\uFEFF/, '')
  let [columns, gap] = [0, 0]
  for (const row of cellsOf(whole, /^[^\r\n]*\t/.test(whole) ? '\t' : ',')) {
    if (isEmpty(row)) {
      gap ||= row.line
      continue
    }
    if (gap) throw wrongLine(gap, 'is empty')
    columns ||= row.cells.length
    if (row.cells.length !== columns) throw wrongLine(row.line, `has ${row.cells.length} columns, the header has ${columns}`)
    yield row
  }
}

/** @param {string} text  @returns {Rows} */
export function readRows(text) {
  const [head, ...rows] = eachRow(text)
  if (!head) throw new RnnError('invalid-text', 'the data is empty')
  const header = head.cells.map((cell) => cell.trim())
  if (!rows.length) throw new RnnError('invalid-text', `the data has a header (${header.join(', ')}) and no rows`)
  return { header, rows }
}

/** @param {readonly string[]} header  @param {string} column  its name, or its number from 1 on */
function placeOf(header, column) {
  const place = header.includes(column) ? header.indexOf(column) : Number(column) - 1
  if (!(place in header)) throw new RnnError('invalid-text', `the data has no column "${column}"; its columns are ${header.join(', ')}`)
  return place
}

/** @param {string} cell */
const quoted = (cell) => /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/**
 * Some columns of a table, in another order: CSV, line by line, the header first.
 * @param {string} text
 * @param {readonly string[]} columns  their names, or numbers from 1 on
 * @returns {Generator<string>}
 * @throws {RnnError} invalid-text: there is no such column, or a row is malformed
 */
export function* selectColumns(text, columns) {
  /** @type {number[] | undefined} */
  let places
  for (const { cells } of eachRow(text)) {
    const first = places === undefined
    const row = first ? cells.map((cell) => cell.trim().replaceAll('\t', ' ')) : cells
    places ??= columns.map((column) => placeOf(row, column))
    yield places.map((place) => quoted(row[place])).join(',')
  }
}
