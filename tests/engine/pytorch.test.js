/** Networks as Python programs: they compile, and where there is PyTorch they compute the engine's losses. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { toPyTorch } from '../../build/unroll/export.js'
import { assertFails, engine } from './helpers.js'
import { batchFor, makeNetwork, NETWORKS, withUnknown } from './networks.js'

// Two programs in float32.
const TOLERANCE = 1e-6

const folder = mkdtempSync(join(tmpdir(), 'unroll-pytorch-'))
after(() => rmSync(folder, { recursive: true }))

/** Debian's first, which has its PyTorch. */
const python = ['/usr/bin/python3', 'python3'].find((name) => spawnSync(name, ['--version']).status === 0)
const hasTorch = python !== undefined && spawnSync(python, ['-c', 'import torch']).status === 0

/** Each network twice: with a batch of its own and a checkpoint, and with weights alone. */
const programs = NETWORKS.flatMap(({ name, config }, i) => ['given', 'counting'].map((kind) => {
  const model = makeNetwork(config)
  const batch = kind === 'given' ? { ...batchFor(model.config, 3, 17, i + 1), fresh: true } : undefined
  if (batch) batch.mask = Array.from(batch.targets ?? [], (_, row) => row % 7 === 2 ? 0 : 1)
  const file = join(folder, `${i}-${kind}.safetensors`)
  writeFileSync(file, kind === 'given' ? model.save({ note: 'é' }) : model.exportWeights())
  const text = toPyTorch(model, { batch, file })
  const path = join(folder, `${i}-${kind}.py`)
  writeFileSync(path, text)
  const loss = batch && model.forward(batch).loss
  model.dispose()
  return { name: `${name}, ${kind} batch`, path, text, loss }
}))

/** Runs a Python program that gets the paths, and reads what it prints: a JSON list. @param {string} code */
function runPython(code) {
  const { stdout, stderr, status } = spawnSync(String(python), ['-c', code, ...programs.map(({ path }) => path)], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return /** @type {string[]} */ (JSON.parse(stdout))
}

test('every program is Python', { skip: !python && 'there is no python3' }, () => {
  const results = runPython(`
import json, sys
for path in sys.argv[1:]:
    compile(open(path, encoding="utf-8").read(), path, "exec")
print(json.dumps(sys.argv[1:]))`)
  assert.equal(results.length, programs.length)
})

test('every program computes the loss of its batch in PyTorch', { skip: !hasTorch && 'there is no PyTorch' }, async (t) => {
  const printed = runPython(`
import contextlib, io, json, runpy, sys
printed = []
for path in sys.argv[1:]:
    sys.argv, out = [path], io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            print("code", int(end.code or 0))
    printed.append(out.getvalue())
print(json.dumps(printed))`)
  for (const [i, { name, loss }] of programs.entries()) {
    await t.test(name, () => {
      const [, theirs, ours] = /^loss (\S+), by Unroll (\S+)\ncode 0\n$/.exec(printed[i]) ?? assert.fail(printed[i])
      assert.ok(Number(ours) > 0.01)
      if (loss !== undefined) assert.ok(Math.abs(Number(ours) / loss - 1) < 1e-8)
      assert.ok(Math.abs(Number(theirs) / Number(ours) - 1) <= TOLERANCE, printed[i])
    })
  }
})

test("torch.nn's own cells are used where it has them", () => {
  for (const { name, text } of programs) {
    assert.equal(text.includes('class Recurrent'), /sigmoid|before|identity|residual|peephole|skip|^min/.test(name), name)
    assert.equal(/nn\.(RNN|LSTM|GRU)\(/.test(text), !text.includes('class Recurrent'), name)
  }
})

test('what the program could not reproduce is refused', () => {
  const model = engine.createModel({ vocabulary: 3, hidden: 2, batch: 2, steps: 3 })
  const batch = { batch: 2, steps: 3, inputs: Array(6).fill(1), targets: Array(6).fill(2), lengths: [3, 1] }
  assertFails(() => toPyTorch(model, { batch }), 'unsupported', /different lengths/)
  assertFails(() => toPyTorch(withUnknown(model)), 'unsupported', /whatever true cannot be written as PyTorch/)
  model.dispose()
})
