/** Saved models: reading and writing the files, and telling what is in them. */
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Vocabulary } from '../../build/unroll/unroll.js'
import { UsageError } from './options.js'
import { conclude, grouped, oneLine, say, speakJson } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('./options.js').Given} Given */

/**
 * @param {Engine} engine
 * @param {string} file
 * @returns {Promise<{ model: Model, vocabulary: Vocabulary | undefined }>}
 */
export async function open(engine, file) {
  const bytes = await readFile(file)
  try {
    const model = engine.loadModel(bytes)
    return { model, vocabulary: model.extra.vocabulary === undefined ? undefined : Vocabulary.fromJSON(model.extra.vocabulary) }
  } catch (error) {
    throw new Error(`${file}: ${/** @type {Error} */ (error).message}`)
  }
}

/** @typedef {{ name: string, fields: Record<string, number>, encoding?: unknown }} Learned  a task, as it is saved with the model */

/**
 * The task that a model has learned, unless it reads and writes letters.
 * @param {Model} model
 * @returns {Learned | undefined}
 */
export function learnedTask({ extra: { task } }) {
  if (task === undefined) return undefined
  try {
    const { name, fields, encoding } = JSON.parse(task)
    if (typeof name === 'string' && Object.values(fields).every((value) => typeof value === 'number')) return { name, fields, encoding }
  } catch {}
  throw new Error('what the model says of its task cannot be read')
}

/** @typedef {Awaited<ReturnType<typeof open>>} Opened */

/**
 * A model that reads and writes text.
 * @param {string} file
 * @param {Opened} opened  of it
 * @param {string} [tokens]  what it should read
 */
export function asReader(file, { model, vocabulary }, tokens) {
  if (!vocabulary) throw new Error(`${file}: this model was saved without its letters, so it can neither read nor write text`)
  if (vocabulary.size !== model.config.vocabulary) throw new Error(`${file}: it has ${vocabulary.size} letters for a network of ${model.config.vocabulary}`)
  if (tokens && tokens !== vocabulary.tokens) throw new UsageError(`the saved model reads ${vocabulary.tokens}, not ${tokens}`)
  return { model, vocabulary }
}

/** @param {Engine} engine  @param {string} file  @param {string} [tokens] */
export const openModel = async (engine, file, tokens) => asReader(file, await open(engine, file), tokens)

/** Fails now rather than after the training. @param {string} file */
export async function checkWritable(file) {
  if ((await stat(dirname(file))).isDirectory() && !(await stat(file).catch(() => undefined))?.isDirectory()) return
  throw new Error(`${file}: a model cannot be saved there`)
}

/**
 * Saves a model so that the file is whole at any time.
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {string} file
 * @param {Record<string, string>} [extra]
 */
export async function saveModel(model, vocabulary, file, extra = model.extra) {
  return saveBytes(model.save({ ...extra, vocabulary: JSON.stringify(vocabulary) }), file)
}

/** @param {Uint8Array} bytes  @param {string} file  @returns {Promise<number>} how many */
export async function saveBytes(bytes, file) {
  await writeFile(`${file}.part`, bytes)
  await rename(`${file}.part`, file)
  return bytes.length
}

/** @param {Engine} engine  @param {Given} given */
export async function info(engine, { positionals: [file], flag }) {
  const start = performance.now()
  if (flag('json')) speakJson()
  const { model, vocabulary } = await open(engine, file)
  const { config, parameters } = model
  const learned = learnedTask(model)
  const count = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
  /** @type {[string, string | number | boolean][]} */
  const rows = [
    ['iteration', grouped(model.iteration)], ['parameters', grouped(count)], ['arithmetic', model.arithmetic],
    ...(vocabulary ? [/** @type {[string, string]} */ ([vocabulary.tokens === 'characters' ? 'letters' : vocabulary.tokens, oneLine(vocabulary.symbols.slice(0, vocabulary.tokens === 'characters' ? 200 : 60).join(vocabulary.tokens === 'characters' ? '' : ' '))])] : []),
    ...(learned ? [/** @type {[string, string]} */ (['learned', oneLine([learned.name, ...Object.entries(learned.fields).map(([name, value]) => `${name} ${value}`)].join(', '))])] : []),
    ...Object.entries(config).map(([name, value]) => /** @type {[string, string | number | boolean]} */ (
      [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value === true ? 'yes' : value === false ? 'no' : value])),
    ...parameters.map(({ name, shape }) => /** @type {[string, string]} */ ([name, shape.join(' × ')])),
  ]
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  say(rows.map(([name, value]) => name.padEnd(width) + value).join('\n'))
  conclude(model, start, { ...(learned && { task: learned.name, fields: learned.fields }), ...(vocabulary && { tokens: vocabulary.tokens, symbols: vocabulary.size }), config, parameters })
}
