/** Texts as numbers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary, Vocabulary } from '../../build/unroll/unroll.js'
import { assertFails } from './helpers.js'

test('symbols are code points, numbered as they first appear', () => {
  const vocabulary = createVocabulary('hé😀llo 😀é')
  assert.deepEqual([...vocabulary.symbols], ['h', 'é', '😀', 'l', 'o', ' '])
  assert.equal(vocabulary.size, 6)
  const { symbols, unknown } = vocabulary.encode('o😀h')
  assert.deepEqual([[...symbols], unknown.size], [[4, 2, 0], 0])
  assert.equal(vocabulary.decode(symbols), 'o😀h')
  assert.throws(() => Object.assign(vocabulary.symbols, ['x']), TypeError)
})

test('every text comes back as it was, joined emoji, combining marks, lone surrogates, line ends and NUL too', () => {
  for (const text of ['👩‍👩‍👧', 'e\u0301', '\ud800x\udc00', 'a\r\nb\u0000\u2028', '𝕳', 'ﷺ']) {
    const vocabulary = createVocabulary(text)
    assert.equal(vocabulary.decode(vocabulary.encode(text).symbols), text)
    assert.equal(Vocabulary.fromJSON(JSON.stringify(vocabulary)).decode(vocabulary.encode(text).symbols), text)
  }
})

test('unknown symbols are left out, counted and named', () => {
  const { symbols, unknown } = createVocabulary('abc').encode('aXbX😀c')
  assert.deepEqual([...symbols], [0, 1, 2])
  assert.deepEqual([...unknown], [['X', 2], ['😀', 1]])
})

test('up to 256 symbols take a byte each, more take two', () => {
  for (const [count, type] of /** @type {const} */ ([[256, Uint8Array], [257, Uint16Array], [300, Uint16Array]])) {
    const text = String.fromCodePoint(...Array.from({ length: count }, (_, i) => 0x4e00 + i))
    const { symbols } = createVocabulary(text).encode(text)
    assert.ok(symbols instanceof type)
    assert.deepEqual([...symbols], Array.from({ length: count }, (_, i) => i))
  }
})

test('one letter makes a vocabulary, an empty text none', () => {
  assert.equal(createVocabulary('aaaa').size, 1)
  assertFails(() => createVocabulary(''), 'invalid-text', /empty/)
})

test('more symbols than a network can tell apart are refused with both numbers', () => {
  let text = ''
  for (let point = 0x10000; point < 0x10000 + 65536; point++) text += String.fromCodePoint(point)
  assertFails(() => createVocabulary(text), 'invalid-text', /65536.*65535/)
  assert.equal(createVocabulary(text.slice(2)).size, 65535)
})

test('what is no vocabulary is not read as one', () => {
  assert.deepEqual([...Vocabulary.fromJSON('["a","😀"]').symbols], ['a', '😀'])
  for (const json of ['null', '{}', '"ab"', '[1]', '["ab"]', '[""]', '["a","a"]', '[["a"]]']) {
    assertFails(() => Vocabulary.fromJSON(json), 'invalid-text')
  }
})
