/** What of a text is kept unseen, to check by. */
import { english } from './language/index.js'

/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('./types.js').Field} Field */

/** Early stopping, as more fields. @type {Field[]} */
export const checkFields = [
  {
    name: 'heldOut', kind: 'real', default: 0, minimum: 0, maximum: 0.5, unit: '', group: 'training', live: false,
    help: english('Share of the text, at its end, that is kept unseen to check by; 0: none.'),
  },
  {
    name: 'patience', kind: 'integer', default: 10, minimum: 1, maximum: 1000, unit: 'checks', group: 'training', live: false,
    help: english('Checks on unseen text without a lower loss before training stops and the best weights come back.'),
  },
]

/** What of a text is kept unseen unless one says otherwise: a little of a long one. @param {string} text @returns {Config} */
export const checkFor = (text) => (text.length >= 1e5 ? { heldOut: 0.02, patience: 30 } : { heldOut: 0 })

/** As a run has it. @param {import('./types.js').Run} run @returns {Config} */
export const checkOf = ({ validation }) => ({ heldOut: validation?.share ?? 0, patience: validation?.patience ?? Number(checkFields[1].default) })
