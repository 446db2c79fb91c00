/** Every preset reaches its goal, from several seeds: tasks by the package, texts by the terminal program. It takes ten minutes, and tells the longest time of each. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { learn, openTask, reaches, tasks } from '../../build/unroll/tasks.js'
import { presets } from '../../web/presets.js'
import { encoders as engine } from '../engine/helpers.js'

const SEEDS = [1, 2, 3, 4, 5]
const run = promisify(execFile)

/** Declares that a preset reaches its goal from each seed, and tells how long it took at most. @param {string} name @param {(seed: number) => Promise<void>} train */
const reachesGoal = (name, train) => test(`${name} reaches its goal from each of ${SEEDS.length} seeds`, async () => {
  let longest = 0
  for (const seed of SEEDS) {
    const start = performance.now()
    await train(seed)
    longest = Math.max(longest, performance.now() - start)
  }
  console.log(`# ${name}: ${(longest / 1000).toFixed(1)} s`)
})

for (const { name, goal } of Object.values(tasks)) {
  reachesGoal(name, async (seed) => {
    const learning = learn(engine, await openTask(name), { config: { seed }, every: goal.iterations })
    const metrics = [...learning].at(-1)?.metrics
    assert.ok(metrics && reaches(goal, metrics), `seed ${seed}: ${JSON.stringify(metrics)}`)
    learning.model.dispose()
  })
}

for (const { name, goal } of Object.values(presets)) {
  if (!goal) continue
  reachesGoal(name, async (seed) => {
    const { stdout } = await run('node', ['web/cli.js', 'train', '--preset', name, '--seed', String(seed), '--json'], { maxBuffer: 2 ** 28 })
    const { done, preset, metrics, iterations } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    assert.deepEqual([done, preset], [true, name])
    assert.ok(iterations <= goal.iterations && reaches(goal, metrics), `seed ${seed}: ${JSON.stringify(metrics)}`)
  })
}
