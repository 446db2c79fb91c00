/** What ended by itself, or was left: one sentence, and what to do next. */
import { count, fixed } from './draw/numbers.js'
import { t } from './language/index.js'
import { titleOf } from './words/tasks.js'

/** @typedef {import('./state.js').Notice} Notice */

/** Training has ended by itself. @param {number} loss @param {number} iteration @returns {Notice} */
export const stoppedNotice = (loss, iteration) => ({
  tone: 'note', text: t`It stopped by itself: on unseen text it did not get better any more. These are its best weights, of round ${count(iteration)}, with a loss of ${fixed(loss, 3)} there. Train to go on from them.`,
})

/** What was there before can be had again. @param {import('./opening.js').Pending} before @returns {Notice} */
export const leftNotice = (before) => ({
  tone: 'note', text: t`You have left “${titleOf(before)}” at round ${count(before.saved?.past?.progress?.iteration ?? 0)}.`, remedy: { label: t('Undo'), intent: { type: 'open', pending: before } },
})
