/** What src/fields.h says of each field to people, by its name here. The build puts the words of that table in place of this. */

/** @type {Readonly<Record<string, { unit: string, group: string, help: string }>>} */
export const WORDS = {}
