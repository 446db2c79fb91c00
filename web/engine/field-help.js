/** What each field of src/fields.h is for, by its name there. The build puts the words of that table in place of this. */

/** @type {Readonly<Record<string, string>>} */
export const HELP = {}
