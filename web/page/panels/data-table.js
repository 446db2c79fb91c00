/** The numbers of a figure as a table that can be opened: for those who cannot see the figure, or want to know exactly. */
import { element, pool, say } from '../draw/dom.js'

/** @param {HTMLElement} root @param {string} summary @param {readonly string[]} heads */
export function createDataTable(root, summary, heads) {
  const body = element('tbody')
  const node = element('details', { class: 'numbers' }, element('summary', {}, summary), element('table', {},
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))), body))
  root.append(node)
  const rows = pool(body, () => element('tr', {}, ...heads.map((_, i) => element(i === 0 ? 'th' : 'td', i === 0 ? { scope: 'row' } : {}))))
  return {
    node,
    /** @param {() => readonly (readonly string[])[]} tell  asked only while it is open */
    render(tell) {
      if (!node.open) return
      const told = tell()
      rows(told.length).forEach((row, i) => told[i].forEach((text, j) => say(row.children[j], text)))
    },
  }
}
