/** How every look inside is laid out: sentences at the left, with yellow numbers to drag, and a figure at the right. */
import { element } from '../draw/dom.js'

/** @param {HTMLElement} root @param {string} heading */
export function createFigure(root, heading) {
  const words = element('div', { class: 'words' }, element('h2', {}, heading))
  const figure = element('div', { class: 'picture' })
  root.append(words, figure)
  return { words, figure }
}

/** A number whose heading is only spoken. @param {string} name @param {string} heading */
export const hinted = (name, heading) => element('span', { class: name }, element('span', { class: 'hidden' }, heading), element('span'))
