/** The commands, by name: what they take, and who carries them out. */
import { setFlagsFromString } from 'node:v8'
import { loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../presets.js'
import { evaluate, EVALUATE_OPTIONS } from './evaluate.js'
import { EXPORT_OPTIONS, exportModel } from './export.js'
import { generate, GENERATE_OPTIONS } from './generate.js'
import { help, overview } from './help.js'
import { importModel, importOptions } from './import.js'
import { info } from './model-file.js'
import { asTyped, fieldOptions, JSON_LINES, MODE, nearest, parse, TOKENS, UsageError } from './options.js'
import { train } from './train.js'
import { TASK_OPTIONS, taskAsked, taskOptions, taskSummary, trainTask } from './train-task.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('./options.js').Option} Option */
/** @typedef {import('./options.js').Given} Given */
/**
 * @typedef {object} Command
 * @property {string} usage
 * @property {string} summary
 * @property {string[]} [more]  what else its help says, a paragraph each
 * @property {(engine: Engine, args?: readonly string[]) => Option[]} options  all there are, or those that these arguments may name
 * @property {(engine: Engine, given: Given) => Promise<void>} run
 */

const textPresets = Object.values(presets).filter(({ text, asset }) => text ?? asset).map(({ name }) => name)

/** @type {Option[]} */
const TRAIN_OPTIONS = [
  { name: 'preset', kind: 'choice', choices: Object.keys(presets).filter((name) => name !== 'own'), help: 'In place of TEXT: a text that comes with Unroll, or a task, and the network for it.' },
  { ...TOKENS, default: 'characters', help: 'What TEXT is cut into: Unicode characters, words with the space before them, or bytes of UTF-8.' },
  { name: 'max-vocabulary', kind: 'integer', minimum: 2, maximum: 65535, help: 'The most different characters or words, of which the most frequent are kept; by default 65535 characters or 4000 words. Other words are read as one unknown word, other characters are left out.' },
  { name: 'out', kind: 'file', help: 'Where the model is saved, at the end and on Ctrl-C.' },
  { name: 'resume', kind: 'file', help: 'Goes on with a saved model, from where it was in the text.' },
  { name: 'iterations', kind: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 2000, help: 'Updates to do; presets and tasks have a number of their own.' },
  { name: 'validation', kind: 'real', minimum: 0.001, maximum: 0.9, help: 'Share of the text, at its end, that is held out: when the loss on it falls no more, training stops, with the weights that had the lowest.' },
  { name: 'validation-every', kind: 'integer', minimum: 1, maximum: 1e9, help: 'Iterations between two evaluations; by default as many as take ten times as long as one, but at least 100.' },
  { name: 'patience', kind: 'integer', minimum: 1, maximum: 1e6, default: 10, help: 'Evaluations without a lower loss before training stops.' },
  MODE,
  { name: 'threads', kind: 'integer', minimum: 1, maximum: 64, default: 1, help: 'Threads that compute together, to the same bits as one.' },
  { name: 'sample-every', kind: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, help: 'Iterations between samples, 0 for none; by default ten in all.' },
  JSON_LINES,
]

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  train: {
    usage: 'train [TEXT] [options]',
    summary: 'Learns to predict each next character, word or byte of a text, or another task.',
    more: [
      `TEXT is a file, - for standard input, or one of the presets ${textPresets.join(' and ')}. "train hello" shows what it writes as it learns, and ends when it is learned.`,
      'Defaults of the network are for texts of 4000 characters or more; shorter ones get a smaller network.',
      `"train --task NAME" needs no TEXT, and has a network, iterations and options of its own. ${taskSummary()}.`,
    ],
    options: (engine, args) => [...TASK_OPTIONS, ...TRAIN_OPTIONS, ...taskOptions(args), ...fieldOptions(engine.fields).filter(({ field }) => field !== 'task')],
    run(engine, given) {
      const task = taskAsked(given)
      return task === undefined ? train(engine, given) : trainTask(engine, task, given)
    },
  },
  generate: {
    usage: 'generate FILE [options]',
    summary: 'Writes text with a saved model, beginning with the prompt. One that has learned a series goes on with it, from what it has said itself; one that reads a sequence before another answers to the prompt.',
    options: () => GENERATE_OPTIONS,
    run: generate,
  },
  evaluate: {
    usage: 'evaluate FILE [TEXT] [options]',
    summary: 'Tells how well a saved model reads a text: bits per character, and perplexity. A model that has learned a task needs no TEXT: it is measured on what was held out, or on --data.',
    options: () => EVALUATE_OPTIONS,
    run: evaluate,
  },
  info: { usage: 'info FILE [options]', summary: 'Tells what a saved model is made of.', options: () => [JSON_LINES], run: info },
  export: { usage: 'export FILE [options]', summary: 'Writes a saved model for other programs.', options: () => EXPORT_OPTIONS, run: exportModel },
  import: {
    usage: 'import FILE [options]',
    summary: 'Makes a model of weights that PyTorch saved: a safetensors file of a state_dict.',
    more: ['Names and shapes tell cell and sizes. Other options are for what they cannot tell, as --activation, and for training.'],
    options: importOptions, run: importModel,
  },
  help: {
    usage: 'help [COMMAND]', summary: 'Tells what the commands and their options do.', options: () => [],
    async run(engine, { positionals: [name] }) {
      if (name === undefined) return overview(commands)
      help(find(name), engine)
    },
  },
}

