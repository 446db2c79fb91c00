/** Learning a task: fresh sequences at each update, and a look at those that are held out every so often. */
import { RnnError } from '../engine/errors.js'
import { taskNamed } from './open.js'
import { randomFrom } from './random.js'
import { configOf, readValues, reaches } from './task.js'

/** @typedef {import('./task.js').Task} Task */
/** @typedef {import('./task.js').Batch} Batch */
/** @typedef {import('./task.js').Config} Config */
/** @typedef {import('./task.js').Metrics} Metrics */
/** @typedef {import('./task.js').Model} Model */
/**
 * What learning needs of an engine: `Engine` has it.
 * @typedef {{ createModel: (config: Config) => Model }} Maker
 * @typedef {object} Options
 * @property {import('./task.js').Values} [fields]  of the task
 * @property {Config} [config]      of the network, in place of the task's defaults; its seed is the data's as well
 * @property {Model} [model]        one that has learned the task for a while, to go on with, in place of config
 * @property {number} [iterations]  updates to do, by default the goal's
 * @property {number} [every]       updates between two looks at what is held out, by default a tenth of all
 * @property {number} [held]        sequences to hold out, where they are made
 * @typedef {{ iteration: number, loss: number, gradientNorm: number, metrics?: Metrics }} Told
 */

/** Streams of the seed: update i draws from stream i, from 1 on. */
const HELD_OUT = 0

/** Iterate it to learn: `for (const { iteration, loss, metrics } of learn(engine, 'adding')) …` */
export class Learning {
  /** @param {Maker} engine  @param {Task} task  @param {Options} options */
  constructor(engine, task, { fields = {}, config = {}, model, iterations = task.goal.iterations, every = Math.ceil(iterations / 10), held = 512 }) {
    for (const [name, count] of Object.entries({ iterations, every, held })) {
      if (!Number.isInteger(count) || count < 1) throw new RnnError('invalid-config', `${name} ${count} is not a whole number from 1 on`)
    }
    this.task = task
    this.iterations = iterations
    this.every = every
    this.values = readValues(task, fields)
    /** Another state of the same model may take its place. @type {Model} */
    this.model = model ?? engine.createModel(configOf(task, this.values, config))
    /** What it never learns from, or a part of it: what is measured on the way. @type {Batch} */
    this.held = (task.glance ?? task.held)?.(this.values) ?? this.#draw(HELD_OUT, held)
  }

  /** @param {number} stream  @param {number} count */
  #draw(stream, count) {
    return this.task.sample(randomFrom(Number(this.model.config.seed), stream), count, this.values)
  }

  /** One update. Its sequences follow from the seed and its number, so that a saved model goes on as it would have. @returns {Told} */
  step() {
    const { loss, gradientNorm } = this.model.step(this.#draw(this.model.iteration + 1, Number(this.model.config.batch)))
    return { iteration: this.model.iteration, loss, gradientNorm }
  }

  /** Of what is held out. @returns {Metrics} */
  metrics() {
    return this.task.metrics(this.model, this.held, this.values)
  }

  /** All that it never learns from. @returns {Batch} */
  get wholeHeld() {
    return this.task.glance ? this.task.held?.(this.values) ?? this.held : this.held
  }

  /** Whether these metrics reach the task's goal. @param {Metrics} metrics */
  reaches(metrics) {
    return reaches(this.task.goal, metrics)
  }

  /** An example of what is held out, and the model's answer. */
  show() {
    return this.task.show(this.model, this.held, this.values)
  }

  /** @returns {Generator<Told, void, void>} */
  *[Symbol.iterator]() {
    for (let done = 1; done <= this.iterations; done++) {
      const told = this.step()
      yield done % this.every === 0 || done === this.iterations ? { ...told, metrics: this.metrics() } : told
    }
  }
}

/**
 * @param {Maker} engine
 * @param {string | Task} task  one, or its name in the table where it needs no file
 * @param {Options} [options]
 */
export function learn(engine, task, options = {}) {
  return new Learning(engine, typeof task === 'string' ? taskNamed(task) : task, options)
}
