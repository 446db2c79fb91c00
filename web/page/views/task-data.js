/** The Data drawer of a task: what it learns from, how that is used, and, where it can, a table of one's own in its place. */
import { readRows } from '../../tasks/rows.js'
import { element, pool, say, show } from '../draw/dom.js'
import { count } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { engineSays, english, phrase, t } from '../language/index.js'
import { isData } from '../state.js'
import { labelOf } from '../fields.js'
import { readFile } from './drop.js'
import { createRoles, guessRoles, missingRole, readAs } from './table-roles.js'
import { takeAlong } from './take-along.js'

/** @typedef {import('../types.js').State} State */

/** Rows of a file that are shown, and characters of it that are read for them. */
const [ROWS, CHARACTERS] = [8, 20_000]

/** What a file needs, by the first role of its columns. @type {Readonly<Record<string, string>>} */
const FORMS = english({ text: 'Two columns: a text, and its class.', source: 'Two columns: a source, and its target.', series: 'Each column is a series of numbers, a row for each time.' })

/** How data was used, in words. @type {Readonly<Record<string, string>>} */
const COUNTS = english({
  examples: 'to learn from', heldOut: 'never learned from', pairs: 'to learn from', measured: 'of them looked at while it learns', leftOut: 'left out', classes: 'classes', ambiguous: 'left out, of more than one class', repeated: 'repeated, and used once', unknownLetters: 'characters held out that were never learned', columns: 'columns',
  patterns: 'patterns of sentences to learn from', names: 'names', words: 'words known', patternsHeldOut: 'patterns never learned from', namesHeldOut: 'names held out', unknownWords: 'words held out that are not known',
})

/** The first rows of a file; whole lines, unless there is only one. @param {string} text */
function firstRows(text) {
  const cut = text.length > CHARACTERS ? text.slice(0, text.lastIndexOf('\n', CHARACTERS)) : text
  return readRows(cut || text)
}

/** @type {import('../types.js').CreateView} */
export function createTaskData(root, emit) {
  const lead = element('p', { class: 'lead' })
  const used = element('p', { class: 'remark' })
  const head = element('tr')
  const menus = element('tr')
  const body = element('tbody')
  const heads = pool(head, () => element('th', { scope: 'col' }))
  const rows = pool(body, () => element('tr'))
  const file = element('input', { type: 'file', accept: '.csv,.tsv,.txt,text/csv,text/tab-separated-values', class: 'hidden', id: 'table-file', change: chosen })
  const bring = element('p', { class: 'dropzone' })
  createPhrase(bring)(phrase`Drop a CSV or TSV file with a header anywhere, or ${{ node: element('span', {}, file, element('label', { class: 'mini', for: 'table-file' }, t('choose one'))) }}. It stays on this computer.`)
  const form = element('p', { class: 'soft' })
  const next = element('p', { role: 'status' })
  const undo = element('button', { class: 'mini', click: () => emit({ type: 'draft', draft: null }) }, t('Undo changes'))
  const learn = element('button', { class: 'button primary', click: start }, t('Start learning this table'))
  const node = element('div', { class: 'task-data' }, lead, used, element('div', { class: 'table', role: 'group', tabindex: 0, 'aria-label': t('Rows of its data') }, element('table', {}, element('thead', {}, head, menus), body)), bring, form, element('div', { class: 'acts' }, next, undo, learn), takeAlong(emit, false))

  function chosen() {
    const [picked] = file.files ?? []
    if (picked) void readFile(picked, emit)
    file.value = ''
  }

  /** @param {readonly string[]} names @param {readonly (readonly string[])[]} lines */
  function paint(names, lines) {
    heads(names.length).forEach((cell, i) => say(cell, names[i]))
    rows(lines.length).forEach((row, i) => {
      while (row.children.length > lines[i].length) row.lastElementChild?.remove()
      while (row.children.length < lines[i].length) row.append(element('td'))
      lines[i].forEach((text, k) => say(row.children[k], text))
    })
  }

  /** What a file's columns are read as. @type {{ text: string, given: string[], roles: readonly string[] } | null} */
  let reading = null
  let last = /** @type {State | null} */ (null)
  const drawRoles = createRoles(menus, (given) => {
    if (!reading || !last) return
    reading = { ...reading, given }
    shown = []
    render(last)
  })

  async function start() {
    if (!reading) return
    learn.disabled = true
    try {
      emit({ type: 'learn', table: await readAs(reading.text, reading.given, reading.roles) })
    } catch (error) {
      cannotRead(/** @type {Error} */ (error))
    }
  }

  /** @param {Error} error */
  function cannotRead({ message }) {
    say(next, t`This table cannot be read: ${engineSays(message)}.`)
    next.classList.add('wrong')
  }

  /** What is learned from now. @param {NonNullable<import('../types.js').Run['task']>} task @param {State} state */
  function describe({ preview, counts, roles }, { text, label }) {
    reading = null
    show(menus, false)
    say(lead, text ? t`It learns from “${label}”.` : roles.length ? t('It learns from data that comes with this page.') : t('It learns from sequences that are made anew for each round; all of them follow from the seed.'))
    say(used, Object.entries(counts).map(([name, n]) => `${count(n)} ${COUNTS[name] ? t(COUNTS[name]) : labelOf(name)}`).join(', '))
    show(used, used.textContent !== '')
    paint([t('reads'), t('should say')], preview.map(({ reads, wanted }) => [reads, wanted]))
    say(next, '')
  }

  /** A file that might be learned from. @param {string} name @param {string} text @param {string} failed @param {readonly string[]} needed  roles */
  function inspect(name, text, failed, needed) {
    say(lead, t`“${name}” would take the place of its data. Its first rows:`)
    show(used, false)
    try {
      const table = firstRows(text)
      if (reading?.text !== text) reading = { text, given: guessRoles(table, needed), roles: needed }
      paint(table.header, table.rows.slice(0, ROWS).map(({ cells }) => cells))
      show(menus, true)
      drawRoles(table.header, reading.given, needed)
      const missing = missingRole(reading.given, needed)
      say(next, missing || failed || t('The task begins again with it.'))
      next.classList.toggle('wrong', failed !== '')
      learn.disabled = missing !== ''
    } catch (error) {
      paint([], [])
      show(menus, false)
      cannotRead(/** @type {Error} */ (error))
      learn.disabled = true
    }
  }

  /** @type {unknown[]} */
  let shown = []
  /** @param {State} state */
  function render(state) {
    last = state
    const { run, draft, notice } = state
    const data = isData(state)
    root.classList.toggle('of-task', run?.task !== undefined && (draft === null || data))
    if (state.drawer !== 'data' || !run?.task) return
    const home = root.querySelector('.body')
    if (home && node.parentNode !== home) home.append(node)
    const { roles } = run.task
    const now = [run.task, draft, notice, state.opening]
    if (now.every((value, i) => value === shown[i])) return
    shown = now
    show(bring, roles.length > 0)
    say(form, roles.length ? t(FORMS[roles[0]]) : '')
    for (const button of [undo, learn]) show(button, data)
    if (draft && data) inspect(draft.name, draft.text, notice?.tone === 'error' ? notice.text : '', roles)
    else describe(run.task, state)
    if (state.opening) learn.disabled = true
  }

  return { render, destroy() { node.remove() } }
}
