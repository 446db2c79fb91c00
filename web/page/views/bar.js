/** The bar: wordmark, the text to learn, lessons, sharing, and the two drawers. */
import { element, shape } from '../draw/dom.js'
import { presets } from '../../presets.js'
import { english, t } from '../language/index.js'

/** What one will see, by preset. @type {Readonly<Record<string, string>>} */
const SEE = english({
  hello: 'only memory tells its two l’s apart',
  'hello-gru': 'the same with two gates',
  'hello-lstm': 'the same with three gates and a cell',
  'moby-dick': 'words appear within a minute',
  'min-char-rnn': 'Karpathy’s network of 2015',
})

/** @type {import('../types.js').CreateView} */
export function createBar(root, emit) {
  const svg = shape(null, 'svg', { width: 26, height: 14, viewBox: '0 0 26 14', 'aria-hidden': 'true' })
  for (const cx of [3, 13, 23]) shape(svg, 'circle', { cx, cy: 7, r: 3 })
  shape(svg, 'path', { d: 'M6 7h4M16 7h4' })

  const menu = element('select', { id: 'preset', change: choose })
  for (const { name, label, task } of Object.values(presets)) if (!task) menu.append(element('option', { value: name }, SEE[name] ? t`${label}: ${t(SEE[name])}` : t('your text…')))
  const lessons = element('button', { class: 'plain lessons-button' }, t('Lessons'))
  const share = element('button', { class: 'plain', title: t('Copy a link that repeats this run'), click: () => emit({ type: 'share' }) }, t('Share'))
  const data = element('button', { class: 'plain', 'aria-haspopup': 'dialog', click: () => emit({ type: 'drawer', name: open === 'data' ? '' : 'data' }) }, t('Data'))
  const settings = element('button', { class: 'plain', 'aria-haspopup': 'dialog', click: () => emit({ type: 'drawer', name: open === 'settings' ? '' : 'settings' }) }, t('Settings'))
  root.append(
    element('span', { class: 'mark' }, svg, 'Unroll'),
    element('label', { class: 'preset' }, element('span', { class: 'hidden' }, t('What to learn')), menu),
    element('span', { class: 'grow' }), lessons, share, data, settings,
  )

  let current = 'hello'
  let open = ''
  /** @type {import('../state.js').Draft | null} */
  let own = null
  /** @type {import('../state.js').Draft | null} */
  let draft = null

  function choose() {
    const name = menu.value
    if (name !== 'own') return emit({ type: 'preset', name })
    menu.value = current
    emit({ type: 'draft', draft: { ...(draft ?? own ?? { name: t('your text'), text: '' }), asText: true } })
  }

  return {
    render(state) {
      const shown = state.pending?.preset ?? state.preset
      if (shown !== current || state.notice) menu.value = current = shown
      open = state.drawer
      share.disabled = state.run === null || state.opening
      own = state.own
      draft = state.draft
      data.setAttribute('aria-expanded', String(open === 'data'))
      settings.setAttribute('aria-expanded', String(open === 'settings'))
    },
    destroy() { root.replaceChildren() },
  }
}
