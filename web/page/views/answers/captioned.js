/** A picture that is read at once, and the caption that is written to it. */
import { element } from '../../draw/dom.js'
import { t } from '../../language/index.js'
import { createPaper } from './paper.js'
import { createRewritten } from './rewritten.js'

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createCaptioned(root, emit) {
  const paper = createPaper(root, t('the picture'))
  const letters = element('div', { class: 'caption' })
  root.append(letters)
  const { paint } = createRewritten(letters, emit)
  return {
    paint(state, run, frame, answers) {
      const across = run.task?.sourceAcross ?? 1
      const ink = Array.from(frame.values['source.x'].data)
      paper(ink.map((value) => Math.min(1, Math.max(0, value))), across, ink.length / across)
      paint(state, run, frame, answers)
    },
  }
}
