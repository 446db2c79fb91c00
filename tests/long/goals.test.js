/** Every preset reaches its goal, from several seeds: tasks by the package, texts by the terminal program. It takes half an hour. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { learn, openTask, reaches, tasks } from '../../build/unroll/tasks.js'
import { presets } from '../../web/presets.js'
import { encoders as engine } from '../engine/helpers.js'

const SEEDS = [1, 2, 3, 4, 5]
const run = promisify(execFile)

for (const { name, goal } of Object.values(tasks)) {
  test(`${name} reaches its goal from each of ${SEEDS.length} seeds`, async () => {
    for (const seed of SEEDS) {
      const learning = learn(engine, await openTask(name), { config: { seed }, every: goal.iterations })
      const metrics = [...learning].at(-1)?.metrics
      assert.ok(metrics && reaches(goal, metrics), `seed ${seed}: ${JSON.stringify(metrics)}`)
      learning.model.dispose()
    }
  })
}

for (const { name, goal } of Object.values(presets)) {
  if (!goal) continue
  test(`${name} reaches its goal from each of ${SEEDS.length} seeds`, async () => {
    for (const seed of SEEDS) {
      const { stdout } = await run('node', ['web/cli.js', 'train', '--preset', name, '--seed', String(seed), '--json'], { maxBuffer: 2 ** 28 })
      const { done, preset, metrics, iterations } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
      assert.deepEqual([done, preset], [true, name])
      assert.ok(iterations <= goal.iterations && reaches(goal, metrics), `seed ${seed}: ${JSON.stringify(metrics)}`)
    }
  })
}
