/** The Data drawer: the text, what it is made of, and how to learn another one. */
import { element, pool, put, say, show } from '../draw/dom.js'
import { bytes, clipped, count, glyph, short, spoken } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { columnsFor } from '../drawing.js'
import { phrase, t } from '../language/index.js'
import { countSymbols, passageOf } from '../letters.js'
import { cutAsked } from '../state.js'
import { createCut } from './cut.js'
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
/** Characters of a word that are shown. */
const FACE = 14

/** @param {number} length  of a text @returns {string} why it cannot be learned, and what to do */
function mistakeIn(length) {
  if (length === 0) return t('Type or paste some text, or drop a file, to go on.')
  return length === 1 ? t('Nothing comes after it: add at least one more.') : ''
}

/** @param {number} length @param {number} kinds @param {boolean} draft @param {boolean} held  not all of it is learned @param {unknown} tokens */
function madeOf(length, kinds, draft, held, tokens) {
  const [all, different] = [length, kinds].map(count)
  if (tokens === 'words') return t`The text has ${all} words and marks, ${different} different ones.`
  if (tokens === 'bytes') return t`The text has ${all} bytes, ${different} different ones.`
  if (held) return t`The text has ${all} characters, ${different} different ones.`
  if (length === 1) return draft ? t('The network would learn from one character.') : t('The network learns from one character.')
  if (kinds === 1) return draft ? t`The network would learn from ${all} characters, all the same.` : t`The network learns from ${all} characters, all the same.`
  return draft ? t`The network would learn from ${all} characters, ${different} different ones.` : t`The network learns from ${all} characters, ${different} different ones.`
}

/** What of a text has no symbol of its own. @param {import('../letters.js').Letters} letters @param {import('../types.js').Config} cut */
function cappedOf({ symbols }, { tokens, maxVocabulary }) {
  const most = Number(maxVocabulary ?? Infinity) - 1 // one is for the others
  const others = tokens === 'words' ? symbols.slice(most) : []
  if (!others.length) return ''
  return t`The ${count(most)} most frequent have a symbol each; ${count(others.length)} others are read as one, ⟨?⟩, ${count(others.reduce((sum, [, n]) => sum + n, 0))} times. It is not written.`
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
  const cut = createCut(emit)
  const what = element('span')
  const capped = element('p', { class: 'remark' })
  const size = element('span')
  const list = element('ul', { class: 'letters' })
  const more = element('p', { class: 'soft' })
  const next = element('p', { role: 'status' })
  const undo = element('button', { class: 'mini', click: undone }, t('Undo changes'))
  const learn = element('button', { class: 'button primary', click: () => emit({ type: lastState?.draft ? 'learn' : 'apply' }) }, t('Start learning this text'))
  const bring = element('p', { class: 'dropzone' })
  const choice = { node: element('span', {}, file, element('label', { class: 'mini', for: 'file' }, t('choose one'))) }
  createPhrase(bring)(phrase`Type, paste, drop a text file anywhere, or ${choice}. It stays on this computer.`)
  drawer.body.append(
    element('div', { class: 'text' }, lead, unseen, shrunk, element('div', { class: 'line' }, element('span', {}, t('the text')), note), area,
      bring, takeAlong(emit), passage),
    element('div', { class: 'counts' }, cut.node, element('div', { class: 'line' }, what, size), list, more, capped, trial.node),
  )
  learn.disabled = true // until there is something to learn
  drawer.foot.append(next, undo, learn)
  const rows = pool(list, () => element('li', {}, element('span', { class: 'letter' }), element('span', { class: 'soft' }), element('i')))

  /** @type {string | null} */
  let counted = null
  let countedAs = ''
  /** @type {import('../letters.js').Letters | null} */
  let letters = null
  let shownArea = ''
  let wasOpen = false

  function undone() {
    emit({ type: 'draft', draft: null })
    emit({ type: 'forget-edits' })
  }

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

  /** @param {string} text @param {string} tokens */
  async function recount(text, tokens) {
    [counted, countedAs] = [text, tokens]
    const result = await countSymbols(text, tokens)
    if (counted !== text || countedAs !== tokens) return
    letters = result
    list.classList.remove('stale')
    const shown = result.symbols.slice(0, LISTED)
    const most = Math.log1p(shown[0]?.[1] ?? 1)
    rows(shown.length).forEach((row, i) => {
      const [symbol, n] = shown[i]
      const [face, number, bar] = row.children
      say(face, clipped(glyph(symbol), FACE))
      face.classList.toggle('wide', symbol.length > 3)
      put(/** @type {HTMLElement} */ (face), { title: glyph(symbol).length > FACE ? spoken(symbol) : '' })
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
    const [before, within, after] = passageOf(text, from, columnsFor(run, width, zoom) + 1, AROUND, run.vocabulary)
    const label = t('drawn now:')
    if (passage.textContent === `${label} ${before}${within}${after}`) return
    passage.replaceChildren(label, ' ', before, element('mark', {}, within), after)
  }

  /** @type {import('../types.js').State | null} */
  let lastState = null

  /** @param {import('../types.js').State} state */
  function describe(state) {
    const { draft, run } = state
    const held = draft ? undefined : run?.validation
    const asked = cutAsked(state)
    const waiting = 'tokens' in state.edits || 'maxVocabulary' in state.edits
    const kinds = letters?.symbols.length ?? 0
    const length = letters?.length ?? 0
    say(lead, !letters ? t('Counting…') : length === 0 ? t('There is no text yet.') : madeOf(length, kinds, draft !== null, held !== undefined, asked.tokens))
    const plan = run?.plan
    const small = !draft && plan?.shrunk
    show(shrunk, Boolean(small))
    if (small && plan && run) {
      const { batch, steps } = run.config
      say(shrunk, t`This text has ${count(plan.length)} letters: batch ${Number(batch)} × ${Number(steps)} steps shrunk to ${plan.batch} × ${plan.steps}.`)
    }
    show(unseen, held !== undefined)
    if (held && plan) say(unseen, t`The network learns from the first ${count(plan.length)} letters and keeps the last ${count(held.symbols)} unseen, to check by: the dots on the loss curve. The share is in Settings.`)
    const wrong = state.notice?.tone === 'error' ? state.notice.text : letters ? mistakeIn(length) : ''
    say(what, asked.tokens === 'words' ? t('its words, by how often they occur') : asked.tokens === 'bytes' ? t('its bytes, by how often they occur') : t('its characters, by how often they occur'))
    say(capped, letters ? cappedOf(letters, asked) : '')
    say(next, wrong || (!draft && waiting ? t('Another way to cut the text needs a new network: training begins again.') : !draft ? t('Change the text, or bring another one, to learn something else.')
      : kinds === 1 ? t('It is all the same: that can be learned, but there is nothing to guess.')
        : t('A new text needs a new network: its symbols are the network’s inputs and outputs.')))
    next.classList.toggle('wrong', wrong !== '' && draft !== null)
    learn.disabled = !(draft || waiting) || length < 2 || state.opening
    show(undo, draft !== null || waiting)
  }

  return {
    render(state) {
      const open = drawer.toggle(state.drawer === 'data')
      if (!open) { wasOpen = false; return }
      lastState = state
      const text = state.draft ? state.draft.text : state.text
      const tokens = String(cutAsked(state).tokens)
      if (text !== counted || tokens !== countedAs) { list.classList.add('stale'); void recount(text, tokens) }
      cut.render(state)
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
