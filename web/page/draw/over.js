/** Something small that a button opens over the page: the page stays in use, nothing moves, and Escape, the button or a press elsewhere closes it. */
import { element } from './dom.js'

const [WIDTH, EDGE, GAP] = [360, 14, 6] // pixels
let made = 0

/**
 * @param {HTMLButtonElement} button
 * @param {(node: HTMLElement) => void} [fill]  before it opens
 */
export function createOver(button, fill) {
  const node = element('div', { class: 'over', id: `over-${++made}`, popover: 'auto' })
  button.setAttribute('popovertarget', node.id)
  node.addEventListener('beforetoggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open') return
    fill?.(node)
    const box = button.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    const width = Math.min(WIDTH, clientWidth - 2 * EDGE)
    const below = box.top < clientHeight / 2
    Object.assign(node.style, {
      width: `${width}px`, left: `${scrollX + Math.max(EDGE, Math.min(clientWidth - EDGE - width, box.left - EDGE))}px`,
      top: below ? `${scrollY + box.bottom + GAP}px` : 'auto', bottom: below ? 'auto' : `${clientHeight - scrollY - box.top + GAP}px`,
    })
  })
  return node
}
