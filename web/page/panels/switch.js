/** One of a few, side by side. */
import { element, put } from '../draw/dom.js'

/**
 * @param {string} label
 * @param {readonly [value: string, words: string][]} options
 * @param {(value: string) => void} choose
 */
export function createSwitch(label, options, choose) {
  const buttons = options.map(([value, words]) => element('button', { 'aria-pressed': 'false', click: () => choose(value) }, words))
  return {
    node: element('div', { class: 'switch', role: 'group', 'aria-label': label }, ...buttons),
    /** @param {string} value @param {boolean} enabled */
    enable: (value, enabled) => buttons.forEach((button, i) => { if (options[i][0] === value) button.disabled = !enabled }),
    /** @param {string} value */
    set: (value) => buttons.forEach((button, i) => put(button, { 'aria-pressed': String(options[i][0] === value) })),
  }
}