/** @param {string} name  @returns {Command} */
function find(name) {
  if (Object.hasOwn(commands, name)) return commands[name]
  throw new UsageError(`there is no command "${name}"${nearest(name, Object.keys(commands))}; the commands are ${Object.keys(commands).join(', ')}`)
}

/** The engine that was asked for. @param {Engine} engine  in strict mode  @param {Given} given */
async function engineFor(engine, given) {
  const mode = given.text('mode') === 'fused' ? 'fused' : 'strict'
  const threads = given.number('threads') ?? 1
  if (mode === 'strict' && threads === 1) return engine
  // Node 20 has relaxed SIMD behind a flag; what older ones have behind it is not the standard's.
  if (mode === 'fused' && process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')
  const wanted = await loadEngine({ mode, threads })
  if (wanted.mode !== mode) process.stderr.write('unroll: this Node or this build has no fused mode, so the mode is strict\n')
  return wanted
}

/** One sentence, whatever happened. @param {unknown} error */
function sentence(error) {
  const { name, code, path, message } = /** @type {NodeJS.ErrnoException} */ (error)
  /** @type {Record<string, string>} */
  const reasons = { ENOENT: 'there is no such file or folder', EACCES: 'it may not be opened', EISDIR: 'a folder is not a file', ENOSPC: 'the disk is full' }
  if (name === 'RnnError' || !code || !Object.hasOwn(reasons, code)) return asTyped(message)
  return `${path ? `${path}: ` : ''}${reasons[code]}`
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code: 0 done, 1 failed, 2 not understood
 */
export async function main(args) {
  // Whoever reads our output may leave early, as `head` does.
  process.stdout.on('error', (error) => process.exit(/** @type {NodeJS.ErrnoException} */ (error).code === 'EPIPE' ? 0 : 1))
  const wantsHelp = args.length === 0 || args.includes('--help') || args[0] === '-h'
  const [name, ...rest] = !wantsHelp ? args : ['help', ...args.filter((arg) => !arg.startsWith('-')).slice(0, 1)]
  try {
    const command = find(name)
    const engine = await loadEngine({ seq2seq: true })
    const given = parse(rest, command.options(engine, rest), command.usage)
    await command.run(await engineFor(engine, given), given)
    return 0
  } catch (error) {
    process.stderr.write(`unroll: ${sentence(error)}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}
