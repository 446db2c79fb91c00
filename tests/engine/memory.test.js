/** The blocks of memory that the modules give to JavaScript. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

/** A module of its own, whose memory nothing else uses. */
function start() {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync('build/unroll/rnn.wasm')))
  const module = /** @type {import('../../web/engine/memory.js').Exports} */ (/** @type {unknown} */ (exports))
  module._initialize()
  return module
}

test('blocks begin on cache lines, keep what is written to them, and never meet', () => {
  const module = start()
  /** @type {Map<number, { size: number, mark: number }>} */
  const blocks = new Map()
  let random = 1
  const draw = (/** @type {number} */ below) => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) % below
  for (let i = 0; i < 3000; i++) {
    if (blocks.size < 40 && draw(5) < 3) {
      const [size, mark] = [1 + draw(draw(10) ? 2000 : 400_000), 1 + draw(255)]
      const block = module.allocate(size)
      assert.ok(block > 0 && block % 64 === 0, `block at ${block}`)
      assert.ok(!blocks.has(block))
      new Uint8Array(module.memory.buffer, block, size).fill(mark)
      blocks.set(block, { size, mark })
    } else if (blocks.size) {
      const [block, { size, mark }] = [...blocks][draw(blocks.size)]
      assert.ok(new Uint8Array(module.memory.buffer, block, size).every((byte) => byte === mark), `block at ${block} has changed`)
      module.release(block)
      blocks.delete(block)
    }
  }
  assert.ok(module.memory.buffer.byteLength < 40e6, 'what is given back is not used again')
})

test('blocks that were given back join, and memory grows only where it must', () => {
  const module = start()
  const before = module.memory.buffer.byteLength
  const blocks = Array.from({ length: 100 }, () => module.allocate(100_000))
  const full = module.memory.buffer.byteLength
  assert.ok(full <= Math.max(before, 1e6) + 100 * 200_000, 'it has grown by more than was asked for')
  for (const block of [...blocks.filter((_, i) => i % 2), ...blocks.filter((_, i) => i % 2 === 0)]) module.release(block)
  assert.ok(module.allocate(100 * 100_000))
  assert.equal(module.memory.buffer.byteLength, full)
  module.release(0)
})

test('where there is no room, there is no block, and the others stay', () => {
  const module = start()
  const block = module.allocate(64)
  new Uint8Array(module.memory.buffer, block, 64).fill(7)
  for (const size of [4294967295, 4294900000, 1e15]) assert.equal(module.allocate(size), 0)
  assert.ok(new Uint8Array(module.memory.buffer, block, 64).every((byte) => byte === 7))
  assert.ok(module.allocate(64) > block)
})
