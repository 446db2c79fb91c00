/**
 * The table of texts and tasks that can be chosen on the page: what is learned, by which network, and how it is shown at first.
 *
 * @typedef {{ topK?: number, topP?: number, minP?: number, typicalP?: number }} Rules  which letters may come, see `Model.generate`
 * @typedef {Rules & { prompt: string, length: number, temperature: number, strategy: 'sample' | 'greedy' }} Sampling
 * @typedef {object} Preset
 * @property {string} name      key in the table and in the menu
 * @property {string} label     what the menu says, and what the sentence calls the text
 * @property {string} [text]    the text itself, when it is short
 * @property {string} [asset]   the file beside the page that holds it, when it is long
 * @property {string} [task]    in place of a text: its name in tasks/table.js
 * @property {Readonly<Record<string, string | number | boolean>>} config
 * @property {Sampling} sample  how the text "it writes" is made
 * @property {number} rate      rounds per second, Infinity for as fast as it goes
 * @property {Goal} [goal]      what a run as it stands reaches, of the figures that `unroll train` tells; a task has its own
 */

import { hello, SMALL } from './hello.js'

/** @typedef {import('./tasks/task.js').Goal} Goal */

/** A network for texts of a megabyte. */
const LARGE = { cell: 'lstm', hidden: 128, layers: 1, batch: 32, steps: 50, optimizer: 'adam', learningRate: 0.004, clip: 'norm', clipAt: 5, seed: 1 }

/**
 * Karpathy's min-char-rnn (2015), as closely as the fields allow. There the loss is the sum over 25 characters, so the limit
 * of 5 for each number of the gradient is 5/25 here, where it is their mean; ε = 10⁻⁸ is
 * under the root, here beside it; and there is one bias.
 */
const MIN_CHAR_RNN = { cell: 'vanilla', activation: 'tanh', hidden: 100, layers: 1, batch: 1, steps: 25, carry: true, initialization: 'normal', initialDeviation: 0.01, optimizer: 'adagrad', learningRate: 0.1, epsilon: 4e-7, clip: 'value', clipAt: 0.2, seed: 1 }

/** Rounds per second of each task on the page, so that one can watch it learn. */
const TASKS = { adding: 10, copy: 20, sine: 6, brackets: 10, depth: 10, tagging: 10, names: 10, spam: 8, parity: 8, 'mackey-glass': 10, digits: 10, motion: 10, translation: 10, cmudict: 8, reversal: 20, sorting: 20, addition: 30, 'number-words': 6, dates: 6, naming: 10, drawing: 8, caption: 6, morphing: 6 }

/** @param {[name: string, rate: number]} task @returns {[string, Preset]} */
const ofTask = ([name, rate]) => [name, { name, label: name, task: name, config: {}, rate, sample: { prompt: '', length: 1, temperature: 1, strategy: 'sample' } }]

/** What words change of a network: there are many of them, so each is a vector that is learned. */
const WORDS = { input: 'embedding', inputSize: 64 }

/** What a network for characters, words or bytes has beside its preset. @param {string} [tokens] */
export const configFor = (tokens) => tokens === 'words' ? WORDS : {}

/** @type {Readonly<Record<string, Preset>>} */
export const presets = {
  hello: hello(),
  'hello-gru': hello('gru', 'hello-gru', 'hello (GRU)'),
  'hello-lstm': hello('lstm', 'hello-lstm', 'hello (LSTM)'),
  'moby-dick': {
    name: 'moby-dick', label: 'Moby Dick', asset: 'moby-dick.txt', config: LARGE, rate: Infinity, goal: { metric: 'bitsPerCharacter', atMost: 2.7, iterations: 1500 },
    sample: { prompt: 'The ', length: 420, temperature: 0.6, strategy: 'sample' },
  },
  'min-char-rnn': {
    name: 'min-char-rnn', label: 'Moby Dick (min-char-rnn)', asset: 'moby-dick.txt', config: MIN_CHAR_RNN, rate: Infinity, goal: { metric: 'bitsPerCharacter', atMost: 2.75, iterations: 80000 },
    sample: { prompt: 'The ', length: 200, temperature: 1, strategy: 'sample' },
  },
  own: {
    name: 'own', label: 'your text', config: LARGE, rate: Infinity,
    sample: { prompt: '', length: 420, temperature: 0.6, strategy: 'sample' },
  },
  ...Object.fromEntries(Object.entries(TASKS).map(ofTask)),
}

/**
 * The preset for a text of one's own: a word is learned by a network that can be drawn number by number, a page by a
 * middling one, a book by a large one.
 * @param {string} text
 * @returns {Preset}
 */
export function presetFor(text) {
  const letters = [...text.slice(0, 4000)]
  const prompt = letters[0] ?? ''
  if (letters.length <= 9) {
    const steps = Math.max(1, letters.length - 1)
    return { ...presets.own, config: { ...SMALL, steps }, rate: 8, sample: { ...presets.own.sample, prompt, length: steps } }
  }
  const config = letters.length < 4000 ? { ...LARGE, hidden: 64, batch: 8, steps: 25 } : LARGE
  return { ...presets.own, config, sample: { ...presets.own.sample, prompt } }
}
