/** What is told of a model while it trains: one sequence through it, what it writes, and answers to questions. */
import { looking } from './looking.js'
import { batchAt } from './place.js'

/** @typedef {import('./inspect.js').InspectionName} InspectionName */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Subject} Subject */
/** @typedef {import('./model.js').Hold} Hold */
/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./model.js').Tensor} Tensor */
/** @typedef {import('./text.js').Vocabulary} Vocabulary */
/** @typedef {{ shape: readonly number[], data: Float32Array }} Parameter */

/**
 * What to tell beside the loss, and how often. `every` is in milliseconds, 0: each time.
 * @typedef {object} Watch
 * @property {true | Place & { hold?: readonly Hold[] }} [trace] symbols of the text to run through the network, and numbers
 *   to hold by hand meanwhile; true: the first window
 * @property {boolean | readonly string[]} [parameters] tell all parameters with the trace, or those of these names
 * @property {number} [every]
 * @property {SampleOptions & { every?: number }} [sample]
 * @property {{ questions: readonly Question[], every?: number }} [inspect]
 */
/** @typedef {{ [N in InspectionName]: { name: N, options: import('./inspect.js').InspectionOptions<N>, asker?: string } }[InspectionName]} Question */
/**
 * To each question its result, or why there is none, and who asked.
 * @typedef {{ [N in InspectionName]: { name: N, asker?: string, result?: import('./inspect.js').InspectionResult<N>, error?: string } }[InspectionName]} Inspection
 */
/**
 * @typedef {object} SampleOptions
 * @property {string} prompt
 * @property {number} length
 * @property {number} [temperature]
 * @property {'sample' | 'greedy'} [strategy]
 * @property {number} [seed]
 * @property {boolean} [distributions]
 * @property {readonly import('./writing.js').Clamp[]} [clamp]  units to hold while it writes
 * @property {number} [topK]   these four as for `Model.generate`
 * @property {number} [topP]
 * @property {number} [minP]
 * @property {number} [typicalP]
 * @property {boolean} [unknown]  the symbol for unknown words may be written, too
 */
/** given: the symbols of the prompt. @typedef {{ text: string, given: number[], symbols: number[], probabilities: number[], distributions?: number[][] }} Sample */
/**
 * One sequence through the network, from zero state: every number by name, as `Model.trace` tells.
 * @typedef {object} Frame
 * @property {number} iteration
 * @property {number[]} inputs    symbols; −1 each where numbers are read
 * @property {number[]} targets   of each step, or one where the answer comes once; −1 is not counted; none where answers are numbers
 * @property {ArrayLike<number>} [wanted]  numbers, or yes and no, in place of targets
 * @property {ArrayLike<number>} [mask]    0 where the answer is not counted
 * @property {Float32Array} [beliefs]      where the answer comes once: what it would be after each step
 * @property {{ source: readonly string[], written: readonly string[] }} [rewritten]  where sources are read: this one, and what is written after it with nobody to tell
 * @property {Record<string, Tensor>} values
 * @property {readonly Hold[]} [hold]  what was held by hand
 * @property {Record<string, Parameter>} [parameters]
 */
/** What was due of it. @typedef {{ frame?: Frame, sample?: Sample, inspections?: Inspection[] }} Seen */

/** What stands for a symbol where numbers are read. */
const NUMBERS = -1

/**
 * @param {Subject} subject
 * @param {true | Place & { hold?: readonly Hold[] }} trace
 * @param {boolean | readonly string[]} parameters
 * @returns {Frame}
 */
