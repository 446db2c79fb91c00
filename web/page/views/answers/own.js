/** A text of one's own, and what the network answers to it as it is typed. */
import { element, pool, say, show } from '../../draw/dom.js'
import { percent } from '../../draw/numbers.js'
import { engineSays, t } from '../../language/index.js'

/** @typedef {import('../../types.js').Question} Question */
/** @typedef {import('../../types.js').State} State */

/** Where the page keeps what was typed. */
const KEPT = 'answers'

/** Characters of it, and of an example. */
const [MOST, EXAMPLE] = [1000, 16]

/** What was typed while the network learned what it learns now. @param {State} state */
export function typed({ chosen, run }) {
  const { text = '', task } = chosen[KEPT] ?? {}
  return task === run?.task?.name ? String(text) : ''
}

/** Keeps it. @param {import('../../types.js').Emit} emit @param {string} text @param {string} task */
export function keep(emit, text, task) {
  emit({ type: 'choose', panel: KEPT, name: 'task', value: task })
  emit({ type: 'choose', panel: KEPT, name: 'text', value: text })
}

/** @param {State} state @param {string} asker @returns {Question[]} */
export const replyTo = (state, asker) => (typed(state).trim() ? [{ name: 'reply', options: { text: typed(state) }, asker }] : [])

/** @param {string} text */
const shortened = (text) => (text.length > EXAMPLE ? `${text.slice(0, EXAMPLE).trimEnd()} …` : text)

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit */
export function createOwn(root, emit) {
  let task = ''
  const input = element('input', {
    class: 'framed', type: 'text', maxlength: MOST, spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', 'aria-label': t('Your own, in its place'),
    input: () => keep(emit, input.value, task),
  })
  const told = element('p', { role: 'status' })
  const written = told.appendChild(element('span', { class: 'written' }))
  const classes = pool(told, () => element('span', { class: 'one' }, element('span', { class: 'letter' }), ' ', element('span', { class: 'number' })))
  const wrong = told.appendChild(element('span', { class: 'soft' }))
  const node = root.appendChild(element('div', { class: 'own' }, input, told))
  return {
    /** @param {State} state @param {import('../../types.js').Run} run @param {readonly import('../../types.js').Inspection[]} answers */
    paint(state, run, answers) {
      show(node, run.task?.replies === true)
      if (!run.task?.replies) return
      task = run.task.name
      const text = typed(state)
      const answer = answers.find(({ name }) => name === 'reply')
      const reply = answer?.name === 'reply' && answer.result?.text === text ? answer.result : undefined
      input.placeholder = t`your own, such as ${shortened(run.task.preview[0]?.reads ?? '')}`
      if (document.activeElement !== input && input.value !== text) input.value = text
      say(written, reply?.written === undefined ? '' : `→ ${reply.written}`)
      const weighed = reply?.weighed?.slice(0, 2) ?? []
      classes(weighed.length).forEach((one, i) => {
        const [label, share] = /** @type {HTMLElement[]} */ ([...one.children])
        say(label, weighed[i].label)
        say(share, `${percent(weighed[i].share)} %`)
      })
      say(wrong, text.trim() && answer?.error ? engineSays(answer.error) : '')
    },
  }
}
