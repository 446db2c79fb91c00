/** German. Values may stand in any order; a text that depends on them is a function of them. */

/** @type {import('./index.js').Table} */
export const table = {
  '.': ',',
}
