/** Drives the trainer: one operation at a time, training in between, always with what the page wants to see now. */
import { columnsFor, drawingFor } from './drawing.js'
import { ofTexts } from './fields.js'
import { presets } from '../presets.js'
import { engineFields, engineFor, FIRST_ENGINE, sameEngine, splitConfig } from './engine-choice.js'
import { checkFields, checkOf } from './held-out.js'
import { snapshot } from './opening.js'
import { roundOf } from './state.js'
import { tokenFields, tokensOf } from './tokens.js'
import { intervalOf, watchOf, weightsOf } from './watch.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Progress} Progress */
/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('../engine/engine.js').Mode} Mode */
/** @typedef {import('./engine-choice.js').EngineChoice} EngineChoice */

/** @typedef {import('../engine/observer.js').Watch} Watch */
/** @typedef {import('./types.js').Seen} Seen */
/** @typedef {import('./types.js').Rewound} Rewound */
/** @typedef {import('../engine/session.js').Identity} Identity */
/** @typedef {import('../engine/origin.js').Origin} Origin */
/** @typedef {import('./opening.js').Pending} Pending */
/** @typedef {import('./opening.js').Goal} Goal */
/** @typedef {import('./types.js').Question} Question */
/** @typedef {import('../engine/validation.js').ValidationOptions} Validation */
/**
 * @typedef {object} Trainer
 * @property {(request: { config: Config, text: string, task?: string, tokens?: import('../engine/text.js').Tokens, maximum?: number, validation?: Validation }) => Promise<Run & { mode: Mode, threads: number }>} start
 * @property {(request: { bytes: Uint8Array, text: string, task?: string, origin?: Origin, validation?: Validation }) => Promise<Run & { mode: Mode, threads: number }>} load
 * @property {(request: { iterations: number, interval: number, rate: number, watch: Watch, signal: AbortSignal }) => AsyncIterable<Progress>} train
 * @property {(iterations: number, watch: Watch) => Promise<Progress>} step
 * @property {(watch: Watch) => Promise<Seen>} look
 * @property {(name: string, index: number, value: number) => Promise<void>} poke
 * @property {(options: import('../engine/recurrent.js').Recurrent & { radius?: number }) => Promise<unknown>} scale
 * @property {(iteration: number) => Promise<Rewound>} rewind
 * @property {(values: Config) => Promise<unknown>} configure
 * @property {(config: Config) => Promise<number>} size
 * @property {(options: { task?: string }) => Promise<Run['fields']>} fields
 * @property {() => Promise<Identity>} identity
 * @property {() => Promise<import('../engine/session.js').Copied>} copy
 * @property {(extra: Readonly<Record<string, string>>) => Promise<Uint8Array>} save
 * @property {() => void} dispose
 * @property {Promise<unknown>} death      why its worker is gone
 * @property {boolean} ended
 * @property {import('./overdue.js').Request | undefined} asked
 * @property {import('./overdue.js').Request | undefined} answered
 * @property {(why: string) => void} end
 */

/** Whether every number is drawn. @param {State} state */
const isWhole = ({ run, width }) => run !== null && drawingFor(run, width) !== 'folded'

/** Seconds of training that nobody wants to lose. */
const LONG = 10

/** What can be chosen: for a task, or for a text. @param {Run['fields']} fields @param {boolean} task */
const chosenFrom = (fields, task) => [...(task ? fields : [...fields.map(ofTexts), ...tokenFields, ...checkFields]), ...engineFields]

/** @param {State} state @param {() => State} current @param {readonly Question[]} questions @returns {Watch} */
const watchFor = (state, current, questions) => state.run ? watchOf({
  whole: isWhole(state), from: state.from, length: columnsFor(state.run, state.width, state.zoom), holds: () => current().holds, parameters: weightsOf(state),
  ...(!state.run.task && { sampling: state.sampling }), questions,
}) : {}

