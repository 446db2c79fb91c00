/** From which of two lists of English first names is a name? Those in both have no one answer, and are left out. */
import { labelled, LETTERS } from './labelled.js'
import { LISTS } from './name-lists.js'

export const names = labelled(
  { name: 'names', label: 'the list that a first name is from', goal: { metric: 'accuracy', atLeast: 0.81, iterations: 600 } },
  Object.entries(LISTS).flatMap(([list, names]) => names.map((name) => /** @type {const} */ ([name, list]))),
  LETTERS,
)
