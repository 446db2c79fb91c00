/** `unroll train`: a text becomes a model, with its progress told as it goes. */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presetFor, presets } from '../presets.js'
import { learn } from './learn.js'
import { checkWritable, openModel, saveModel } from './model-file.js'
import { nearest, UsageError } from './options.js'
import { bar, dim, duration, grouped, isRich, losses, oneLine, say, show, tally } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/unroll.js').Vocabulary} Vocabulary */
/** @typedef {import('../../build/unroll/types/model.js').ReadingPlan} ReadingPlan */
/** @typedef {import('../presets.js').Preset} Preset */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {{ model: Model, vocabulary: Vocabulary, symbols: Uint8Array | Uint16Array, plan: ReadingPlan, preset: Preset, stopped: () => boolean }} Learning */

const DEFAULT_ITERATIONS = 2000
const SLICE = 100 // ms of training between two looks at the keyboard
const PLAIN_INTERVAL = 10000 // ms between two lines where lines cannot be replaced
const RECENT = 100 // iterations whose mean is told as the loss
const SAMPLE = 70 // letters shown of what it writes

/**
 * @param {string} name as typed
 * @returns {Promise<{ text: string, preset: Preset }>}
 */
async function readText(name) {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (preset?.text) return { text: preset.text, preset }
  const asset = preset?.asset && fileURLToPath(new URL(`../../build/site/${preset.asset}`, import.meta.url))
  const bytes = name === '-' ? await buffer(process.stdin) : await readFile(asset || name).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error(asset ? `the text of ${name} is not built yet; "make build" builds it` : `there is no file ${name}${nearest(name, Object.keys(presets))}`)
  })
  const text = new TextDecoder().decode(bytes)
  return { text, preset: asset && preset ? preset : presetFor(text) }
}

/**
 * @param {Engine} engine
 * @param {string} text
 * @param {Preset} preset
 * @param {Given} given
 */
async function prepare(engine, text, preset, { text: option, config }) {
  const file = option('resume')
  if (file) {
    const { model, vocabulary } = await openModel(engine, file)
    const changes = Object.fromEntries(Object.entries(config).filter(([name, value]) => model.config[name] !== value))
    const fixed = engine.fields.filter(({ name, live }) => name in changes && !live)
    if (fixed.length) throw new UsageError(`the saved model has ${fixed.map(({ name }) => `${name} ${model.config[name]}`).join(', ')}, which only a new one can change`)
    model.configure(changes)
    return { model, vocabulary }
  }
  const vocabulary = createVocabulary(text)
  return { model: engine.createModel({ ...preset.config, ...config, vocabulary: vocabulary.size }), vocabulary }
}

/** @param {Model} model  @param {ReadingPlan} plan */
function introduce({ config, parameters, iteration }, plan) {
  const weights = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
  say(`${grouped(plan.length)} characters, ${config.vocabulary} different; ${config.cell} with ${config.layers} × ${config.hidden} hidden units, ${grouped(weights)} weights`)
  if (plan.shrunk) {
    say(`The text is short: ${plan.batch} × ${plan.steps} characters are read at a time, instead of ${config.batch} × ${config.steps}.`)
  }
  if (iteration) say(`Going on after iteration ${grouped(iteration)}.`)
}

/** @param {Engine} engine  @param {Given} given */
export async function train(engine, given) {
  const out = given.text('out')
  if (out) await checkWritable(out)
  const { text, preset } = await readText(given.positionals[0])
  const { model, vocabulary } = await prepare(engine, text, preset, given)
  const { symbols, unknown } = vocabulary.encode(text)
  if (unknown.size) say(`Left out, since this model has never read them: ${tally(unknown)}.`)
  const plan = model.setText(symbols)
  introduce(model, plan)

  let stopped = false
  const stop = () => { stopped = true }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const learning = { model, vocabulary, symbols, plan, preset, stopped: () => stopped }
  const untilLearned = preset.text !== undefined && given.number('iterations') === undefined && !given.text('resume')
  try {
    if (untilLearned) await learn(learning, DEFAULT_ITERATIONS, given.number('sample-every'))
    else await trainFor(learning, given.number('iterations') ?? DEFAULT_ITERATIONS, given.number('sample-every'))
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    if (out) say(`Saved iteration ${grouped(model.iteration)} to ${out} (${grouped(await saveModel(model, vocabulary, out))} bytes).`)
  }
}

/** @param {Learning} learning  @param {number} iterations  @param {number} [sampleEvery] */
async function trainFor({ model, vocabulary, symbols, preset, plan, stopped }, iterations, sampleEvery = Math.ceil(iterations / 10)) {
  const last = model.iteration + iterations
  const start = performance.now()
  let told = start
  /** @type {number[]} */
  const recent = []
  let done = 0
  const seconds = () => (performance.now() - start) / 1000
  const loss = () => recent.reduce((sum, one) => sum + one, 0) / recent.length
  const rate = () => `${grouped(done * plan.batch * plan.steps / seconds())} chars/s`
  const left = () => `${duration(seconds() / done * (iterations - done))} left`
  while (done < iterations && !stopped()) {
    const slice = performance.now()
    let gradientNorm = 0
    do {
      const step = model.train()
      gradientNorm = step.gradientNorm
      recent.push(step.loss)
      if (recent.length > RECENT) recent.shift()
      if (++done % sampleEvery === 0) say(`${dim(`${grouped(model.iteration).padStart(grouped(last).length)} │`)} ${shortSample(model, vocabulary, symbols, preset)}`)
    } while (done < iterations && performance.now() - slice < SLICE)
    const place = `${grouped(model.iteration)}/${grouped(last)}`
    if (isRich()) {
      showProgress(done / iterations, [place, losses(loss()), rate(), left(), `gradient ${gradientNorm.toFixed(2)}`].join('  '))
    } else if (performance.now() - told > PLAIN_INTERVAL) {
      say([place, `loss ${losses(loss())}`, `gradient norm ${gradientNorm.toFixed(2)}`, rate(), left()].join('  '))
      told = performance.now()
    }
    await setImmediate()
  }
  say(`${grouped(done)} iterations in ${duration(seconds())}, ${rate()}: loss ${losses(loss())}`)
}

/** @param {number} share  @param {string} text */
function showProgress(share, text) {
  const room = (process.stdout.columns || 80) - 1
  const width = Math.min(30, room - text.length - 1)
  show(width < 3 ? text.slice(0, room) : `${bar(share, width)} ${text}`)
}

/** @param {Model} model  @param {Vocabulary} vocabulary  @param {Uint8Array | Uint16Array} symbols of the text  @param {Preset} preset */
function shortSample(model, vocabulary, symbols, { sample: { prompt, strategy, temperature } }) {
  const known = vocabulary.encode(prompt).symbols
  const made = model.generate({ prompt: known.length ? known : symbols.subarray(0, 1), length: SAMPLE, strategy, temperature })
  return oneLine(prompt + vocabulary.decode(made.symbols))
}
