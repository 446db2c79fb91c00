/** Can it read this? Any sentence, with the letters marked that the network has no input for. */
import { wordsOf } from '../../engine/text.js'
import { element, say } from '../draw/dom.js'
import { count, spoken } from '../draw/numbers.js'
import { t } from '../language/index.js'

export function createTrial() {
  const input = element('input', { class: 'framed', type: 'text', 'aria-label': t('A sentence to try'), placeholder: t('try any sentence'), input: judge })
  const shown = element('p', { class: 'tried' })
  const verdict = element('p', { class: 'soft', role: 'status' })
  const node = element('div', { class: 'trial' }, element('div', { class: 'line' }, element('span', {}, t('can it read this?'))), input, shown, verdict)
  /** @type {ReadonlySet<string>} */
  let known = new Set()
  /** @type {readonly string[]} */
  let vocabulary = []
  let tokens = 'characters'

  function judge() {
    if (tokens === 'bytes') {
      shown.replaceChildren(input.value)
      return say(verdict, input.value && t('Every letter of it has an input of its own.'))
    }
    const letters = tokens === 'words' ? [...wordsOf(input.value)] : [...input.value]
    shown.replaceChildren(...letters.map((letter) => (known.has(letter) ? letter : element('span', { class: 'unknown' }, letter))))
    const unknown = [...new Set(letters.filter((letter) => !known.has(letter)))]
    const times = letters.filter((letter) => !known.has(letter)).length
    if (tokens === 'words') return say(verdict, letters.length === 0 ? '' : times === 0 ? t('Every letter of it has an input of its own.') : t`${count(times)} of ${count(letters.length)} words and marks are read as one, the unknown word ⟨?⟩.`)
    const list = unknown.slice(0, 12).map(spoken).join(', ') + (unknown.length > 12 ? '…' : '')
    say(verdict, letters.length === 0 ? ''
      : times === 0 ? t('Every letter of it has an input of its own.')
        : times === 1 ? t`One character is left out, never seen in the text: ${list}.` : t`${count(times)} characters are left out, never seen in the text: ${list}.`)
  }

  return {
    node,
    /** @param {import('../types.js').State} state */
    render({ run }) {
      const symbols = run?.vocabulary.symbols ?? []
      if (symbols === vocabulary) return
      vocabulary = symbols
      tokens = run?.vocabulary.tokens ?? 'characters'
      known = new Set(symbols)
      judge()
    },
  }
}
