/** The prompt as the network read it: a face for each symbol. @param {import('../../types.js').Sample} sample @param {readonly string[]} symbols */
export const givenOf = ({ given }, symbols) => Array.from(given, (symbol) => symbols[symbol] ?? '')
