/** Tasks by their names, with their data. */
import { RnnError } from '../engine/errors.js'
import { readAsset } from './asset.js'
import { tasks } from './table.js'

/** @typedef {import('./task.js').Task} Task */

/** @param {string} name  @returns {Task} a row of the table */
export function taskNamed(name) {
  if (!Object.hasOwn(tasks, name)) throw new RnnError('invalid-config', `there is no task "${name}"; the tasks are ${Object.keys(tasks).join(', ')}`)
  return tasks[name]
}

/** Whether a task needs an engine with encoders. @param {string} name */
export const readsSources = (name) => taskNamed(name).shape === 'sequence-to-sequence'

/** Those whose data has been read. @type {Map<Task, Promise<Task>>} */
const opened = new Map()

/** @param {Task} task  @param {NonNullable<Task['asset']>} asset */
async function withAsset(task, { file, read }) {
  try {
    return read(await readAsset(file))
  } catch (error) {
    opened.delete(task)
    throw error
  }
}

/**
 * A task with all that it needs: its data, which may be a file beside the program, or a file of one's own.
 * @param {string} name
 * @param {string} [text]  of the latter
 * @returns {Promise<Task>}
 */
export async function openTask(name, text) {
  const task = taskNamed(name)
  if (text) {
    if (!task.from) throw new RnnError('invalid-text', `the task ${name} makes its sequences, and reads no file`)
    return task.from(text)
  }
  if (!task.asset) return task
  const opening = opened.get(task) ?? withAsset(task, task.asset)
  opened.set(task, opening)
  return opening
}
