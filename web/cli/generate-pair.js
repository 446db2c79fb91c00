/** `unroll generate` with a model that writes one sequence after another: --prompt is what it reads first. */
import { UsageError } from './options.js'
import { tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */
/** @typedef {import('./model-file.js').Learned} Learned */
/** @typedef {import('./options.js').Given} Given */

const WIDTH = 5

/** What makes no sense of it. */
const OF_TEXTS = ['length', 'ban', 'stop', 'data', 'columns', 'lead', 'tokens', 'repetition-penalty', 'top-k', 'top-p', 'min-p', 'typical-p', 'length-penalty']

/** Always the likeliest symbol unless it is asked otherwise. @param {Given} given  @returns {import('../../build/unroll/types/tasks/task.js').Rewriting} */
function howOf({ text, number }) {
  const strategy = text('strategy') ?? 'greedy'
  if (strategy === 'sample') return { temperature: number('temperature') ?? 1, seed: number('seed') ?? 1 }
  return { width: strategy === 'beam' ? number('width') ?? WIDTH : 1 }
}

/** What is read before it answers. @param {Task} task  @param {Given} given  @param {readonly string[]} [more]  options that make no sense either */
export function promptOf({ name }, { text, number }, more = []) {
  const misplaced = [...OF_TEXTS, ...more].find((option) => text(option) !== undefined || number(option) !== undefined)
  if (misplaced) throw new UsageError(`--${misplaced} is for ${more.includes(misplaced) ? 'models that write' : 'texts or series'}, and this model has learned ${name}`)
  const prompt = text('prompt')
  if (prompt === undefined) throw new UsageError(`this model has learned ${name}: --prompt is what it reads before it ${more.length ? 'answers' : 'writes'}`)
  return prompt
}

/** @param {Model} model  @param {Required<Pick<Task, 'rewrite'>> & Task} task  @param {Learned} learned  @param {Given} given */
export function generatePair(model, task, { fields, encoding }, given) {
  const { number, flag } = given
  const source = promptOf(task, given)
  const texts = task.rewrite(model, source, { values: fields, encoding }, howOf(given)).slice(0, number('best') ?? 1)
  for (const { text: written, logProbability } of texts) {
    tell({ source, text: written, logProbability })
    if (!flag('json')) process.stdout.write(`${texts.length > 1 ? `${logProbability.toFixed(2).padStart(8)}  ` : ''}${written}\n`)
  }
  return { logProbability: texts[0].logProbability }
}
