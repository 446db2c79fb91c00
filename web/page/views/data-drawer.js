/** The Data drawer: the text, what it is made of, and how to learn another one. */
import { element, pool, say, show } from '../draw/dom.js'
import { bytes, count, glyph, short, spoken } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { columnsFor } from '../drawing.js'
import { phrase, t } from '../language/index.js'
import { countLetters, passageOf } from '../letters.js'
import { createDrawer } from './drawer.js'
import { readFile } from './drop.js'
import { takeAlong } from './take-along.js'
import { createTrial } from './trial.js'

/** Longer texts are shown, not edited, and only their beginning. */
const EDITABLE = 20000
/** Letters shown before and after those of the drawing. */
const AROUND = 60
/** Different letters listed. */
const LISTED = 120

/** @param {number} length  of a text @returns {string} why it cannot be learned, and what to do */
function mistakeIn(length) {
  if (length === 0) return t('Type or paste some text, or drop a file, to go on.')
  return length === 1 ? t('One letter has nothing after it: add at least one more.') : ''
}

/** @param {number} length @param {number} kinds @param {boolean} draft */
function madeOf(length, kinds, draft) {
  const [all, different] = [length, kinds].map(count)
  if (length === 1) return draft ? t('The network would learn from one letter.') : t('The network learns from one letter.')
  if (kinds === 1) return draft ? t`The network would learn from ${all} letters, all the same.` : t`The network learns from ${all} letters, all the same.`
  return draft ? t`The network would learn from ${all} letters, ${different} different ones.` : t`The network learns from ${all} letters, ${different} different ones.`
}

