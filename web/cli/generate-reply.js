/** `unroll generate` with a model that tells texts or words apart: --prompt is what it reads, and it says how likely each answer is. */
import { weigh } from '../../build/unroll/tasks.js'
import { promptOf } from './generate-pair.js'
import { say, tell } from './terminal.js'

/** @param {import('../../build/unroll/unroll.js').Model} model  @param {import('../../build/unroll/types/tasks/task.js').Task} task  @param {import('./model-file.js').Learned} learned  @param {import('./options.js').Given} given */
export function generateReply(model, task, { fields, encoding }, given) {
  const source = promptOf(task, given, ['strategy', 'temperature', 'seed', 'width', 'best'])
  const weighed = weigh(model, task, source, { values: fields, encoding })
  for (const { label, share } of weighed) {
    tell({ source, label, share })
    say(`${(100 * share).toFixed(1).padStart(6)} %  ${label}`)
  }
  return { answers: weighed.length }
}
