/** What comes when the first drawing is done: what lies below the transport, and the tour. */
import { inspect } from './inspect.js'
import { lessons } from './lessons.js'
import { tour } from './tour.js'

/** @type {readonly import('../types.js').Below[]} */
export const all = [inspect, lessons, tour]
