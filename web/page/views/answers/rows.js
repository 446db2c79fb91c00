/** A class for some of the steps: what was read, what is wanted and what is said, one below the other. */
import { answerAt } from '../../answers.js'
import { element, pool, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { t } from '../../language/index.js'

/** @param {HTMLElement} root @returns {import('./index.js').Face} */
export function createRows(root) {
  const body = element('tbody')
  root.append(element('div', { class: 'aligned', role: 'group', tabindex: 0, 'aria-label': t('What it says at each step') }, element('table', {}, body)))
  const rows = ['reads', 'wanted', 'says'].map((kind) => {
    const head = element('th', { scope: 'row' }, { reads: t('reads'), wanted: t('should say'), says: t('says') }[kind] ?? '')
    const row = element('tr', { class: kind }, head)
    body.append(row)
    return pool(row, () => element('td'))
  })
  return {
    paint({ step }, run, frame) {
      const answers = Array.from(frame.inputs, (_, at) => answerAt(run, frame, at))
      const [reads, wanted, says] = rows.map((cells) => cells(answers.length))
      answers.forEach(({ asked, right, share, ...answer }, at) => {
        say(reads[at], answer.reads)
        say(wanted[at], asked ? answer.wanted : '')
        say(says[at], asked ? answer.says : '')
        const { background, text } = shade('value', asked ? share : 0)
        says[at].style.background = asked ? background : ''
        says[at].style.color = asked ? text : ''
        says[at].classList.toggle('wrong', asked && !right)
        for (const cell of [reads[at], wanted[at], says[at]]) cell.classList.toggle('picked', at === step)
      })
    },
  }
}
