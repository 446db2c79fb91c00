/** What a loss counts: bits of surprise, or squares of errors. The two have no common scale. */
import { fixed, three } from './draw/numbers.js'
import { english, t } from './language/index.js'

/**
 * @typedef {object} LossUnit
 * @property {string} name
 * @property {string} column                    of a file, in which losses stand as they are
 * @property {(loss: number) => number} of      a loss, in this unit
 * @property {(loss: number) => string} write
 */

/** @type {LossUnit} */
const BITS = { name: english('bits'), column: 'nats', of: (nats) => nats / Math.LN2, write: (nats) => t`${fixed(nats / Math.LN2)} bits` }
/** @type {LossUnit} */
const SQUARES = { name: english('squared error'), column: 'squared_error', of: (loss) => loss, write: three }

/** @param {import('./types.js').Config} made  with everything filled in */
export const unitOf = ({ loss }) => loss === 'squared' ? SQUARES : BITS
