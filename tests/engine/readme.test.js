/** The examples of the README run as printed. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'

const readme = readFileSync('README.md', 'utf8')
const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code)

/** @param {string} code */
const run = (code) => execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', timeout: 60_000 })

test('the README has its four examples', () => assert.equal(examples.length, 4))

test('the example of the engine writes ello', () => assert.match(run(examples[0]), /^0\.0\d+ ello\n$/))

test('the example of the trainer learns in a worker', () => {
  const lines = run(examples[1]).trim().split('\n')
  assert.match(String(lines.at(-1)), /ello hello/)
  const iterations = lines.slice(0, -1).map((line) => Number(line.split(' ')[0]))
  assert.equal(iterations.at(-1), 300)
})

test('the example of tasks learns the parity of bits', () => {
  const told = run(examples[2]).trim().split('\n')
  assert.ok(Number(told[9].split(' ')[2]) > 0.99, told[9])
  assert.match(told.slice(10).join(' '), /is the parity.*is what it says.*'mackey-glass'/)
})

test('the example of exchange reads what PyTorch wrote, and writes three files', () => {
  const files = ['weights.safetensors', 'model.onnx', 'model.py'].map((name) => `build/${name}`)
  for (const file of files) rmSync(file, { force: true })
  assert.equal(run(examples[3]), 'gru 16\n')
  assert.deepEqual(readFileSync(files[0]), readFileSync('tests/golden/state_dict/gru.safetensors'))
  for (const file of files) {
    assert.ok(readFileSync(file).length > 1000, file)
    rmSync(file)
  }
})
