/** A shared run, done again: how far to train at a stretch, and what was changed by hand at its end. */

/** @typedef {import('./opening.js').Goal} Goal */
/** @typedef {import('../engine/origin.js').Change} Change */

/**
 * @param {Goal} goal
 * @param {number} at  rounds that have been trained
 * @returns {{ change: Change } | { rounds: number } | 'there'}
 */
export function nextOf(goal, at) {
  const [change] = goal.changes
  if (change && change.iteration <= at) return { change }
  return at < goal.iteration ? { rounds: Math.min(change?.iteration ?? Infinity, goal.iteration) - at } : 'there'
}

/** @param {Goal} goal @returns {Goal} */
export const withoutFirst = (goal) => ({ ...goal, changes: goal.changes.slice(1) })
