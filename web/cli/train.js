/** `unroll train`: a text becomes a model, with its progress told as it goes. */
import { setImmediate } from 'node:timers/promises'
import { createVocabulary, Validation } from '../../build/unroll/unroll.js'
import { reaches } from '../../build/unroll/tasks.js'
import { configFor } from '../presets.js'
import { learn } from './learn.js'
import { checkWritable, openModel, saveModel } from './model-file.js'
import { UsageError } from './options.js'
import { readText } from './read-text.js'
import { bar, bold, dim, duration, green, grouped, isRich, losses, lost, oneLine, say, show, speakJson, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/unroll.js').Vocabulary} Vocabulary */
/** @typedef {import('../../build/unroll/types/text.js').Tokens} Tokens */
/** @typedef {import('../../build/unroll/types/model.js').ReadingPlan} ReadingPlan */
/** @typedef {import('../presets.js').Preset} Preset */
/** @typedef {import('./options.js').Given} Given */
/**
 * @typedef {object} Learning
 * @property {Engine} engine
 * @property {Model} model  another one after training has stopped and the best weights are back
 * @property {Vocabulary} vocabulary
 * @property {Uint8Array | Uint16Array} symbols
 * @property {number} characters  that a symbol stands for, in the mean
 * @property {Validation} [validation]
 * @property {ReadingPlan} plan
 * @property {Preset} preset
 * @property {() => boolean} stopped
 */

const DEFAULT_ITERATIONS = 2000
const SLICE = 100 // ms of training between two looks at the keyboard
const PLAIN_INTERVAL = 10000 // ms between two lines where lines cannot be replaced
const RECENT = 100 // iterations whose mean is told as the loss
const SAMPLE = 70 // letters shown of what it writes

/**
 * @param {Engine} engine
 * @param {string} text
 * @param {Preset} preset
 * @param {Given} given
 */
async function prepare(engine, text, preset, { text: option, number, config }) {
  const file = option('resume')
  if (file) {
    const { model, vocabulary } = await openModel(engine, file, option('tokens'))
    if (number('max-vocabulary') !== undefined) throw new UsageError('--max-vocabulary is for a new model; the saved one has its vocabulary')
    const changes = Object.fromEntries(Object.entries(config).filter(([name, value]) => model.config[name] !== value))
    const fixed = engine.fields.filter(({ name, live }) => name in changes && !live)
    if (fixed.length) throw new UsageError(`the saved model has ${fixed.map(({ name }) => `${name} ${model.config[name]}`).join(', ')}, which only a new one can change`)
    model.configure(changes)
    return { model, vocabulary }
  }
  const tokens = /** @type {Tokens | undefined} */ (option('tokens'))
  const vocabulary = createVocabulary(text, { tokens, maximum: number('max-vocabulary') })
  return { model: engine.createModel({ ...preset.config, ...configFor(vocabulary.tokens), ...config, vocabulary: vocabulary.size }), vocabulary }
}

/**
 * What is held out, if anything is: as asked, or as the model was trained before.
 * @param {Model} model
 * @param {Uint8Array | Uint16Array} symbols
 * @param {Given} given
 */
function holdOut(model, symbols, { number }) {
  const given = { share: number('validation'), every: number('validation-every'), patience: number('patience') }
  const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const known = model.extra.validation !== undefined
  if (!known && given.share === undefined && Object.keys(asked).length) throw new UsageError('--patience and --validation-every are for --validation, the share of the text to hold out')
  return Validation.resume(model.extra.validation, Object.keys(asked).length ? asked : undefined, symbols, model, () => model.save())
}

/** @param {Model} model  @param {Vocabulary} vocabulary  @param {ReadingPlan} plan  @param {Validation} [validation] */
function introduce({ config, parameters, iteration }, { tokens }, plan, validation) {
  const weights = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
  say(`${grouped(plan.length)} ${tokens}, ${grouped(Number(config.vocabulary))} different; ${config.cell} with ${config.layers} × ${config.hidden} hidden units, ${grouped(weights)} weights`)
  if (plan.shrunk) {
    say(`The text is short: ${plan.batch} × ${plan.steps} ${tokens} are read at a time, instead of ${config.batch} × ${config.steps}.`)
  }
  if (validation) say(`${grouped(validation.held.length)} more are held out to validate, every ${grouped(validation.every)} iterations, with a patience of ${grouped(validation.patience)}.`)
  if (iteration) say(`Going on after iteration ${grouped(iteration)}.`)
}

/** @param {Engine} engine  @param {Given} given */
export async function train(engine, given) {
  const out = given.text('out')
  if (out) await checkWritable(out)
  const misplaced = ['data', 'columns', 'evaluate-every'].find((option) => given.number(option) !== undefined || given.text(option) !== undefined)
  if (misplaced) throw new UsageError(`--${misplaced} is for a --task other than a language model`)
  const [name = given.text('preset')] = given.positionals
  if (name === undefined) throw new UsageError('TEXT is missing: a file, - for standard input, or a preset')
  if (given.flag('json')) speakJson()
  const { text, preset } = await readText(name)
  const { model, vocabulary } = await prepare(engine, text, preset, given)
  const { symbols, unknown } = vocabulary.encode(text)
  if (unknown.size) say(lost(vocabulary.tokens, unknown))
  const validation = holdOut(model, symbols, given)
  const plan = model.setText(validation?.training ?? symbols)
  introduce(model, vocabulary, plan, validation)

  let stopped = false
  const stop = () => { stopped = true }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  /** @type {Learning} */
  const learning = { engine, model, vocabulary, symbols, characters: vocabulary.charactersPerSymbol(text, { symbols, unknown }), validation, plan, preset, stopped: () => stopped }
  const untilLearned = preset.text !== undefined && !validation && given.number('iterations') === undefined && !given.text('resume')
  const [start, before] = [performance.now(), model.iteration]
  try {
    const metrics = await (untilLearned
      ? learn(learning, DEFAULT_ITERATIONS, given.number('sample-every'))
      : trainFor(learning, given.number('iterations') ?? preset.goal?.iterations ?? DEFAULT_ITERATIONS, given.number('sample-every')))
    const seconds = (performance.now() - start) / 1000
    tell({ done: true, preset: preset.name, metrics, iterations: learning.model.iteration - before, seconds })
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    if (out) {
      const { validation: _, ...kept } = model.extra // of another text, unless it is told anew
      const extra = { ...kept, preset: preset.name }
      const bytes = await saveModel(learning.model, vocabulary, out, { ...extra, ...(validation && { validation: JSON.stringify(validation) }) })
      say(`Saved iteration ${grouped(learning.model.iteration)} to ${out} (${grouped(bytes)} bytes).`)
    }
  }
}

/**
 * @param {Learning} learning
 * @param {number} iterations
 * @param {number} [sampleEvery]
 * @returns {Promise<Record<string, number>>} metrics
 */
async function trainFor(learning, iterations, sampleEvery = Math.ceil(iterations / 10)) {
  const { model, vocabulary, symbols, characters, validation, preset, plan, stopped } = learning
  const last = model.iteration + iterations
  const start = performance.now()
  let told = start
  /** @type {number[]} */
  const recent = []
  let done = 0
  const seconds = () => (performance.now() - start) / 1000
  const loss = () => recent.reduce((sum, one) => sum + one, 0) / recent.length
  const rate = () => `${grouped(characters * done * plan.batch * plan.steps * Number(model.config.accumulate) / seconds())} chars/s`
  const left = () => `${duration(seconds() / done * (iterations - done))} left`
  /** @type {import('../../build/unroll/types/validation.js').Validated | undefined} */
  let validated
  while (done < iterations && !stopped() && !validated?.stopped) {
    const slice = performance.now()
    let gradientNorm = 0
    do {
      const step = model.train()
      gradientNorm = step.gradientNorm
      recent.push(step.loss)
      if (recent.length > RECENT) recent.shift()
      if (++done % sampleEvery === 0) say(`${dim(`${grouped(model.iteration).padStart(grouped(last).length)} │`)} ${shortSample(model, vocabulary, symbols, preset)}`)
      validated = validation?.after(model, () => model.save())
      if (validated) say(`${grouped(model.iteration).padStart(grouped(last).length)} │ held out: loss ${losses(validated.loss, characters)}, lowest ${validated.best.toFixed(3)} after ${grouped(validated.bestIteration)}`)
    } while (done < iterations && !validated?.stopped && performance.now() - slice < SLICE)
    tell({ iteration: model.iteration, loss: loss(), gradientNorm, ...(validated && { validationLoss: validated.loss }) })
    const place = `${grouped(model.iteration)}/${grouped(last)}`
    if (isRich()) {
      showProgress(done / iterations, [place, losses(loss(), characters), rate(), left(), `gradient ${gradientNorm.toFixed(2)}`].join('  '))
    } else if (performance.now() - told > PLAIN_INTERVAL) {
      say([place, `loss ${losses(loss(), characters)}`, `gradient norm ${gradientNorm.toFixed(2)}`, rate(), left()].join('  '))
      told = performance.now()
    }
    await setImmediate()
  }
  const bits = (/** @type {number} */ nats) => nats / Math.LN2 / characters
  const metrics = { loss: loss(), perplexity: Math.exp(loss()), bitsPerCharacter: bits(loss()), ...(validated && { validationLoss: validated.best, validationBitsPerCharacter: bits(validated.best) }) }
  const end = losses(loss(), characters)
  say(`${grouped(done)} iterations in ${duration(seconds())}, ${rate()}: loss ${preset.goal && reaches(preset.goal, metrics) ? bold(green(end)) : end}`)
  if (validated?.stopped) returnToBest(learning, validated)
  return metrics
}

/** @param {Learning} learning  @param {import('../../build/unroll/types/validation.js').Validated} validated */
function returnToBest(learning, { best, bestIteration }) {
  const { engine, validation } = learning
  const bytes = validation?.state.best?.bytes
  const told = `Stopped: ${validation?.patience} evaluations without a lower loss than ${best.toFixed(3)}, of iteration ${grouped(bestIteration)}`
  if (!bytes) return say(`${told}, whose weights were not in the file that this went on from.`)
  learning.model.dispose()
  learning.model = engine.loadModel(bytes)
  say(`${told}, whose weights are back.`)
}

/** @param {number} share  @param {string} text */
function showProgress(share, text) {
  const room = (process.stdout.columns || 80) - 1
  const width = Math.min(30, room - text.length - 1)
  show(width < 3 ? text.slice(0, room) : `${bar(share, width)} ${text}`)
}

/** @param {Model} model  @param {Vocabulary} vocabulary  @param {Uint8Array | Uint16Array} symbols of the text  @param {Preset} preset */
function shortSample(model, vocabulary, symbols, { sample: { prompt, strategy, temperature } }) {
  const known = vocabulary.encodePrompt(prompt).symbols
  const given = known.length ? known : symbols.subarray(0, 1)
  const made = model.generate({ prompt: given, length: vocabulary.tokens === 'words' ? SAMPLE / 5 : SAMPLE, strategy, temperature, ban: vocabulary.unwritten })
  return oneLine(vocabulary.decode([...given, ...made.symbols]))
}
