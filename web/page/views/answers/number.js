/** One number for a whole sequence: what is read, and how near what the network would say comes to what is wanted. */
import { answerAt } from '../../answers.js'
import { shape, put, say } from '../../draw/dom.js'
import { fixed } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createChart } from './chart.js'

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createNumberAtEnd(root, emit) {
  const chart = createChart(root, emit)
  const ticks = shape(chart.svg, 'path', { class: 'ticks-line' })
  const marks = shape(chart.svg, 'path', { class: 'chosen-line' })
  const wanted = shape(chart.svg, 'path', { class: 'truth' })
  const says = shape(chart.svg, 'path', { class: 'says' })
  return {
    paint({ step }, run, frame) {
      const answers = Array.from(frame.inputs, (_, at) => answerAt(run, frame, at))
      const last = answers[answers.length - 1]
      chart.draw({ steps: answers.length, step, values: [0, last.truth, ...answers.map(({ share }) => share)] }, ({ x, y, bottom }) => {
        const stem = (/** @type {number} */ at) => `M${x(at)} ${bottom}V${y(answers[at].numbers[0])}`
        const marked = answers.map(({ numbers }) => numbers.length > 1 && numbers[1] !== 0)
        put(ticks, { d: answers.map((_, at) => (marked[at] ? '' : stem(at))).join('') })
        put(marks, { d: answers.map((_, at) => (marked[at] ? stem(at) : '')).join('') })
        put(wanted, { d: `M${x(0)} ${y(last.truth)}H${x(answers.length - 1)}` })
        put(says, { d: answers.map(({ share }, at) => (Number.isNaN(share) ? '' : `L${x(at)} ${y(share)}`)).join('').replace('L', 'M') })
      })
      const terms = answers.filter(({ numbers }) => numbers.length > 1 && numbers[1] !== 0).map(({ numbers }) => fixed(numbers[0]))
      chart.tell([[t('wanted'), 'truth', `${terms.length ? `${terms.join(' + ')} = ` : ''}${last.wanted}`], [t('it says'), 'says', last.says]])
      say(chart.title, t`It should say ${last.wanted}, and says ${last.says}.`)
    },
    destroy: chart.destroy,
  }
}
