/** `unroll generate` of a model that has learned a series: it goes on from what it has said itself. */
import { freeRun, randomFrom } from '../../build/unroll/tasks.js'
import { UsageError } from './options.js'
import { dataGiven, readData, sameData, takesNoData, taskOf } from './task-of.js'
import { say, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('./model-file.js').Learned} Learned */
/** @typedef {import('./options.js').Given} Given */

/** Those that also make sense for a series. */
const OF_SERIES = ['length', 'lead', 'data', 'columns', 'json', 'mode', 'seed']
const OF_TEXT = ['prompt', 'strategy', 'repetition-penalty', 'ban', 'stop', 'unknown', 'tokens', 'temperature', 'top-k', 'top-p', 'min-p', 'typical-p', 'width', 'best', 'length-penalty']
const LENGTH = 100

/** @param {Model} model  @param {Learned} learned  @param {Given} given  @returns {Promise<Record<string, number>>} metrics */
export async function generateSeries(model, learned, given) {
  const { number, text, flag } = given
  const task = await taskOf(learned)
  if (!task.goOn) throw new UsageError(`the saved model has learned the task ${task.name}, whose answers do not make the next sequence, so it cannot write; "unroll evaluate" tells how well it answers`)
  const misplaced = OF_TEXT.find((name) => [number, text, flag].some((read) => read(name) !== undefined))
  if (misplaced) throw new UsageError(`--${misplaced} is for a model that writes text; a series takes ${OF_SERIES.slice(0, 3).map((name) => `--${name}`).join(', ')}`)
  const { config: { seed, steps } } = model
  const length = number('length') ?? LENGTH
  const going = await begun(learned, dataGiven(given), randomFrom(number('seed') ?? Number(seed)), length)
  const known = going.known.slice(-(number('lead') ?? Number(steps)))
  return tellRun(going, freeRun(model, known, length, going.horizon))
}

/** What it goes on from. @param {Learned} learned  @param {import('./task-of.js').Data | undefined} given  @param {import('../../build/unroll/types/tasks/random.js').Random} random  @param {number} length */
async function begun(learned, given, random, length) {
  const task = await taskOf(learned)
  const { goOn, goOnFrom } = task
  if (given) {
    if (!goOnFrom) throw takesNoData(task)
    return readData(given, (data) => goOnFrom(data, learned.encoding, learned.fields))
  }
  if (!goOn || !sameData(task, learned)) throw new UsageError('the saved model has learned from data of its own, which is not here; --data names some to go on with')
  return goOn(random, length, learned.fields)
}

/** In the data's own units, beside the truth where there is one. @param {import('../../build/unroll/types/tasks/task.js').Going} going  @param {Iterable<number[]>} run */
function tellRun({ truth, columns }, run) {
  const inUnits = (/** @type {readonly number[]} */ row) => row.map((value, column) => value * columns[column].deviation + columns[column].mean)
  const worded = (/** @type {readonly number[]} */ row) => row.map((value) => value.toPrecision(6)).join(' ')
  let [sum, count, time] = [0, 0, 0]
  for (const row of run) {
    const wanted = truth[time++]
    const [values, known] = [inUnits(row), wanted && inUnits(wanted)]
    say(known ? `${worded(values)}  (${worded(known)})` : worded(values))
    tell({ time, values, ...(known && { truth: known }) })
    wanted?.forEach((value, column) => { sum += (row[column] - value) ** 2; count++ })
  }
  return { steps: time, ...(count && { meanSquaredError: sum / count }) }
}
