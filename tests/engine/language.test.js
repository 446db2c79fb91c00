/** What the page says: every text is looked up, and each table of a language has them all. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { choiceLabel, labelOf } from '../../web/page/fields.js'
import { checkFields } from '../../web/page/held-out.js'
import { engineSays, LANGUAGES, phrase, speak, t } from '../../web/page/language/index.js'
import { engine as sayings, parts, table } from '../../web/page/language/de.js'
import { saidOf, symbols } from '../../web/page/language/de/symbols.js'
import { OF_LETTERS, use } from '../../web/page/language/nouns.js'
import { tasks } from '../../build/unroll/tasks.js'
import { encoders as engine } from './helpers.js'
import { tokenFields } from '../../web/page/tokens.js'
import { sourceOfEngine, textsOfPage } from './texts.js'

/** Looks like a text that is shown, and is none: names of classes and of elements, and names that are the same everywhere. */
const NO_TEXTS = [
  'curve dashed', 'curve strong', 'LSTM', 'Unroll', 'input, textarea, select',
  '.button, .mini, .plain, .icon, .switch, .grip, .hidden, select, textarea, details, input:not(.drag)',
]

/** What says letter and is said of characters alone: the headline of small networks, which spell, and of larger ones that read them. */
const OF_CHARACTERS = [
  'all {0} letters', 'none of {0} letters', 'one of {0} letters', '{0} of {1} letters',
  '{0} has not read {1} yet. Each next letter could be any of {2}.', '{0} have not read {1} yet. Each next letter could be any of {2}.',
  '{0} has been reading {1} for {2}. Each next letter surprises it by {3}: {4}', '{0} have been reading {1} for {2}. Each next letter surprises them by {3}: {4}',
]

const { keys, untold, early } = textsOfPage()

/** What the settings say of the hyperparameters. */
function wordsOfFields() {
  const fields = [...engine.fields, ...checkFields, ...tokenFields, { name: 'arithmetic', group: 'speed', help: '', choices: ['strict', 'fused'] }, { name: 'threads', group: 'speed', help: '', choices: [] }]
  const choices = fields.flatMap((field) => field.choices ?? []).filter((choice) => choiceLabel(choice) === choice)
  const ofTasks = Object.values(tasks).flatMap((task) => task.fields.map((field) => ({ ...field, group: 'task' })))
  return [...[...fields, ...ofTasks].flatMap(({ name, group, help }) => [labelOf(name), group, help]), ...choices].filter((text) => text !== '')
}

/** @param {string} text */
const placesOf = (text) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort()

test('every text that is shown is looked up', () => {
  assert.ok(keys.size > 500)
  assert.deepEqual(untold.filter((text) => !NO_TEXTS.includes(text.replace(/^\S+ /, ''))), [])
})

test('no text is looked up before it is known in which language', () => assert.deepEqual(early, []))

test('each language that can be chosen has a table here', () => assert.deepEqual(Object.keys(LANGUAGES), ['en', 'de']))

test('the German table has each text, and no other', () => {
  const wanted = new Set([...keys.keys(), ...wordsOfFields()])
  const missing = [...wanted].filter((key) => !(key in table))
  assert.deepEqual(missing.map((key) => `${keys.get(key) ?? 'fields'} ${key}`), [])
  assert.deepEqual(Object.keys(table).filter((key) => !wanted.has(key)), [])
})

test('what the core says of hyperparameters, texts and files is known in German, and nothing that it does not say', (context) => {
  context.after(() => speak('en', {}))
  const { messages, source } = sourceOfEngine(['config', 'text', 'reading', 'restore'])
  assert.ok(messages.length > 40)
  const said = (/** @type {string} */ key) => key.split(/\{\d\}/).every((part) => source.includes(part.trim().replace(/^(layer|spectral|source)([NRS])/, (_, a, b) => `${a}_${b.toLowerCase()}`)))
  assert.deepEqual(Object.keys(sayings).filter((key) => !said(key)), [])
  speak('de', table, sayings)
  const example = (/** @type {string} */ message) => message.replace(/\{\d\}/g, '7')
  assert.deepEqual(messages.filter((message) => engineSays(example(message)) === example(message)), [])
})

test('a message of the engine is told in German with what it quotes, and as it is where it is not known', (context) => {
  context.after(() => speak('en', {}))
  speak('de', table, sayings)
  assert.equal(engineSays('learningRate 1.5 is outside 0 … 1'), 'learningRate 1,5 liegt außerhalb von 0 … 1')
  assert.equal(engineSays('this is not a checkpoint that can be read: output.bias is there twice'), 'das ist kein lesbarer Stand: output.bias steht zweimal da')
  assert.equal(engineSays('the worker failed: it is broken'), 'der Worker ist ausgefallen: it is broken')
  speak('en', {})
  assert.equal(engineSays('learningRate 1.5 is outside 0 … 1'), 'learningRate 1.5 is outside 0 … 1')
})

