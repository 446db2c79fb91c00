/** A few weights as numbers, in a table through which the arrow keys lead. */
import { element, pool, put, say } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { fixed } from '../draw/numbers.js'
import { t } from '../language/index.js'
import { columnName, nameEnds, rowName } from './weight-names.js'

/** @typedef {import('../types.js').Run} Run */
/** @typedef {{ name: string, rows: number, columns: number, row: number, column: number, near: { row: number, rows: number, column: number, columns: number } }} Pick */

/** Rows and columns, at most. */
export const NEAR = 8

/** @param {HTMLElement} root @param {(row: number, column: number) => void} choose */
export function createNear(root, choose) {
  const head = element('tr')
  const body = element('tbody')
  root.append(element('div', { class: 'near' }, element('table', {}, element('thead', {}, head), body)))
  const heads = pool(head, () => element('th', { scope: 'col' }))
  const rows = pool(body, () => element('tr', {}, element('th', { scope: 'row' })))
  /** @type {Pick | null} */
  let pick = null
  let follow = false

  body.addEventListener('keydown', (event) => {
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? []
    if (!pick || down === undefined) return
    event.preventDefault()
    const [row, column] = [pick.row + down, pick.column + right]
    if (row < 0 || row >= pick.rows || column < 0 || column >= pick.columns) return
    follow = true
    // The next key may come before what is chosen now is drawn.
    pick = { ...pick, row, column }
    choose(row, column)
  })
  body.addEventListener('click', (event) => {
    const cell = event.target instanceof HTMLElement ? event.target.closest('td') : null
    const row = cell?.parentElement
    if (!pick || !cell || !row) return
    choose(pick.near.row + [...body.children].indexOf(row), pick.near.column + [...row.children].indexOf(cell) - 1)
  })

  return {
    /** @param {Run} run @param {Pick} next @param {{ values: Float32Array }} window */
    render(run, next, { values }) {
      pick = next
      const { name, near } = next
      heads(near.columns + 1).forEach((node, j) => say(node, j === 0 ? '' : columnName(run, name, near.column + j - 1)))
      rows(near.rows).forEach((line, i) => {
        say(line.children[0], rowName(run, name, near.row + i))
        while (line.children.length - 1 < near.columns) line.append(element('td', {}, element('button')))
        while (line.children.length - 1 > near.columns) line.lastElementChild?.remove()
        for (let j = 0; j < near.columns; j++) {
          const button = /** @type {HTMLElement} */ (line.children[j + 1].children[0])
          const value = values[i * near.columns + j]
          const { background, text } = shade('value', value)
          const chosen = near.row + i === next.row && near.column + j === next.column
          say(button, fixed(value))
          if (button.dataset.shade !== background) {
            button.dataset.shade = background
            button.style.background = background
            button.style.color = text
          }
          const [to, from] = nameEnds(run, name, near.row + i, near.column + j)
          put(button, { 'aria-label': from ? t`${from} to ${to}: ${fixed(value)}` : `${to}: ${fixed(value)}`, 'aria-pressed': String(chosen), tabindex: chosen ? 0 : -1 })
          if (chosen && follow && body.contains(document.activeElement)) button.focus()
        }
      })
      follow = false
    },
  }
}
