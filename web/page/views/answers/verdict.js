/** One answer to a whole sequence: what is read up to the yellow step, and how likely each class is then. */
import { answerAt, betsAt, outputsOf, readAt } from '../../answers.js'
import { element, pool, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { glyph } from '../../draw/numbers.js'
import { createPhrase } from '../../draw/phrase.js'
import { phrase, t } from '../../language/index.js'
import { createBetList, likeliest } from '../bet-list.js'
import { createOwn } from './own.js'

const MOST = 5

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createVerdict(root, emit) {
  const text = element('p', { class: 'sequence', role: 'group', 'aria-label': t('What it reads'), tabindex: 0 })
  const letters = pool(text, () => element('span'))
  const verdict = element('p', { class: 'soft' })
  const list = element('div')
  root.append(element('div', { class: 'asked' }, text, verdict), list)
  const bets = createBetList(list)
  const write = createPhrase(verdict)
  const own = createOwn(root, emit)
  return {
    paint(state, run, frame, answers) {
      own.paint(state, run, answers)
      const last = frame.inputs.length - 1
      const step = Math.min(state.step, last)
      const between = run.task?.between ?? ''
      text.classList.toggle('words', between !== '')
      letters(last + 1).forEach((node, at) => {
        const { truth, pWanted } = answerAt(run, frame, last)
        say(node, glyph(readAt(run, frame, at)) + between)
        node.classList.toggle('later', at > step)
        node.style.boxShadow = `inset 0 -4px 0 ${shade('value', betsAt(run, frame, at)[truth] ?? pWanted).background}`
      })
      bets(likeliest(betsAt(run, frame, step), MOST), answerAt(run, frame, step).truth, outputsOf(run))
      const { wanted } = answerAt(run, frame, last)
      write(phrase`It is ${{ letter: wanted }}. After each letter, the stripe is as blue as it is sure of that.`)
    },
  }
}