test('each text that says letter is said of symbols in German, too, and no other', () => {
  const wanted = [...keys.keys(), ...wordsOfFields()].filter((key) => /\bletters?\b/i.test(key) && !OF_LETTERS.has(key) && !OF_CHARACTERS.includes(key))
  assert.ok(wanted.length > 100)
  assert.deepEqual(wanted.filter((key) => !(key in symbols)), [])
  assert.deepEqual(Object.keys(symbols).filter((key) => !wanted.includes(key)), [])
  for (const [key, text] of Object.entries(symbols)) assert.deepEqual([placesOf(text), text.trim(), /[Bb]uchst/.exec(text)], [placesOf(key), text, null])
  for (const key of OF_CHARACTERS) assert.ok(keys.has(key), key)
  const others = Object.keys(table).filter((key) => /\bBuchst/.test(String(table[key])) && !wanted.includes(key) && !OF_LETTERS.has(key) && !OF_CHARACTERS.includes(key))
  assert.deepEqual(others, [])
})

test('texts say what the network reads, in English and in German, and letter where a letter is meant', async (context) => {
  context.after(async () => { speak('en', {}); await use('letter') })
  const said = () => [t`${3} letters back: ${'x'}`, t('One letter is nudged a little, and the bars show how much each bet from there on moves. The scale is logarithmic: each line down is a tenth.').slice(0, 27), t('to write letters backwards')]
  const before = said()
  await use('word')
  assert.deepEqual(said(), ['3 words back: x', 'One word is nudged a little', 'to write letters backwards'])
  await use('step')
  assert.deepEqual(said(), ['3 steps back: x', 'One step is nudged a little', 'to write letters backwards'])
  speak('de', table)
  await use('word')
  assert.deepEqual(said(), ['3 Wörter zurück: x', 'Ein Wort wird ein wenig ang', 'Buchstaben rückwärts zu schreiben'])
  assert.equal(t`number ${2} of the letter`, 'Zahl 2 des Wortes')
  assert.equal(t`After ${'x'} any of ${5} letters may come.`, 'Nach x kann jedes von 5 Wörtern kommen.')
  await use('letter')
  assert.equal(t`${3} letters back: ${'x'}`, '3 Buchstaben zurück: x')
  speak('en', {})
  assert.deepEqual(said(), before)
})

test('every noun is declined as symbols are', () => {
  const forms = new Set(Object.values(symbols).flatMap((text) => text.match(/Symbol\w*/g) ?? []))
  assert.deepEqual([...forms].sort(), ['Symbol', 'Symbole', 'Symbolen', 'Symbols'])
  for (const noun of ['symbol', 'word', 'byte', 'step']) {
    for (const key of Object.keys(symbols)) assert.doesNotMatch(saidOf(noun)(key) ?? 'undefined', /undefined/)
  }
})

test('no German text stands in two parts of the table', () => {
  assert.equal(Object.keys(table).length, parts.reduce((sum, part) => sum + Object.keys(part).length, 1))
})

test('a German text has the same values in it', () => {
  for (const [key, entry] of Object.entries(table)) {
    const places = placesOf(key)
    for (const n of [0, 1, 2, '1', 'eins']) {
      const text = typeof entry === 'string' ? entry : entry(.../** @type {never[]} */ (places.map(() => n)))
      const found = placesOf(text)
      assert.ok(typeof entry === 'string' ? found.join() === places.join() : found.every((place) => places.includes(place)), `${key}: ${text}`)
      assert.equal(text.trim(), text, key)
    }
  }
})

test('what stands in the document before the script is what the script would say', () => {
  const html = readFileSync('web/page/index.html', 'utf8')
  const said = [...html.matchAll(/aria-label="([^"]+)"|<title>([^<]+)<|<a class="skip"[^>]*>([^<]+)</g)].map(([, ...texts]) => texts.find((text) => text))
  assert.equal(said.length, 6)
  for (const text of said) assert.ok(text && keys.has(text), text)
})

test('values stand where the language wants them, and letters and numbers stay what they are', (context) => {
  context.after(() => speak('en', {}))
  const sentence = () => phrase`With a spectral radius of ${'1'}, a gradient is multiplied by about ${{ strong: '2' }} after ${[{ letter: 'x' }, ' and more']} steps: ${'so'}`
  assert.deepEqual(sentence().filter((part) => part !== ''), ['With a spectral radius of ', '1', ', a gradient is multiplied by about ', { strong: '2' }, ' after ', { letter: 'x' }, ' and more', ' steps: ', 'so'])
  speak('de', table)
  assert.deepEqual(sentence().filter((part) => part !== ''), ['Bei einem Spektralradius von ', '1', ' ist ein Gradient nach ', { letter: 'x' }, ' and more', ' Schritten mit etwa ', { strong: '2' }, ' multipliziert: ', 'so'])
  assert.equal(t`${2} layers of ${1} neurons`, '2 Schichten mit je einem Neuron')
  assert.equal(t`${2} layers of ${3} neurons`, '2 Schichten mit je 3 Neuronen')
  assert.equal(t('a text that no table has'), 'a text that no table has')
  assert.equal(t`${'{0}'} is “${'{1}'}”`, '{0} ist „{1}“')
})
