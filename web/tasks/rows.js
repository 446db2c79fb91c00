/** Tables in text files: CSV (RFC 4180) or TSV, with a header. What is wrong is told by its line. */
import { RnnError } from '../engine/errors.js'

/** @typedef {{ header: string[], rows: { line: number, cells: string[] }[] }} Rows  line: where the row begins, from 1 on */

/** @param {number} line  @param {string} why */
export const wrongLine = (line, why) => new RnnError('invalid-text', `line ${line} of the data ${why}`)

/** @param {Rows['rows'][number]} row */
const isEmpty = ({ cells }) => cells.length === 1 && !cells[0].trim()

/** The cells of a table whose fields may be quoted. @param {string} text  @param {string} separator */
function readCells(text, separator) {
  const [quotes, plain] = [/"([^"]*(?:""[^"]*)*)"?/y, new RegExp(`[^${separator}\r\n]*`, 'y')]
  /** @type {Rows['rows']} */
  const rows = []
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
    rows.push(row)
  }
  while (rows.length && isEmpty(rows[rows.length - 1])) rows.pop()
  const gap = rows.find(isEmpty)
  if (gap) throw wrongLine(gap.line, 'is empty')
  return rows
}

/**
 * Tabs separate where the header has one, else commas. Empty lines may come at the end only.
 * @param {string} text
 * @returns {Rows}
 */
export function readRows(text) {
  const whole = text.replace(/^\uFEFF/, '')
  const [head, ...rows] = readCells(whole, /^[^\r\n]*\t/.test(whole) ? '\t' : ',')
  if (!head) throw new RnnError('invalid-text', 'the data is empty')
  const header = head.cells.map((cell) => cell.trim())
  if (!rows.length) throw new RnnError('invalid-text', `the data has a header (${header.join(', ')}) and no rows`)
  for (const { line, cells } of rows) {
    if (cells.length !== header.length) throw wrongLine(line, `has ${cells.length} columns, the header has ${header.length}`)
  }
  return { header, rows }
}
