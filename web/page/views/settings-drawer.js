/** The Settings drawer, made from the engine's table of hyperparameters: what applies at once, and what needs a new network. */
import { WORDS } from '../../engine/field-words.js'
import { element, say, show } from '../draw/dom.js'
import { createSpin } from '../draw/spin.js'
import { bytes, capital, count, plain } from '../draw/numbers.js'
import { applicable } from '../applicable.js'
import { speedChange } from '../cost.js'
import { formulasOf, remarksOf, typeset } from '../formula.js'
import { choiceLabel, isFixed, labelOf, rangeOf, writeSetting } from '../fields.js'
import { language, LANGUAGES, t } from '../language/index.js'
import { createDrawer } from './drawer.js'
import { createNarrationSwitch } from './narration.js'

/** @typedef {import('../types.js').Field} Field */
/** @typedef {import('../types.js').Setting} Setting */

/** @type {import('../types.js').CreateView} */
export function createSettingsDrawer(root, emit) {
  const drawer = createDrawer(root, 'settings', t('Settings'), emit)
  const cost = element('p', { class: 'lead' })
  const table = element('div', { class: 'fields' })
  const formulas = element('div', { class: 'formulas' })
  const remarks = element('p', { class: 'help' })
  const narrate = createNarrationSwitch(emit)
  drawer.body.append(createLanguage(emit), cost, formulas, remarks, table, narrate.node)
  const status = element('p', { role: 'status' })
  const defaults = element('button', { class: 'mini', click: () => emit({ type: 'defaults' }) }, t('All defaults'))
  const undo = element('button', { class: 'mini', click: () => emit({ type: 'forget-edits' }) }, t('Undo changes'))
  const apply = element('button', { class: 'button primary', click: () => emit({ type: 'apply' }) }, t('Make this network'))
  apply.disabled = true // until something is to change
  drawer.foot.append(status, defaults, undo, apply)

  /** @type {Map<string, ReturnType<typeof createRow>>} */
  let rows = new Map()
  /** @type {readonly Field[] | null} */
  let fields = null

  /** What the network computes, as soon as another setting is chosen. @param {import('../types.js').Config} config */
  function write(config) {
    const next = formulasOf(config)
    if (next.join() === written) return
    written = next.join()
    formulas.replaceChildren(...next.map((line) => element('div', {}, typeset(line))))
  }
  let written = ''

  /** @param {readonly Field[]} next */
  function build(next) {
    fields = next
    rows = new Map()
    table.replaceChildren()
    for (const group of new Set(next.map((field) => field.group))) {
      const members = next.filter((row) => row.group === group)
      const alike = members.every((row) => row.live === members[0].live)
      const section = element('section', {}, element('h3', {}, capital(t(group)), ...(alike ? [badge(members[0].live)] : [])))
      for (const field of members) {
        const row = createRow(field, !alike, (value) => emit({ type: 'edit', field: field.name, value }))
        rows.set(field.name, row)
        section.append(row.node)
      }
      table.append(section)
    }
  }

  return {
    render(state) {
      if (!drawer.toggle(state.drawer === 'settings') || !state.run) return
      const { run, edits, mistakes } = state
      narrate.render(state)
      if (fields === null || fields.length !== run.fields.length) build(run.fields)
      const config = { ...run.config, ...edits }
      write(config)
      say(remarks, remarksOf(config).join(' '))
      const visible = new Set(applicable(run.fields, config).map((field) => field.name))
      for (const [name, row] of rows) {
        show(row.node, visible.has(name))
        row.render(config[name], name in edits, mistakes[name] ?? '')
      }
      for (const section of table.children) show(section, [...section.querySelectorAll('.field')].some((node) => !node.hasAttribute('hidden')))
      const weights = run.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
      const waiting = Object.keys(edits).length
      const wrong = Object.keys(mistakes).length
      const [many, now] = [count(weights), bytes(run.bytes)]
      say(cost, waiting && state.foreseen ? t`${many} weights, ${now} in memory; then ${bytes(state.foreseen)}, ${speedChange(run.config, config)}.` : t`${many} weights, ${now} in memory.`)
      const failed = state.notice?.tone === 'error' ? state.notice.text : ''
      say(status, wrong ? Object.values(mistakes)[0] : failed || (waiting === 1 ? t('This change needs a new network: training begins again.')
        : waiting ? t('These changes need a new network: training begins again.') : t('Yellow numbers can be dragged or typed.')))
      status.classList.toggle('wrong', wrong > 0 || failed !== '')
      show(undo, waiting > 0 || wrong > 0)
      apply.disabled = waiting === 0 || wrong > 0 || state.opening
    },
    destroy() { drawer.destroy() },
  }
}

