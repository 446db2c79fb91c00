/** `unroll evaluate` of a model that has learned a task: what it held out, or other data. */
import { learn } from '../../build/unroll/tasks.js'
import { UsageError } from './options.js'
import { dataGiven, readData, sameData, takesNoData, taskOf } from './task-of.js'
import { grouped, say } from './terminal.js'
import { worded } from './train-task.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('./model-file.js').Learned} Learned */
/** @typedef {import('./options.js').Given} Given */

/** @param {Engine} engine  @param {Model} model  @param {Learned} learned  @param {Given} given */
export async function evaluateTask(engine, model, learned, given) {
  const { positionals: [, name], flag, text } = given
  const misplaced = name ?? (flag('surprise') ? '--surprise' : text('tokens') && '--tokens')
  if (misplaced) throw new UsageError(`"${misplaced}" is for a model that reads text; this one has learned the task ${learned.name}`)
  const data = dataGiven(given)
  const { metrics, sequences } = data ? await measureData(model, learned, data) : await measureHeld(engine, model, learned)
  say(`${learned.name}, ${grouped(sequences)} sequences${data ? '' : ' that were held out'}: ${worded(metrics)}`)
  return { task: learned.name, metrics, sequences }
}

/** @param {Engine} engine  @param {Model} model  @param {Learned} learned */
async function measureHeld(engine, model, learned) {
  const task = await taskOf(learned)
  if (!sameData(task, learned)) throw new UsageError('the saved model has learned from data of its own, so what it held out is not here; --data names some to measure it on')
  const { wholeHeld: held, values } = learn(engine, task, { fields: learned.fields, model })
  return { metrics: task.metrics(model, held, values), sequences: task.counts?.(values).heldOut ?? held.batch }
}

/** @param {Model} model  @param {Learned} learned  @param {import('./task-of.js').Data} given */
async function measureData(model, learned, given) {
  const task = await taskOf(learned)
  const { examine } = task
  if (!examine) throw takesNoData(task)
  const batch = await readData(given, (data) => examine(data, learned.encoding, learned.fields, model.config))
  return { metrics: task.metrics(model, batch, learned.fields), sequences: batch.batch }
}
