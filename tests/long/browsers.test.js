/** Every preset is trained to its goal on the page, in three browsers: what the page saves is measured by Node. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Practice, reaches as reachesGoal } from '../../build/unroll/tasks.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from '../browser/each.js'
import { opened, openPreset } from '../browser/learned.js'
import { press, pauseAfter, setNumber, takeFile } from '../browser/use.js'
import { encoders as engine } from '../engine/helpers.js'

/** @typedef {import('../browser/drive.js').Page} Page */
/** @typedef {import('../../web/tasks/task.js').Goal} Goal */

const PATIENCE = 300_000 // ms, for a preset

/** Trains at full speed for as many rounds as the goal has. @param {Page} page @param {string} preset @param {Goal} goal */
async function train(page, preset, { iterations }) {
  await openPreset(page, preset)
  await setNumber(page, '.knobs input', 'full')
  await page.waitFor((least) => Number(document.documentElement.dataset.iteration) >= least, { timeout: PATIENCE }, iterations)
  await pauseAfter(page)
  await press(page, 'Data')
}

/** Of the last hundred rounds. @param {string} csv */
function bitsPerCharacter(csv) {
  const losses = csv.trim().split('\n').slice(-100).map((line) => Number(line.split(',')[1]))
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length / Math.LN2
}

inEachBrowser(({ name: browser, open }) => {
  for (const { name, goal } of Object.values(presets)) {
    if (!goal) continue
    test(`${browser} trains ${name} to its goal`, async (t) => {
      const page = await open(t)
      await train(page, name, goal)
      const csv = new TextDecoder().decode(await takeFile(page, 'its losses'))
      const loss = Number(csv.trim().split('\n').at(-1)?.split(',')[1])
      assert.ok(reachesGoal(goal, { loss, bitsPerCharacter: bitsPerCharacter(csv) }), `loss ${loss}, ${bitsPerCharacter(csv)} bits`)
      assert.deepEqual(await page.errors(), [])
    })
  }

  for (const [name, task] of opened) {
    test(`${browser} trains ${name} to its goal`, async (t) => {
      const page = await open(t)
      await train(page, name, task.goal)
      const { model, values, held } = new Practice(engine, { task, model: engine.loadModel(await takeFile(page, 'the network')) })
      t.after(() => model.dispose())
      const metrics = task.metrics(model, held, values)
      assert.ok(reachesGoal(task.goal, metrics), JSON.stringify(metrics))
      assert.deepEqual(await page.errors(), [])
    })
  }
})
