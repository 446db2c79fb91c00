/** Learning a word before the reader's eyes, until the network writes it by itself. */
import { setTimeout } from 'node:timers/promises'
import { reaches } from '../../build/unroll/tasks.js'
import { bar, bold, dim, green, isRich, say, show, tell } from './terminal.js'

const PAUSE = 40 // ms a round where it can be watched, fewer as it goes on

/**
 * Ends when the likeliest letters after the first are the word's own and the preset's goal is reached.
 * @param {import('./train.js').Learning} learning
 * @param {number} atMost  rounds
 * @param {number} [every] rounds between two lines that stay; by default 1, 2, 4, 8, …
 * @returns {Promise<Record<string, number>>} metrics
 * @throws {Error} when that does not happen
 */
export async function learn({ model, vocabulary, symbols, preset, stopped }, atMost, every) {
  const text = vocabulary.decode(symbols)
  const { prompt } = preset.sample
  const goal = /** @type {import('../presets.js').Goal} */ (preset.goal)
  const wanted = text.slice(prompt.length)
  say(`It learns to write "${text}", letter after letter: after each, which is next?\n`)
  say(dim(`${'round'.padStart(6)}  ${'loss'.padStart(6)}  ${''.padEnd(20)}  after "${prompt}" it writes`))
  let right = false
  let metrics = { loss: NaN, accuracy: 0 }
  for (let round = 1; round <= atMost && !stopped(); round++) {
    const { loss } = model.train()
    const made = model.generate({ prompt: vocabulary.encode(prompt).symbols, length: [...wanted].length, strategy: 'greedy' })
    const written = vocabulary.decode(made.symbols)
    metrics = { loss, accuracy: [...written].filter((letter, i) => letter === [...wanted][i]).length / [...wanted].length }
    tell({ iteration: model.iteration, ...metrics, text: prompt + written })
    const line = row(round, loss, written, wanted)
    const news = written === wanted && !right
    if (news) right = true
    if (written === wanted && reaches(goal, metrics)) {
      say(line)
      say(`\nLearned in ${round} rounds: after "${prompt}", the network writes "${bold(green(written))}".`)
      return metrics
    }
    if (news || (every === undefined ? (round & (round - 1)) === 0 : round % every === 0)) say(line)
    else show(line)
    if (isRich()) await setTimeout(PAUSE / (1 + round / 50))
    else if (round % 50 === 0) await setTimeout(0)
  }
  if (!stopped()) throw new Error(`"${text}" is not learned after ${atMost} rounds; another --seed or --learning-rate may help`)
  return metrics
}

/** @param {number} round  @param {number} loss  @param {string} written  @param {string} wanted */
function row(round, loss, written, wanted) {
  const marked = [...written].map((letter, i) => letter === [...wanted][i] ? green(letter) : dim(letter)).join('')
  return `${String(round).padStart(6)}  ${loss.toFixed(4)}  ${bar(loss / 1.5, 20)}  ${marked}`
}
