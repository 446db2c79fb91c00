/** What the columns of a table are read as: a menu for each, with a first guess by names and numbers. */
import { selectColumns } from '../../tasks/rows.js'
import { element, pool, put } from '../draw/dom.js'
import { english, t } from '../language/index.js'

/** @typedef {readonly string[]} Names */
/** @typedef {{ header: Names, rows: readonly { cells: Names }[] }} Table  the first rows of it */

/** Roles of columns, in words. @type {Readonly<Record<string, string>>} */
const ROLES = english({ text: 'text', class: 'class', source: 'source', target: 'target', series: 'series' })

/** No role. */
const NONE = ''

/** So long the page may be busy with a large table without a pause, in ms. */
const BUSY = 20

/** By names, where those are roles; else what is no number comes first. @param {Table} table @param {Names} roles  one alone may be that of several columns, of numbers @returns {string[]} by column */
export function guessRoles({ header, rows }, roles) {
  const numeric = header.map((_, i) => rows.every(({ cells }) => cells[i].trim() !== '' && Number.isFinite(Number(cells[i]))))
  if (roles.length === 1) return numeric.map((is) => (is ? roles[0] : NONE))
  const named = header.map((name) => roles.find((role) => role === name.toLowerCase()) ?? NONE)
  const open = roles.filter((role) => !named.includes(role))
  const free = [...header.keys()].filter((i) => named[i] === NONE).sort((a, b) => Number(numeric[a]) - Number(numeric[b]) || a - b).slice(0, open.length)
  return named.map((role, i) => role || (free.includes(i) ? open.shift() ?? NONE : NONE))
}

/** Numbers of the columns that are read, from 1 on, in the order of the roles. @param {Names} given  by column @param {Names} roles */
const columnsOf = (given, roles) => roles.flatMap((role) => given.flatMap((one, i) => (one === role ? [String(i + 1)] : [])))

/** The table as the task reads it, which takes a while where it is large. @param {string} text @param {Names} given @param {Names} roles */
export async function readAs(text, given, roles) {
  const columns = columnsOf(given, roles)
  if (columns.length === given.length && columns.every((column, i) => Number(column) === i + 1)) return text
  const lines = []
  let rested = performance.now()
  for (const line of selectColumns(text, columns)) {
    lines.push(line)
    if (performance.now() - rested < BUSY) continue
    await new Promise((next) => setTimeout(next))
    rested = performance.now()
  }
  return lines.join('\n')
}

/** A role that no column has, in words. @param {Names} given @param {Names} roles */
export function missingRole(given, roles) {
  const missing = roles.find((role) => !given.includes(role))
  return missing === undefined ? '' : t`Choose the column for: ${t(ROLES[missing])}.`
}

/** Menus in a row of a table. @param {HTMLElement} row @param {(given: string[]) => void} change */
export function createRoles(row, change) {
  const menus = pool(row, () => element('td', {}, element('select', { class: 'role', change: choose })))
  /** @type {{ given: string[], roles: Names }} */
  let shown = { given: [], roles: [] }
  const menuOf = (/** @type {Element} */ cell) => /** @type {HTMLSelectElement} */ (cell.firstElementChild)

  /** A role goes from the column that had it, unless several may have it. @param {Event} event */
  function choose({ currentTarget }) {
    const menu = /** @type {HTMLSelectElement} */ (currentTarget)
    const at = [...row.children].findIndex((cell) => cell.contains(menu))
    const { given, roles } = shown
    change(given.map((role, i) => (i === at ? menu.value : roles.length > 1 && role === menu.value ? NONE : role)))
  }

  return (/** @type {Names} */ header, /** @type {readonly string[]} */ given, /** @type {Names} */ roles) => {
    shown = { given: [...given], roles }
    menus(given.length).forEach((cell, i) => {
      const menu = menuOf(cell)
      if (menu.options.length !== roles.length + 1) menu.replaceChildren(...[...roles, NONE].map((role) => element('option', { value: role }, role === NONE ? t('is left out') : t(ROLES[role]))))
      put(menu, { 'aria-label': t`column ${header[i]}` })
      menu.value = given[i]
    })
  }
}
