/** How a run came to be: its first configuration and what was changed by hand since. With the text, that repeats it to the last bit. */

/**
 * @typedef {import('./fields.js').Config} Config
 * @typedef {object} Change
 * @property {number} iteration   after which it was made
 * @property {string} name        of a field; of a parameter, where there is an index; of a scaling, see `scalingName`; none, where it cannot be
 *   told in a few words
 * @property {number} [index]
 * @property {string | number | boolean} value
 * @typedef {{ config: Config, changes: readonly Change[] }} Origin
 */

/** @param {Change} a @param {Change} b */
const samePlace = (a, b) => a.iteration === b.iteration && a.name === b.name && a.index === b.index

/** A scaling of recurrent weights: its value is their spectral radius, or 'learned'. @param {import('./recurrent.js').Recurrent} which */
export const scalingName = ({ layer = 0, gate = '', direction = 'forward' }) => `radius.${layer}${gate || direction !== 'forward' ? `.${gate}` : ''}${direction === 'forward' ? '' : `.${direction}`}`

/** @param {Change} change */
const isScaling = ({ name }) => name.startsWith('radius.')

/**
 * The last change of a place counts: with nothing between that the later one depends on, or that depends on the earlier one.
 * @param {Origin} origin @param {Change} change @returns {Origin}
 */
export function changed({ config, changes }, change) {
  const last = changes.map((other) => samePlace(other, change)).lastIndexOf(true)
  const between = last < 0 ? [] : changes.slice(last + 1)
  const depends = isScaling(change) ? between.length > 0 : change.index !== undefined && between.some(isScaling)
  return { config, changes: [...changes.filter((_, i) => i !== last || depends), change] }
}

/** Whether a scaling came after all that was set by hand at an iteration. @param {Origin} origin @param {number} iteration */
export const endsScaled = ({ changes }, iteration) => {
  const last = changes.filter((change) => change.iteration === iteration && (change.index !== undefined || isScaling(change))).at(-1)
  return last !== undefined && isScaling(last)
}

/** Without what was changed later. @param {Origin} origin @param {number} iteration @returns {Origin} */
export const until = ({ config, changes }, iteration) => ({ config, changes: changes.filter((change) => change.iteration <= iteration) })
