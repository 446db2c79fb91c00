/** What lies below the transport, in its order. */
import { inspect } from './inspect.js'
import { lessons } from './lessons.js'

/** @type {readonly import('../types.js').Below[]} */
export const all = [inspect, lessons]
