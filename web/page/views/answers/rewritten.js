/** A sequence after another: what is read first, what should be written, and what is, with the truth told step by step and alone. */
import { answerAt } from '../../answers.js'
import { shade } from '../../draw/colour.js'
import { element, pool, say } from '../../draw/dom.js'
import { glyph } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createOwn } from './own.js'

/** The last answer is the end, which nothing is written for. @param {import('../../types.js').Frame} frame */
const lengthOf = ({ inputs }) => inputs.length - 1

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createRewritten(root, emit) {
  const body = element('tbody')
  root.append(element('div', { class: 'aligned rewritten', role: 'group', 'aria-label': t('What it reads'), tabindex: 0 }, element('table', {}, body)))
  const rows = [['reads', t('reads first')], ['wanted', t('should say')], ['says', t('says, told the truth before')], ['free', t('writes alone')]].map(([kind, title]) => {
    const row = element('tr', { class: kind }, element('th', { scope: 'row' }, title))
    body.append(row)
    return pool(row, () => element('td'))
  })
  const own = createOwn(root, emit)
  return {
    paint(state, run, frame, answers) {
      own.paint(state, run, answers)
      const { source = [], written = [] } = frame.rewritten ?? {}
      const said = Array.from({ length: lengthOf(frame) }, (_, at) => answerAt(run, frame, at))
      const [reads, wanted, says, free] = rows.map((cells, i) => cells([source, said, said, written][i].length))
      source.forEach((symbol, at) => say(reads[at], glyph(symbol)))
      said.forEach((answer, at) => {
        const { background, text } = shade('value', answer.share)
        say(wanted[at], answer.wanted)
        say(says[at], answer.says)
        Object.assign(says[at].style, { background, color: text })
        says[at].classList.toggle('wrong', !answer.right)
      })
      written.forEach((symbol, at) => {
        say(free[at], glyph(symbol))
        free[at].classList.toggle('wrong', said[at]?.wanted !== glyph(symbol))
      })
    },
  }
}
