/**
 * Texts say letter. Where the network reads something else, English has its noun in place of that, and other languages have
 * sentences about symbols, in whose place the noun stands as it is declined.
 */
import { TASKS } from '../words/tasks.js'
import { call, language, noun } from './index.js'

/** @typedef {import('../types.js').Run} Run */
/** @typedef {Parameters<typeof call>[1]} Renamed */

const OF_TEXTS = { characters: 'letter', words: 'word', bytes: 'byte' }
/** Where the symbols of a task are something better known. @type {Readonly<Record<string, string>>} */
const OF_TASKS = { names: 'letter', reversal: 'letter', 'number-words': 'letter', naming: 'letter', caption: 'letter', tagging: 'word', spam: 'word', translation: 'word' }

/** What these say is said of letters, whatever the network reads. */
export const OF_LETTERS = new Set(Object.values(TASKS).flat())

/** @type {Readonly<Record<string, (noun: string) => Promise<Renamed>>>} */
const SAID = {
  en: async (noun) => (key) => OF_LETTERS.has(key) ? undefined : key.replace(/\bletter(?=s?\b)/g, noun).replace(/\bLetter(?=s?\b)/g, noun[0].toUpperCase() + noun.slice(1)),
  de: async (noun) => (await import('./de/symbols.js')).saidOf(noun),
}

/** @param {Run} run */
const nounOf = ({ task, vocabulary, config }) => task ? OF_TASKS[task.name] ?? (config.input === 'vector' ? 'step' : 'symbol') : OF_TEXTS[vocabulary.tokens]

/** What a language says of a noun. @param {string} code @param {string} name @returns {Promise<Renamed>} */
export const saidIn = async (code, name) => name === 'letter' ? () => undefined : SAID[code](name)

/** In the language that is spoken. @param {string} name */
export const use = async (name) => call(name, await saidIn(language, name))

/** What the texts say from now on of what a network reads. @param {Run} run @returns {Promise<boolean>} whether it is something else than before */
export async function follow(run) {
  const name = nounOf(run)
  if (name === noun) return false
  await use(name)
  return true
}
