/** The task that a saved model has learned, and the data that it is asked about. */
import { readFile } from 'node:fs/promises'
import { openTask, selectColumns, tasks } from '../../build/unroll/tasks.js'
import { UsageError } from './options.js'

/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */
/** @typedef {import('./model-file.js').Learned} Learned */

/** @param {Learned} learned  @returns {Promise<Task>} */
export async function taskOf({ name }) {
  if (Object.hasOwn(tasks, name)) return openTask(name)
  throw new Error(`the saved model has learned the task ${name}, which is not there; the tasks are ${Object.keys(tasks).join(', ')}`)
}

/** Whether a task is, in its own data, what a model has learned. @param {Task} task  @param {Learned} learned */
export const sameData = (task, { fields, encoding }) => task.fields.every(({ name }) => name in fields) && JSON.stringify(encoding) === JSON.stringify(task.encoding?.(fields))

/** @type {import('./options.js').Option} */
export const COLUMNS = { name: 'columns', kind: 'text', help: 'Those of --data that are read, as names or numbers from 1 on: TEXT,CLASS or SOURCE,TARGET or those of a series.' }

/** @typedef {{ file: string, columns?: string }} Data */

/** What was given by --data and --columns. @param {import('./options.js').Given} given  @returns {Data | undefined} */
export function dataGiven({ text }) {
  const [file, columns] = [text('data'), text('columns')]
  if (columns !== undefined && file === undefined) throw new UsageError('--columns is for --data, the file that has them')
  return file === undefined ? undefined : { file, columns }
}

/** What is made of a file; what is wrong with it is told with its name. @template T  @param {Data} data  @param {(text: string) => T} read  @returns {Promise<T>} */
export async function readData({ file, columns }, read) {
  const bytes = await readFile(file)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return read(columns === undefined ? text : [...selectColumns(text, columns.split(','))].join('\n'))
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not UTF-8' : /** @type {Error} */ (error).message
    throw new Error(`${file}: ${why}`)
  }
}

/** @param {Task} task */
export const takesNoData = ({ name }) => new UsageError(`the task ${name} makes its sequences, so it takes no --data; those that do are ${Object.values(tasks).filter(({ from }) => from).map((task) => task.name).join(' and ')}`)
