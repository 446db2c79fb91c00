/** First names by the list that they are from. The build puts the data in place of this. */

/** @type {Readonly<Record<string, readonly string[]>>} */
export const LISTS = {}