/** Each language by its own name. @param {import('../types.js').Emit} emit */
function createLanguage(emit) {
  const options = Object.entries(LANGUAGES).map(([code, name]) => element('option', { value: code, lang: code, ...(code === language && { selected: true }) }, name))
  const menu = element('select', { class: 'framed', id: 'language', change: () => emit({ type: 'language', code: menu.value }) }, ...options)
  return element('p', { class: 'language' }, element('label', { for: 'language' }, t('Language')), menu)
}

/** @param {boolean} live */
const badge = (live) => element('span', { class: 'badge' }, live ? t('applies at once') : t('needs a new network'))

/**
 * One hyperparameter.
 * @param {Field} field
 * @param {boolean} marked  whether it says itself when it applies
 * @param {(value: Setting) => void} change
 */
function createRow(field, marked, change) {
  const name = labelOf(field.name)
  const id = `field-${field.name}`
  const control = createControl(field, name, change)
  const wrong = element('p', { class: 'wrong', id: `${id}-wrong` })
  const range = rangeOf(field)
  const written = writeSetting(field, field.default)
  const reset = element('button', { class: 'mini', 'aria-label': t`${name}: back to default ${written}`, click: () => change(field.default) }, t`default ${written}`)
  const fixed = element('span', {}, t`default ${written}`)
  const node = element('div', { class: 'field' },
    element('div', { class: 'about' }, element('b', {}, name), ...(marked ? [badge(field.live)] : []), element('p', { class: 'help', id: `${id}-help` }, [capital(t(field.help || WORDS[field.name].help)), t(field.note ?? '')].join(' ').trim()), wrong),
    element('div', { class: 'control' }, control.node, element('p', { class: 'help' }, reset, fixed, range ? `, ${range}` : '')),
  )
  control.node.id = id
  control.node.toggleAttribute('disabled', isFixed(field))
  control.node.setAttribute('aria-describedby', `${id}-help ${id}-wrong`)
  return {
    node,
    /** @param {Setting} value @param {boolean} edited @param {string} mistake */
    render(value, edited, mistake) {
      control.set(value, mistake !== '')
      const differs = !isFixed(field) && value !== field.default
      show(reset, differs)
      show(fixed, !differs)
      node.classList.toggle('edited', edited)
      say(wrong, mistake)
    },
  }
}

/** @param {Field} field @param {string} label @param {(value: Setting) => void} change @returns {{ node: HTMLElement, set(value: Setting, wrong: boolean): void }} */
function createControl(field, label, change) {
  if (field.kind === 'choice') {
    const options = (field.choices ?? []).map((choice) => element('option', { value: choice }, choiceLabel(choice)))
    const node = element('select', { class: 'framed', 'aria-label': label, change: () => change(node.value) }, ...options)
    return { node, set(value) { if (node.value !== String(value)) node.value = String(value) } }
  }
  if (field.kind === 'flag') {
    const node = element('input', { type: 'checkbox', 'aria-label': label, change: () => change(node.checked) })
    return { node, set(value) { node.checked = Boolean(value) } }
  }
  const logarithmic = field.kind === 'real' && field.minimum >= 0 && field.maximum > 1
  const spin = createSpin({
    label, minimum: field.minimum, maximum: field.maximum, step: field.kind === 'integer' ? 1 : 0.01, whole: field.kind === 'integer', logarithmic, format: plain,
    change, refuse: (text) => change(Number(text.replace(',', '.').trim() || NaN)),
  })
  return { node: spin.node, set(value) { spin.set(Number(value)) } }
}
