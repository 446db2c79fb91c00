/** `unroll train --task`: a task is learned, and what is held out of it is measured on the way. */
import { setImmediate } from 'node:timers/promises'
import { learn, openTask, tasks } from '../../build/unroll/tasks.js'
import { presets } from '../presets.js'
import { checkWritable, learnedTask, open, saveBytes } from './model-file.js'
import { kebabCase, UsageError } from './options.js'
import { COLUMNS, dataGiven, readData, sameData, takesNoData } from './task-of.js'
import { bar, bold, duration, green, grouped, isRich, say, show, speakJson, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/types/tasks/learn.js').Learning} Learning */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Metrics} Metrics */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {import('./options.js').Option} Option */

/** What reads texts; it is a task as well, and the usual one. */
const LANGUAGE_MODEL = 'language-model'

const SLICE = 100 // ms of training between two looks at the keyboard

/** @type {Option[]} */
export const TASK_OPTIONS = [
  { name: 'task', kind: 'choice', choices: [LANGUAGE_MODEL, ...Object.keys(tasks)], default: LANGUAGE_MODEL, help: 'What is learned. A language model reads TEXT; the others make their sequences, or bring their data.' },
  { name: 'data', kind: 'file', help: 'For a task with data of its own, other data in its place: CSV or TSV with a header.' },
  COLUMNS,
  { name: 'evaluate-every', kind: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, help: 'For a task: iterations between two looks at what is held out; by default ten in all.' },
]

/** Those of a text alone. */
const OF_TEXTS = ['preset', 'tokens', 'max-vocabulary', 'validation', 'validation-every', 'patience', 'sample-every']

/** @param {Task} task  @returns {Option[]} */
const optionsOf = ({ name, fields }) => fields.map((field) => ({ ...field, name: kebabCase(field.name), taskField: field.name, group: `task ${name}` }))

/** The options of the task that is named, or of all for help. @param {readonly string[]} [args]  @returns {Option[]} */
export function taskOptions(args) {
  if (!args) return Object.values(tasks).flatMap(optionsOf)
  const named = args.map((arg, i) => /^--(?:task|preset)$/.test(arg) ? args[i + 1] ?? '' : /^--(?:task|preset)=(.*)/.exec(arg)?.[1]).filter((one) => one !== undefined)
  const name = named.at(-1) ?? args.find((arg) => Object.hasOwn(tasks, arg)) ?? ''
  return Object.hasOwn(tasks, name) ? optionsOf(tasks[name]) : []
}

/** The task that is asked for, as such or as a preset; none where a text is to be read. @param {Given} given */
export function taskAsked({ positionals: [first], text }) {
  const task = text('task')
  if (task !== undefined) return task === LANGUAGE_MODEL ? undefined : task
  const [preset] = [text('preset'), first].filter((name) => name !== undefined && Object.hasOwn(presets, name))
  return preset === undefined ? undefined : presets[preset].task
}

/** For help. */
export const taskSummary = () => Object.values(tasks).map(({ name, label }) => `${name}: ${label}`).join('; ')

/** heldOut → held out @param {string} name */
const spaced = (name) => kebabCase(name).replaceAll('-', ' ')

/** @param {Metrics} metrics */
export const worded = (metrics) => Object.entries(metrics).map(([name, value]) => `${spaced(name)} ${value.toPrecision(4)}`).join(', ')

/** @param {string} name  @param {import('./task-of.js').Data} [data]  @returns {Promise<Task>} */
async function withData(name, data) {
  const { from } = tasks[name]
  if (!data) return openTask(name)
  if (!from) throw takesNoData(tasks[name])
  return readData(data, from)
}

/** The saved model of the same task. @param {Engine} engine  @param {Task} task  @param {string} file  @param {Given} given */
async function resumed(engine, task, file, { config, taskFields }) {
  const { model } = await open(engine, file)
  const learned = learnedTask(model)
  if (!learned) throw new Error(`${file}: this model was not saved by a task`)
  const { name, fields } = learned
  if (name !== task.name) throw new UsageError(`the saved model has learned the task ${name}, not ${task.name}`)
  const changed = Object.entries(taskFields).filter(([field, value]) => fields[field] !== value).map(([field]) => `${field} ${fields[field]}`)
  const fixed = engine.fields.filter(({ name, live }) => name in config && !live && config[name] !== model.config[name]).map(({ name }) => `${name} ${model.config[name]}`)
  if (changed.length + fixed.length) throw new UsageError(`the saved model has ${[...changed, ...fixed].join(', ')}, which only a new one can change`)
  if (!sameData(task, learned)) throw new Error(`${file}: this model has learned from other data`)
  model.configure(Object.fromEntries(Object.entries(config).filter(([name, value]) => model.config[name] !== value)))
  return { model, fields }
}

/** @param {Learning} learning */
function introduce({ task, model, values, iterations }) {
  const { cell, bidirectional, layers, hidden } = model.config
  const weights = model.parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
  say(`${task.name}: ${task.label} (${Object.entries(values).map(([name, value]) => `${name} ${value}`).join(', ')})`)
  const counts = task.counts?.(values)
  if (counts) say(Object.entries(counts).map(([name, count]) => `${spaced(name)} ${grouped(count)}`).join(', '))
  say(`${cell}${bidirectional ? ' in both directions' : ''} with ${layers} × ${hidden} hidden units, ${grouped(weights)} weights; ${grouped(iterations)} iterations`)
  if (model.iteration) say(`Going on after iteration ${grouped(model.iteration)}.`)
  tell({ task: task.name, fields: values, ...(counts && { counts }) })
}

/** @param {Engine} engine  @param {string} name  @param {Given} given */
export async function trainTask(engine, name, given) {
  const { number, text, flag, config, taskFields } = given
  const positionals = given.positionals.filter((one, i) => i > 0 || one !== name)
  const out = text('out')
  if (out) await checkWritable(out)
  const misplaced = OF_TEXTS.find((option) => number(option) !== undefined || (text(option) ?? name) !== name)
  if (misplaced) throw new UsageError(`--${misplaced} is for a text, and the task ${name} reads none`)
  if (positionals.length) throw new UsageError(`"${positionals[0]}" is one argument too many: the task ${name} reads no text`)
  if (flag('json')) speakJson()
  const task = await withData(name, dataGiven(given))
  if (task.shape === 'sequence-to-sequence' && !engine.seq2seq) throw new UsageError(`the task ${name} has an encoder, which is computed strictly and by one thread: leave out --mode and --threads`)
  const file = text('resume')
  const before = file === undefined ? { fields: taskFields, config } : await resumed(engine, task, file, given)
  const learning = learn(engine, task, { ...before, iterations: number('iterations'), every: number('evaluate-every') })
  introduce(learning)
  await follow(learning, out)
}

/** @param {Learning} learning  @param {string | undefined} out */
async function follow(learning, out) {
  const { task, model, values, iterations } = learning
  const [start, first] = [performance.now(), model.iteration]
  let stopped = false
  const stop = () => { stopped = true }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    let slice = start
    /** @type {Metrics | undefined} */
    let last
    for (const { metrics, ...step } of learning) {
      last = metrics
      if (metrics) {
        tell({ ...step, metrics })
        say(`${grouped(step.iteration).padStart(grouped(first + iterations).length)} │ loss ${step.loss.toFixed(4)}  held out: ${worded(metrics)}`)
      }
      if (stopped) break
      if (performance.now() - slice < SLICE) continue
      const done = step.iteration - first
      const left = (performance.now() - start) / 1000 / done * (iterations - done)
      if (isRich()) show(`${bar(done / iterations, 30)} ${grouped(step.iteration)}  loss ${step.loss.toFixed(4)}  ${duration(left)} left`)
      await setImmediate()
      slice = performance.now()
    }
    conclude(learning, last ?? learning.metrics(), model.iteration - first, (performance.now() - start) / 1000)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    if (out) {
      const bytes = await saveBytes(model.save({ preset: task.name, task: JSON.stringify({ name: task.name, fields: values, encoding: task.encoding?.(values) }) }), out)
      say(`Saved iteration ${grouped(model.iteration)} to ${out} (${grouped(bytes)} bytes).`)
    }
  }
}

/** @param {Learning} learning  @param {Metrics} metrics  @param {number} iterations  @param {number} seconds */
function conclude(learning, metrics, iterations, seconds) {
  const { task } = learning
  say(`\n${learning.show()}\n`)
  say(`${grouped(iterations)} iterations in ${duration(seconds)}: ${learning.reaches(metrics) ? bold(green(worded(metrics))) : worded(metrics)}`)
  tell({ done: true, preset: task.name, task: task.name, metrics, iterations, seconds })
}
