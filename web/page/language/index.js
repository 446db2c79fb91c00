/**
 * What the page says, in the reader's language. English stands in the code and is the key: t`After ${n} rounds` is looked up
 * as "After {0} rounds". A table of another language, such as de.js, has a text for each key, with the values in any order,
 * or a function of the values that returns such a text. What says letter says what the network reads, see nouns.js.
 */

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {string | number} Value */
/** @typedef {Readonly<Record<string, string | ((...values: never[]) => string)>>} Table */
/** @typedef {string | TemplateStringsArray} Text */

/** Each in itself. @type {Readonly<Record<string, string>>} */
export const LANGUAGES = { en: 'English', de: 'Deutsch' }
/** Where a choice is kept. */
export const KEPT = 'unroll-language'

/** @type {Table} */
let table = {}
/** Its code, as in the document. */
export let language = 'en'
/** Between a whole number and its decimals. */
export let point = '.'

/** What the network reads one at a time; texts say letter. */
export let noun = 'letter'
/** What they say of another noun, where a key says letter. @type {(key: string) => string | undefined} */
let renamed = () => undefined

/** @param {string} name @param {typeof renamed} by */
export function call(name, by) {
  noun = name
  renamed = by
}

/** What the engine says, and how that is said in the reader's language. @type {[RegExp, string][]} */
let sayings = []

/** @param {string} code @param {Table} texts @param {Readonly<Record<string, string>>} [ofEngine]  its messages, see `engineSays` */
export function speak(code, texts, ofEngine = {}) {
  language = code
  table = texts
  sayings = Object.entries(ofEngine).map(([key, text]) => [patternOf(key), text])
  point = t('.')
}

/** @param {string} key */
const patternOf = (key) => new RegExp(`^${key.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+)')}$`)

/**
 * A message of the engine, which speaks English alone: in the reader's language where the table knows it, and so is what it
 * quotes.
 * @param {string} message @returns {string}
 */
export function engineSays(message) {
  for (const [pattern, text] of sayings) {
    const found = pattern.exec(message)
    if (found) return text.split(/\{(\d)\}/).map((piece, i) => (i % 2 ? engineSays(found[Number(piece) + 1]) : piece)).join('')
  }
  return /^-?\d+\.\d+$/.test(message) ? message.replace('.', point) : message
}

/** @template V @param {Text} text @param {V[]} values @returns {(string | V)[]} */
function pieces(text, values) {
  const key = [text].flat().reduce((key, part, i) => `${key}{${i - 1}}${part}`)
  const entry = renamed(key) ?? table[key] ?? key
  const told = typeof entry === 'string' ? entry : entry(.../** @type {never[]} */ (values))
  return told.split(/\{(\d)\}/).map((piece, i) => (i % 2 ? values[Number(piece)] : piece))
}

/** @param {Text} text @param {Value[]} values */
export const t = (text, ...values) => pieces(text, values).join('')

/** The same with letters and coloured numbers in it. @param {TemplateStringsArray} text @param {(Part | Part[])[]} values @returns {Part[]} */
export const phrase = (text, ...values) => pieces(text, values).flat()

/** Marks a text, or all texts in a table, to be translated where they are shown. @template V @param {V} texts */
export const english = (texts) => texts

/** The reader's: asked for by a link, chosen earlier, or the browser's. */
export function wanted() {
  const asked = new URLSearchParams(location.search).get('lang') ?? kept()
  return (asked ? [asked] : navigator.languages).map((code) => code.slice(0, 2)).find((code) => code in LANGUAGES) ?? 'en'
}

/** Not every page may keep things. */
function kept() {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null
  }
}