function frameOf(subject, trace, parameters) {
  const { model } = subject
  const { hold, ...place } = trace === true ? { from: 0, length: Number(model.config.steps), hold: undefined } : trace
  const batch = batchAt(subject, place)
  const traced = model.trace(batch, { hold })
  const { inputs = Array(batch.steps).fill(NUMBERS), targets = [], values: wanted, mask } = batch
  const beliefs = subject.practice?.beliefs(batch)
  const rewritten = subject.practice?.rewritten(batch)
  const told = model.parameters.filter(({ name }) => (Array.isArray(parameters) ? parameters.includes(name) : parameters))
  return {
    iteration: model.iteration, inputs: Array.from(inputs), targets: Array.from(targets), ...(wanted && { wanted }), ...(mask && { mask }), ...(beliefs && { beliefs }), ...(rewritten && { rewritten }),
    values: Object.fromEntries(traced.names.map((name) => [name, traced.get(name)])), ...(hold?.length && { hold }),
    ...(told.length > 0 && { parameters: Object.fromEntries(told.map(({ name, shape }) => [name, { shape, data: model.getParameter(name) }])) }),
  }
}

/**
 * What cannot be told does not end the training.
 * @param {typeof import('./inspect.js').inspect} inspect
 * @param {Subject} subject
 * @param {Question} question
 * @returns {Inspection}
 */
function answer(inspect, subject, question) {
  const told = { name: question.name, ...(question.asker !== undefined && { asker: question.asker }) }
  try {
    return /** @type {Inspection} */ ({ ...told, result: inspect(subject, question.name, /** @type {any} */ (question.options)) })
  } catch (error) {
    return { ...told, error: /** @type {Error} */ (error).message }
  }
}

/**
 * What a model reads of a prompt. Letters it does not know are passed over; an empty prompt starts as the text does.
 * @param {Vocabulary} vocabulary
 * @param {Uint8Array | Uint16Array} text  symbols
 * @param {string} prompt
 */
export function readPrompt(vocabulary, text, prompt) {
  const known = vocabulary.encodePrompt(prompt).symbols
  return known.length ? known : text.subarray(0, 1)
}

/**
 * What a model writes after a prompt.
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {Uint8Array | Uint16Array} text  symbols
 * @param {SampleOptions} options
 * @returns {Sample}
 */
export function write(model, vocabulary, text, { prompt, length, temperature = 1, strategy = 'sample', seed = 1, distributions = false, clamp, topK, topP, minP, typicalP, unknown = false }) {
  const given = readPrompt(vocabulary, text, prompt)
  const made = model.generate({
    prompt: given, length, ban: unknown ? [] : vocabulary.unwritten, temperature, strategy, seed, distributions, clamp, topK, topP, minP, typicalP,
  })
  const V = vocabulary.size
  return {
    text: vocabulary.decode(made.symbols),
    given: Array.from(given),
    symbols: Array.from(made.symbols),
    probabilities: Array.from(made.probabilities),
    ...(made.distributions && {
      distributions: Array.from({ length }, (_, i) => Array.from(made.distributions?.subarray(i * V, (i + 1) * V) ?? [])),
    }),
  }
}

/** @param {Subject} subject  @param {readonly Question[]} questions */
async function ask(subject, questions) {
  const { inspect } = await looking()
  return questions.map((question) => answer(inspect, subject, question))
}

export class Observer {
  /** When each thing was last told. @type {{ [K in keyof Required<Seen>]: number }} */
  #told = { frame: -Infinity, sample: -Infinity, inspections: -Infinity }

  /**
   * What is due. Nothing is trained.
   * @param {Subject} subject
   * @param {Watch} watch
   * @returns {Promise<Seen>}
   */
  async look(subject, { trace, parameters = false, every = 0, sample, inspect: asked }) {
    const now = performance.now()
    /** @type {Seen} */
    const seen = {}
    /** @template {keyof Seen} K  @param {K} what  @param {number} every  @param {() => Seen[K] | Promise<Seen[K]>} tell */
    const tell = async (what, every, tell) => {
      if (now - this.#told[what] < every) return
      seen[what] = await tell()
      this.#told[what] = performance.now()
    }
    if (trace) await tell('frame', every, () => frameOf(subject, trace, parameters))
    if (sample) await tell('sample', sample.every ?? 0, () => subject.write(sample))
    if (asked) await tell('inspections', asked.every ?? 0, () => ask(subject, asked.questions))
    return seen
  }
}
