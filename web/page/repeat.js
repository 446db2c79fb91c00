/** A shared run, done again: how far to train at a stretch, and what was changed by hand at its end. Loaded where there is one. */

/** @typedef {import('./opening.js').Goal} Goal */
/** @typedef {import('../engine/origin.js').Change} Change */

/** What is scaled, where it is a scaling; the name is as `scalingName` in origin.js has it. @param {string} name @returns {import('../engine/recurrent.js').Recurrent | undefined} */
export function scalingOf(name) {
  const [, layer, gate = '', direction] = /^radius\.(\d{1,4})(?:\.(\w{0,9}))?(?:\.(reverse))?$/.exec(name) ?? []
  return layer === undefined ? undefined : { layer: Number(layer), gate, ...(direction === 'reverse' && { direction }) }
}

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

/**
 * Makes a change again.
 * @param {Pick<import('./session.js').Trainer, 'configure' | 'poke' | 'scale'>} trainer
 * @param {Change} change
 * @returns {Promise<import('./types.js').Config>} the settings that it changed
 */
export async function replay(trainer, { name, index, value }) {
  const block = scalingOf(name)
  if (block) await trainer.scale({ ...block, ...(value !== 'learned' && { radius: Number(value) }) })
  else if (index !== undefined) await trainer.poke(name, index, Number(value))
  else await trainer.configure({ [name]: value })
  return block || index !== undefined ? {} : { [name]: value }
}
