/** Parts of the page that need no browser. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guessRoles } from '../../web/page/views/table-roles.js'
import { productsOf, speedChange } from '../../web/page/cost.js'
import { formulasOf } from '../../web/page/formula.js'
import { passageOf } from '../../web/page/letters.js'
import { engine } from './helpers.js'

/** @type {import('../../web/engine/fields.js').Config[]} */
const CONFIGS = [
  ...['vanilla', 'lstm', 'gru', 'mingru', 'minlstm'].map((cell) => ({ cell, hidden: 7, layers: 2, vocabulary: 11 })),
  { cell: 'gru', hidden: 5, skip: 3, vocabulary: 6 }, { cell: 'lstm', hidden: 5, input: 'embedding', inputSize: 4, vocabulary: 6 },
  { cell: 'vanilla', hidden: 5, headLayers: 2, headSize: 9, vocabulary: 6 },
]

test('the multiplications of a letter are those of the matrices there are', () => {
  for (const config of CONFIGS) {
    const model = engine.createModel(config)
    const matrices = model.parameters.filter(({ name, shape }) => shape.length === 2 && name !== 'embedding.weight' && (name !== 'rnn.weight_ih_l0' || config.input))
    assert.equal(productsOf(model.config), matrices.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0), JSON.stringify(config))
    model.dispose()
  }
})

test('speeds are compared in words', () => {
  const [small, large] = [64, 256].map((hidden) => engine.completeConfig({ cell: 'lstm', hidden, vocabulary: 65 }))
  assert.match(speedChange(small, large), /^about 1[34] times slower/)
  assert.match(speedChange(large, small), /^about 1[34] times faster/)
  assert.equal(speedChange(small, small), 'about as fast')
})

test('every cell has its equations, and each option shows in them', () => {
  for (const cell of engine.fields.find(({ name }) => name === 'cell')?.choices ?? []) {
    const config = engine.completeConfig({ cell, vocabulary: 4 })
    const formulas = formulasOf(config)
    assert.ok(formulas.some((line) => line.startsWith('h_t = ')), cell)
    /** @param {import('../../web/engine/fields.js').Config} options */
    const changed = (options) => assert.notDeepEqual(formulasOf({ ...config, ...options }), formulas, `${cell} ${JSON.stringify(options)}`)
    if (cell === 'vanilla') for (const activation of ['relu', 'sigmoid', 'identity']) changed({ activation })
    if (cell === 'lstm') {
      changed({ peephole: true })
      changed({ candidate: 'sigmoid' })
    }
    if (cell === 'gru') changed({ reset: 'before' })
    if (['vanilla', 'lstm', 'gru'].includes(cell)) changed({ layerNorm: true })
    changed({ input: 'embedding' })
    changed({ headLayers: 1 })
    changed({ residual: true, layers: 2 })
  }
})

test('a passage is found by letters, whatever they are made of', () => {
  const text = '𝒽éllo wörld 🙂 and so on'
  const letters = [...text]
  const vocabulary = /** @type {const} */ ({ tokens: 'characters', symbols: letters })
  for (let from = 0; from < letters.length; from++) {
    for (const [length, around] of [[1, 0], [4, 3], [30, 5]]) {
      const [before, within, after] = passageOf(text, from, length, around, vocabulary)
      const start = Math.max(0, from - around)
      assert.equal(before, (start > 0 ? '…' : '') + letters.slice(start, from).join(''))
      assert.equal(within, letters.slice(from, from + length).join(''))
      assert.equal(after, letters.slice(from + length, from + length + around).join('') + (from + length + around < letters.length ? '…' : ''))
    }
  }
})

test('columns are read as their names say, and else as what they hold', () => {
  /** @param {string} header @param {string} row @param {string[]} roles */
  const guess = (header, row, ...roles) => guessRoles({ header: header.split(','), rows: [{ cells: row.split(',') }] }, roles).join()
  assert.equal(guess('word,kind', 'a,b', 'text', 'class'), 'text,class')
  assert.equal(guess('number,name,kind', '1,a,b', 'text', 'class'), ',text,class')
  assert.equal(guess('Class,x,name', 'b,a,1', 'text', 'class'), 'class,text,')
  assert.equal(guess('a,b,c', '1,2,3', 'source', 'target'), 'source,target,')
  assert.equal(guess('day,high,low', 'Monday,3,-1e2', 'series'), ',series,series')
  assert.equal(guess('day', 'Monday', 'series'), '')
})
