/** The presets, as tests open them, and as they are learned under Node. */
import { readFileSync } from 'node:fs'
import { learn, openTask } from '../../build/unroll/tasks.js'
import { presetFor, presets } from '../../web/presets.js'
import { engine, inNode } from './in-node.js'
import { choose, complete } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** A text of one's own, short enough for a link. */
const OWN = 'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.'

/** Every preset of a text, with its text. */
export const TEXTS = Object.values(presets).filter(({ task }) => !task).map((preset) => (preset.name === 'own' ? { ...presetFor(OWN), text: OWN } : { ...preset, text: preset.text ?? readFileSync(`build/site/${preset.asset}`, 'utf8') }))

/** The presets of tasks. */
export const TASKS = Object.values(presets).flatMap(({ task }) => task ?? [])

/** @type {ReadonlyMap<string, import('../../build/unroll/types/tasks/task.js').Task>} */
export const opened = new Map(await Promise.all(TASKS.map(async (name) => /** @type {const} */ ([name, await openTask(name)]))))

/** Those of them that answer in a way of their own; the others differ from one of these in their sequences alone. */
const FACES = ['adding', 'copy', 'sine', 'brackets', 'tagging', 'names', 'digits', 'motion', 'translation', 'drawing', 'caption', 'morphing']

/** The tasks whose answers are looked at in a browser: all in the quickest. @param {import('./drive.js').BrowserName} browser */
export const tasksIn = (browser) => (browser === 'chromium' ? TASKS : FACES)

/** Begins a task. @param {string} task */
const learnTask = (task) => learn(engine, opened.get(task) ?? task)

/** Begins a preset. @param {string} preset @returns {{ model: import('../../build/unroll/unroll.js').Model, train: (rounds: number) => number }} */
function begun(preset) {
  const text = TEXTS.find(({ name }) => name === preset)
  if (text) {
    const model = inNode(text.config, 0, text.text)
    return { model, train: (rounds) => model.train(rounds).loss }
  }
  const learning = learnTask(preset)
  return { model: learning.model, train: (rounds) => Array.from({ length: rounds }, () => learning.step().loss).at(-1) ?? NaN }
}

/** What was asked for last, which a later round goes on from. @type {ReturnType<typeof begun> & { preset: string, round: number, loss: number } | null} */
let last = null

/** The loss of a round. @param {string} preset @param {number} round */
export function lossOf(preset, round) {
  if (last?.preset !== preset || last.round > round) {
    last?.model.dispose()
    last = { ...begun(preset), preset, round: 0, loss: NaN }
  }
  if (round > last.round) {
    last.loss = last.train(round - last.round)
    last.round = round
  }
  return String(last.loss)
}

/** A task after so many rounds. @param {string} task @param {number} rounds */
export function afterRounds(task, rounds) {
  const learning = learnTask(task)
  for (let i = 0; i < rounds; i++) learning.step()
  return learning
}

/** What the sentence on top says of a text, and of no other. @param {string} preset */
const headlineOf = (preset) => (preset.startsWith('hello-') ? 'gates' : TEXTS.find(({ name }) => name === preset)?.label ?? '')

/** Opens a preset, where another one than hello is wanted. @param {Page} page @param {string} preset */
export async function openPreset(page, preset) {
  await complete(page)
  if (preset === 'own') await page.evaluate((hash) => { location.hash = hash }, `#${new URLSearchParams({ v: '1', text: OWN })}`)
  else if (preset !== 'hello') await choose(page, '#preset', preset)
  if (TASKS.includes(preset)) await page.waitFor(() => document.querySelector('.answering') !== null)
  else await page.waitFor((told) => document.querySelector('#headline')?.textContent?.includes(told), {}, headlineOf(preset))
  if (!preset.startsWith('hello')) await page.waitFor(() => document.documentElement.dataset.drawing === 'folded')
}
