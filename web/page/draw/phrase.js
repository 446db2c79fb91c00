/** A sentence made of words, letters and coloured numbers, changed in place. */
import { element } from './dom.js'
import { shade } from './colour.js'

/**
 * @typedef {string
 *   | { letter: string }
 *   | { strong: string }
 *   | { node: HTMLElement }
 *   | { value: number, text: string }
 *   | { gradient: number, text: string, unit: number }} Part
 */

/** @param {Part} part */
const kindOf = (part) => (typeof part === 'string' ? 'text' : Object.keys(part)[0])

/** @param {string} kind */
function make(kind) {
  if (kind === 'text') return document.createTextNode('')
  if (kind === 'letter') return element('i', { class: 'letter' })
  if (kind === 'strong') return element('b', { class: 'number' })
  return element('span', { class: kind === 'gradient' ? 'chip pill' : 'chip' })
}

/** @param {HTMLElement} root */
export function createPhrase(root) {
  /** @type {{ kind: string, node: Text | HTMLElement, text: string, fill: string }[]} */
  const shown = []
  return (/** @type {Part[]} */ parts) => {
    while (shown.length > parts.length) shown.pop()?.node.remove()
    parts.forEach((part, i) => {
      const kind = kindOf(part)
      const given = typeof part === 'object' && 'node' in part ? part.node : null
      if (given ? shown[i]?.node !== given : shown[i]?.kind !== kind) {
        const node = given ?? make(kind)
        if (shown[i]) shown[i].node.replaceWith(node)
        else root.append(node)
        shown[i] = { kind, node, text: '', fill: '' }
      }
      if (typeof part === 'object' && 'node' in part) return
      const entry = shown[i]
      const text = typeof part === 'string' ? part : 'letter' in part ? part.letter : 'strong' in part ? part.strong : part.text
      if (entry.text !== text) entry.node.textContent = entry.text = text
      if (typeof part === 'string' || 'letter' in part || 'strong' in part || !(entry.node instanceof HTMLElement)) return
      const { background, text: ink } = 'value' in part ? shade('value', part.value) : shade('gradient', part.gradient, part.unit)
      if (entry.fill === background) return
      entry.fill = background
      entry.node.style.background = background
      entry.node.style.color = ink
    })
  }
}

/** @param {Part[]} parts */
export const plainText = (parts) => parts.map((part) => (typeof part === 'string' ? part : 'letter' in part ? part.letter : 'strong' in part ? part.strong : 'node' in part ? part.node.textContent : part.text)).join('')