/**
 * @param {(engine: EngineChoice) => Promise<Trainer>} openTrainer
 * @param {() => State} current
 * @param {(state: State) => readonly Question[]} questionsOf  what else the page wants to be told
 * @param {{ progress(progress: Progress): void, look(seen: Seen): void, rewound(to: Rewound, asked: number): void, repeated(goal: Goal, identity: Identity | null, config: Config): Promise<void> | void, fail(error: unknown): Promise<void> }} report
 */
export async function createSession(openTrainer, current, questionsOf, report) {
  let engine = FIRST_ENGINE
  let trainer = await openTrainer(engine)
  trainer.death.then(report.fail)
  /** @type {Partial<EngineChoice>} */
  let chosen = {}
  let controller = new AbortController()
  let looping = false
  let halted = false
  /** @type {Promise<void>} */
  let loop = Promise.resolve()
  /** @type {Promise<void>} */
  let queue = Promise.resolve()
  let lookAgain = false
  /** Where to go back to, until it has been done. @type {number | null} */
  let wanted = null
  /** Numbers set by hand, until it has been done: by parameter and place, the last of each. @type {Map<string, [name: string, index: number, value: number]>} */
  const pokes = new Map()
  /** The radius that recurrent weights are to have, until they have it. @type {{ layer: number, gate: string, radius?: number } | null} */
  let scaling = null
  let holding = false
  const watch = (/** @type {State} */ state) => watchFor(state, current, questionsOf(state))

  async function run() {
    while (!halted && current().training) {
      controller = new AbortController()
      const state = current()
      const stretch = state.goal ? await repeat(state.goal, roundOf(state)) : { iterations: Infinity, rate: state.rate }
      for await (const progress of trainer.train({ ...stretch, interval: intervalOf(isWhole(state), Number.isFinite(state.rate) && document.hidden), watch: watch(state), signal: controller.signal })) {
        report.progress(progress)
      }
      if (!state.goal && !controller.signal.aborted) break
    }
  }

  /** How to train on towards what is to be repeated; a change made by hand there is made again. @param {Goal} goal @param {number} at */
  async function repeat(goal, at) {
    const { nextOf, replay, withoutFirst } = await import('./repeat.js')
    const next = nextOf(goal, at)
    if (next === 'there') {
      report.look(await trainer.look(watch(current())))
      await report.repeated(goal, await trainer.identity(), {})
    }
    else if ('change' in next) {
      report.repeated(withoutFirst(goal), null, await replay(trainer, next.change))
    }
    return { iterations: typeof next === 'object' && 'rounds' in next ? next.rounds : 0, rate: Infinity }
  }

  function resume() {
    if (looping || !current().training) return
    looping = true
    halted = false
    loop = run().catch(report.fail).finally(() => { looping = false })
  }

  async function halt() {
    halted = true
    controller.abort()
    await loop
  }

  /** @param {() => Promise<void>} action  runs while nothing trains */
  function exclusively(action) {
    queue = queue.then(halt).then(action).catch(report.fail).then(resume)
    return queue
  }

  /** What is watched, as it is, unless it trains. Asked again before it could answer, it answers once. */
  function lookAtRest() {
    if (lookAgain) return
    lookAgain = true
    exclusively(async () => {
      lookAgain = false
      if (current().run && !current().training) report.look(await trainer.look(watch(current())))
    })
  }

  /**
   * Another engine takes another trainer. Where anything fails, the old one stays.
   * @param {Pending} pending @returns {Promise<Run>}
   */
  async function startRun({ preset, config: asked, text, saved }) {
    const { task } = presets[preset]
    const { config, choice, cut, validation } = splitConfig(asked)
    const wanted = engineFor(config, { ...chosen, ...choice })
    const next = sameEngine(wanted, engine) && !trainer.ended ? trainer : await openTrainer(wanted)
    try {
      const run = await (saved ? next.load({ bytes: saved.bytes, text, task, origin: saved.origin, validation }) : next.start({ config, text, task, ...cut, validation }))
      if (next !== trainer) {
        trainer.dispose()
        next.death.then(report.fail)
      }
      trainer = next
      engine = wanted
      chosen = { ...chosen, ...choice }
      return {
        ...run, fields: chosenFrom(run.fields, task !== undefined),
        config: { ...run.config, arithmetic: run.mode, threads: run.threads, ...(!task && { ...checkOf(run), ...tokensOf(run, asked) }) },
      }
    } catch (error) {
      if (next !== trainer) next.dispose()
      throw error
    }
  }

  /** The run as it is, to go on with another time. */
  async function copy() {
    return snapshot(current(), await trainer.copy())
  }

  return {
    trainer: () => trainer,
    /** @param {(run: Run, before: Pending | null) => Promise<void>} done  told what was there before, where it had trained for long */
    start: (done) => exclusively(async () => {
      const { pending, seconds } = current()
      if (!pending) return
      const before = !pending.saved?.past && !trainer.ended && seconds > LONG ? await copy() : null
      await done(await startRun(pending), before)
      if (!current().training) report.look(await trainer.look(watch(current())))
    }),
    /** Training goes on or stops, as the state says; where it stops, all is shown as it is there. */
    follow() {
      if (current().training) queue = queue.then(() => (halted ? loop : undefined)).then(resume)
      else { halted = true; controller.abort(); lookAtRest() }
    },
    /** The rate or what is watched has changed. */
    refresh() {
      if (looping && !halted) controller.abort()
      else lookAtRest()
    },
    /** @param {number} iteration */
    rewind(iteration) {
      const waiting = wanted !== null
      wanted = iteration
      if (!waiting) exclusively(async () => {
        const to = wanted ?? iteration
        wanted = null
        report.rewound(await trainer.rewind(to), to)
        report.look(await trainer.look(watch(current())))
      })
    },
    /** @param {string} name @param {number} index @param {number} value */
    poke(name, index, value) {
      const waiting = pokes.size > 0
      pokes.set(`${name} ${index}`, [name, index, value])
      if (!waiting) exclusively(async () => {
        const last = [...pokes.values()]
        pokes.clear()
        for (const poke of last) await trainer.poke(...poke)
        if (!current().training) report.look(await trainer.look(watch(current())))
      })
    },
    /** What is held by hand has changed: what follows is told at once, in between where it trains. */
    hold() {
      if (holding) return
      holding = true
      queue = queue.then(async () => {
        for (let holds = null; holds !== current().holds && current().run;) {
          holds = current().holds
          const { trace, parameters } = watch(current())
          report.look(await trainer.look({ trace, parameters }))
        }
      }).catch(report.fail).finally(() => { holding = false })
    },
    /** Recurrent weights by hand; without a radius, as they were learned. @param {{ layer: number, gate: string, radius: number | null }} to */
    scale({ layer, gate, radius }) {
      const waiting = scaling !== null
      scaling = { layer, gate, ...(radius !== null && { radius }) }
      if (!waiting) exclusively(async () => {
        const to = scaling
        scaling = null
        if (to) await trainer.scale(to)
        report.look(await trainer.look(watch(current())))
      })
    },
    single: () => exclusively(async () => report.progress(await trainer.step(1, watch(current())))),
    /** Bytes that a network would take; none where there cannot be one. @param {Config} asked @returns {Promise<number | null>} */
    sizeOf: (asked) => trainer.size(splitConfig(asked).config).catch(() => null),
    /** What can be chosen of a network: for a task, or for a text. @param {string | undefined} task */
    fieldsOf: async (task) => chosenFrom(await trainer.fields({ task }), task !== undefined),
    identity: () => trainer.identity(),
    copy,
    /** @param {Config} values */
    configure: (values) => trainer.configure(values).catch(report.fail),
  }
}
