/** What a text is cut into, and how many different words a network tells apart. */
import { element, show } from '../draw/dom.js'
import { plain } from '../draw/numbers.js'
import { createSpin } from '../draw/spin.js'
import { t } from '../language/index.js'
import { createSwitch } from '../panels/switch.js'
import { cutAsked } from '../state.js'
import { tokenFields } from '../tokens.js'

/** @param {import('../types.js').Emit} emit */
export function createCut(emit) {
  const edit = (/** @type {string} */ field) => (/** @type {import('../types.js').Setting} */ value) => emit({ type: 'edit', field, value })
  const cut = createSwitch(t('What the network reads one at a time'), [['characters', t('characters')], ['words', t('words')], ['bytes', t('bytes')]], edit('tokens'))
  const { minimum, maximum } = tokenFields[1]
  const most = createSpin({ label: t('the most different words'), minimum, maximum, step: 1, whole: true, format: plain, change: edit('maxVocabulary') })
  const words = element('span', { class: 'soft' }, t('at most'), ' ', most.node)
  const node = element('div', { class: 'line cut' }, element('span', {}, t('cut into')), cut.node, words)
  return {
    node,
    /** @param {import('../types.js').State} state */
    render(state) {
      const { tokens, maxVocabulary } = cutAsked(state)
      show(node, state.run?.task === undefined)
      cut.set(String(tokens))
      show(words, tokens === 'words')
      most.set(Number(maxVocabulary ?? tokenFields[1].default))
    },
  }
}
