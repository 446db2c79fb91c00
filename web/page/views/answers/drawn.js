/** A picture of one symbol: one that is right, and what the network draws alone, as far as it has come. */
import { outputsOf } from '../../answers.js'
import { element, say } from '../../draw/dom.js'
import { t } from '../../language/index.js'
import { createPaper } from './paper.js'

/** @param {HTMLElement} root @returns {import('./index.js').Face} */
export function createDrawn(root) {
  const digit = element('p', { class: 'asked-of' })
  root.append(digit)
  const [right, drawn] = [t('one that is right'), t('what it draws')].map((title) => createPaper(root, title))
  return {
    paint(_, run, frame) {
      const { source = [], written = [] } = frame.rewritten ?? {}
      const across = run.task?.across ?? 1
      const names = outputsOf(run)
      const inkOf = (/** @type {readonly string[]} */ points) => points.slice(0, across * across).map((point) => Number(point === names[1]))
      say(digit, source[0] ?? '')
      right(inkOf(Array.from(frame.targets, (target) => names[target])), across)
      drawn(inkOf(written), across)
    },
  }
}
