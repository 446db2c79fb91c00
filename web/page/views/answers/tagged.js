/** Yes or no to each symbol: how likely yes is, as its colour and in words, and what would be right. */
import { answerAt, betsAt, outputsOf } from '../../answers.js'
import { element, pool, put, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { percent } from '../../draw/numbers.js'
import { t } from '../../language/index.js'

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createTagged(root, emit) {
  const list = element('div', { class: 'tagged', role: 'group', 'aria-label': t('What it says to each symbol') })
  const about = element('p', { class: 'soft' })
  root.append(list, about)
  const tags = pool(list, () => {
    const node = element('button', { click: () => emit({ type: 'step', value: Number(node.dataset.step) }) }, element('span', { class: 'symbol' }), ' ', element('span', { class: 'share' }))
    return node
  })
  return {
    paint({ step }, run, frame) {
      const names = outputsOf(run)
      tags(frame.inputs.length).forEach((node, at) => {
        const answer = answerAt(run, frame, at)
        const [, yes] = Array.from(betsAt(run, frame, at))
        const { background, text } = shade('value', yes)
        const [symbol, share] = /** @type {HTMLElement[]} */ ([...node.children])
        node.dataset.step = String(at)
        say(symbol, answer.reads)
        say(share, answer.asked ? percent(yes) : '')
        share.style.background = answer.asked ? background : ''
        share.style.color = answer.asked ? text : ''
        node.classList.toggle('wrong', answer.asked && !answer.right)
        node.classList.toggle('picked', at === step)
        put(node, { 'aria-label': answer.asked ? t`${answer.reads} ${percent(yes)} % “${names[1]}”, ${answer.right ? t('right') : t('wrong')}` : t`${answer.reads}, nothing is asked`, 'aria-pressed': String(at === step) })
      })
      say(about, t`Per cent that it is “${names[1]}”; what is wrong is outlined.`)
    },
  }
}
