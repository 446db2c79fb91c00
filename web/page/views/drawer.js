/** What both drawers share: a dialog at the right that leaves the page in use, closed by its button or Escape. */
import { element } from '../draw/dom.js'
import { t } from '../language/index.js'

/**
 * @param {HTMLElement} root
 * @param {'data' | 'settings'} name
 * @param {string} title
 * @param {import('../types.js').Emit} emit
 */
export function createDrawer(root, name, title, emit) {
  const dialog = /** @type {HTMLDialogElement} */ (root)
  const close = element('button', { class: 'plain', click: () => emit({ type: 'drawer', name: '' }) }, t('Close'))
  const body = element('div', { class: 'body' })
  const foot = element('div', { class: 'foot' })
  dialog.append(element('div', { class: 'top' }, element('h2', { id: `${name}-title` }, title), close), body, foot)
  const escape = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape' && dialog.open) emit({ type: 'drawer', name: '' }) }
  document.addEventListener('keydown', escape)
  /** @type {Element | null} */
  let opener = null
  return {
    body, foot,
    /** @param {boolean} open @returns {boolean} whether it is open */
    toggle(open) {
      if (open && !dialog.open) {
        opener = document.activeElement
        dialog.show()
      } else if (!open && dialog.open) {
        dialog.close()
        if (opener instanceof HTMLElement) opener.focus()
      }
      return open
    },
    destroy() { document.removeEventListener('keydown', escape); root.replaceChildren() },
  }
}