/** @type {import('../types.js').CreateView} */
export function createDataDrawer(root, emit) {
  const drawer = createDrawer(root, 'data', t('Data'), emit)
  const lead = element('p', { class: 'lead' })
  const shrunk = element('p', { class: 'remark' })
  const note = element('span')
  const area = element('textarea', {
    rows: 12, spellcheck: 'false', 'aria-label': t('The text to learn'), paste: pasted,
    input: () => emit({ type: 'draft', draft: { name: t('your text'), text: area.value } }),
  })
  const file = element('input', { type: 'file', accept: 'text/*,.txt,.md,.csv,.json,.js,.py,.c,.html', class: 'hidden', id: 'file', change: chosen })
  const passage = element('p', { class: 'passage' })
  const unseen = element('p', { class: 'remark' })
  const trial = createTrial()
  const size = element('span')
  const list = element('ul', { class: 'letters' })
  const more = element('p', { class: 'soft' })
  const next = element('p', { role: 'status' })
  const undo = element('button', { class: 'mini', click: () => emit({ type: 'draft', draft: null }) }, t('Undo changes'))
  const learn = element('button', { class: 'button primary', click: () => emit({ type: 'learn' }) }, t('Start learning this text'))
  const bring = element('p', { class: 'dropzone' })
  const choice = { node: element('span', {}, file, element('label', { class: 'mini', for: 'file' }, t('choose one'))) }
  createPhrase(bring)(phrase`Type, paste, drop a text file anywhere, or ${choice}. It stays on this computer.`)
  drawer.body.append(
    element('div', { class: 'text' }, lead, shrunk, element('div', { class: 'line' }, element('span', {}, t('the text')), note), area,
      bring, takeAlong(emit), passage, unseen),
    element('div', { class: 'counts' }, element('div', { class: 'line' }, element('span', {}, t('its letters, by how often they occur')), size), list, more, trial.node),
  )
  learn.disabled = true // until there is something to learn
  drawer.foot.append(next, undo, learn)
  const rows = pool(list, () => element('li', {}, element('span', { class: 'letter' }), element('span', { class: 'soft' }), element('i')))

  /** @type {string | null} */
  let counted = null
  /** @type {import('../letters.js').Letters | null} */
  let letters = null
  let shownArea = ''
  let wasOpen = false

  function chosen() {
    const [picked] = file.files ?? []
    if (picked) void readFile(picked, emit)
    file.value = ''
  }

  /** A book in a text field would stop the page: it goes around it. @param {ClipboardEvent} event */
  function pasted(event) {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text.length < EDITABLE) return
    event.preventDefault()
    emit({ type: 'draft', draft: { name: t('your text'), text } })
  }

  /** @param {string} text */
  async function recount(text) {
    counted = text
    const result = await countLetters(text)
    if (counted !== text) return
    letters = result
    list.classList.remove('stale')
    const shown = result.symbols.slice(0, LISTED)
    const most = Math.log1p(shown[0]?.[1] ?? 1)
    rows(shown.length).forEach((row, i) => {
      const [symbol, n] = shown[i]
      const [face, number, bar] = row.children
      say(face, glyph(symbol))
      say(number, short(n))
      row.setAttribute('aria-label', t`${spoken(symbol)}, ${count(n)} times`)
      ;/** @type {HTMLElement} */ (bar).style.width = `${Math.max(4, (100 * Math.log1p(n)) / most)}%`
    })
    say(size, count(result.symbols.length))
    say(more, result.symbols.length > LISTED ? t`and ${count(result.symbols.length - LISTED)} more` : '')
    if (lastState) describe(lastState)
  }

  /** Where the letters of the drawing stand in the text. @param {import('../types.js').State} state */
  function mark({ run, text, from, width, zoom, draft }) {
    show(passage, run !== null && draft === null)
    if (!run || draft || passage.hidden) return
    const [before, within, after] = passageOf(text, from, columnsFor(run, width, zoom) + 1, AROUND)
    const label = t('drawn now:')
    if (passage.textContent === `${label} ${before}${within}${after}`) return
    passage.replaceChildren(label, ' ', before, element('mark', {}, within), after)
  }

  /** @type {import('../types.js').State | null} */
  let lastState = null

  /** @param {import('../types.js').State} state */
  function describe(state) {
    const { draft, run } = state
    const kinds = letters?.symbols.length ?? 0
    const length = letters?.length ?? 0
    say(lead, !letters ? t('Counting its letters…') : length === 0 ? t('There is no text yet.') : madeOf(length, kinds, draft !== null))
    const plan = run?.plan
    const small = !draft && plan?.shrunk
    show(shrunk, Boolean(small))
    if (small && plan && run) {
      const { batch, steps } = run.config
      say(shrunk, t`This text has ${count(plan.length)} letters: batch ${Number(batch)} × ${Number(steps)} steps shrunk to ${plan.batch} × ${plan.steps}.`)
    }
    const held = draft ? undefined : run?.validation
    show(unseen, held !== undefined)
    if (held && plan) say(unseen, t`It learns from the first ${count(plan.length)} letters and keeps the last ${count(held.symbols)} unseen, to check by: the dots on the loss curve. The share is in Settings.`)
    const wrong = state.notice?.tone === 'error' ? state.notice.text : letters ? mistakeIn(length) : ''
    say(next, wrong || (!draft ? t('Change the text, or bring another one, to learn something else.')
      : kinds === 1 ? t('Only one kind of letter: it can be learned, but there is nothing to guess.')
        : t('A new text needs a new network: its letters are the network’s inputs and outputs.')))
    next.classList.toggle('wrong', wrong !== '' && draft !== null)
    learn.disabled = !draft || length < 2 || state.opening
    show(undo, draft !== null)
  }

  return {
    render(state) {
      const open = drawer.toggle(state.drawer === 'data')
      if (!open) { wasOpen = false; return }
      lastState = state
      const text = state.draft ? state.draft.text : state.text
      if (text !== counted) { list.classList.add('stale'); void recount(text) }
      const long = text.length > EDITABLE
      const preview = long ? text.slice(0, 4000) : text
      if (preview !== shownArea || !wasOpen) {
        shownArea = preview
        if (area.value !== preview) area.value = preview
        area.readOnly = long
        say(note, long ? t`its beginning, of ${bytes(text.length)}` : state.draft?.name ?? state.label)
      }
      if (!wasOpen && !long) area.focus({ preventScroll: true })
      wasOpen = true
      describe(state)
      mark(state)
      trial.render(state)
    },
    destroy() { drawer.destroy() },
  }
}
