/** How a run came to be: its first configuration and what was changed by hand since. With the text, that repeats it to the last bit. */

/**
 * @typedef {import('./fields.js').Config} Config
 * @typedef {object} Change
 * @property {number} iteration   after which it was made
 * @property {string} name        of a field; of a parameter, where there is an index; none, where it cannot be told in a few words
 * @property {number} [index]
 * @property {string | number | boolean} value
 * @typedef {{ config: Config, changes: readonly Change[] }} Origin
 */

/** @param {Change} a @param {Change} b */
const samePlace = (a, b) => a.iteration === b.iteration && a.name === b.name && a.index === b.index

/** The last change of a place counts. @param {Origin} origin @param {Change} change @returns {Origin} */
export const changed = ({ config, changes }, change) => ({ config, changes: [...changes.filter((other) => !samePlace(other, change)), change] })

/** Without what was changed later. @param {Origin} origin @param {number} iteration @returns {Origin} */
export const until = ({ config, changes }, iteration) => ({ config, changes: changes.filter((change) => change.iteration <= iteration) })
