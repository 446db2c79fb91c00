/** The examples of the README run as printed. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'

const readme = readFileSync('README.md', 'utf8')
const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code)

/** @param {string} code */
const run = (code) => execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', timeout: 60_000 })

test('the README has its six examples', () => assert.equal(examples.length, 6))

test('the example of the engine writes ello', () => assert.match(run(examples[0]), /^0\.0\d+ ello\n$/))

test('the example of the trainer learns in a worker', () => {
  const lines = run(examples[1]).trim().split('\n')
  assert.match(String(lines.at(-1)), /ello hello/)
  const iterations = lines.slice(0, -1).map((line) => Number(line.split(' ')[0]))
  assert.equal(iterations.at(-1), 300)
})

test('the example of encoders writes its source backwards, and shows where it looks', () => {
  assert.match(run(examples[2]), /^Int32Array\(5\) \[ 1, 1, 2, 0, 4 \] \{\s+shape: \[ 1, 5, 4 \]/)
})

test('the example of tasks learns the parity of bits', () => {
  const told = run(examples[3]).trim().split('\n')
  assert.ok(Number(told[9].split(' ')[2]) > 0.99, told[9])
  assert.match(told.slice(10).join(' '), /is the parity.*is what it says.*'mackey-glass'/)
})

test('the example of a task whose data is a file tells errors that become fewer, and how much is held out', () => {
  const told = run(examples[4]).trim().split('\n').map(Number)
  assert.equal(told.length, 11)
  assert.ok(told[9] < 1 && told[9] < told[0] && told[10] >= 12_387, told.join())
})

test('the example of exchange reads what PyTorch wrote, and writes three files', () => {
  const files = ['weights.safetensors', 'model.onnx', 'model.py'].map((name) => `build/${name}`)
  for (const file of files) rmSync(file, { force: true })
  assert.equal(run(examples[5]), 'gru 16\n')
  assert.deepEqual(readFileSync(files[0]), readFileSync('tests/golden/state_dict/gru.safetensors'))
  for (const file of files) {
    assert.ok(readFileSync(file).length > 1000, file)
    rmSync(file)
  }
})
