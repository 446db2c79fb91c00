/** When an answer of the worker is overdue, in ticks of 100 ms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPatience } from '../../web/page/overdue.js'

/** Ticks until patience ends, at most. */
const LONGEST = 5000

let id = 0

/** @param {ReturnType<typeof createPatience>} isOverdue @param {{ watch?: object, onTime?: boolean, uneven?: boolean, name?: string }} [how] */
function trial(isOverdue, { watch = {}, onTime = true, uneven = false, name = 'train' } = {}) {
  const request = (/** @type {number} */ id) => ({ id, name, options: { watch } })
  const tick = () => isOverdue({ asked: request(id), answered: request(id - 1) }, onTime, uneven)
  return {
    /** Answers that take so many ticks each. @param {number} count @param {number} ticks */
    answers(count, ticks) {
      for (let i = 0; i < count; i++) {
        id++
        for (let k = 0; k <= ticks; k++) assert.ok(!tick(), `answer ${i} after ${k} ticks`)
      }
    },
    /** Ticks that the next answer may take. */
    patience() {
      id++
      for (let k = 0; k < LONGEST; k++) if (tick()) return k
      return Infinity
    },
  }
}

test('a network that answers at once is not waited for longer than two seconds', () => {
  const { answers, patience } = trial(createPatience())
  answers(20, 0)
  assert.ok(patience() < 20)
})

test('the slower its answers, the longer it is waited for', () => {
  const { answers, patience } = trial(createPatience())
  answers(20, 1)
  answers(3, 20)
  assert.ok(patience() > 200)
})

test('one slow answer among many may come again, and is no measure of the others', () => {
  const { answers, patience } = trial(createPatience())
  answers(1, 20) // something was compiled, or looked at
  answers(20, 0)
  const ticks = patience()
  assert.ok(ticks > 60 && ticks < 80, `${ticks} ticks`)
})

test('nothing is known of the first answers, nor when something else is watched', () => {
  const isOverdue = createPatience()
  assert.ok(trial(isOverdue).patience() >= 600)
  const { answers } = trial(isOverdue)
  answers(20, 0)
  assert.ok(trial(isOverdue, { watch: {} }).patience() >= 600)
})

test('answers that come between two ticks are known too', () => {
  const isOverdue = createPatience()
  const request = (/** @type {number} */ id) => ({ id, name: 'train', options: { watch: isOverdue } })
  for (let i = 1; i <= 5; i++) assert.ok(!isOverdue({ asked: undefined, answered: request(10 * i) }, true, false))
  let ticks = 0
  while (!isOverdue({ asked: request(51), answered: request(50) }, true, false)) ticks++
  assert.ok(ticks < 20, `${ticks} ticks`)
})

test('neither a busy page, nor another request, nor a look at unseen text makes an answer overdue', () => {
  for (const how of [{ onTime: false }, { name: 'load' }]) {
    const { answers, patience } = trial(createPatience(), how)
    answers(20, 0)
    assert.equal(patience(), Infinity, JSON.stringify(how))
  }
  const { answers, patience } = trial(createPatience(), { uneven: true })
  answers(20, 0)
  assert.ok(patience() >= 600)
})
