/** The table of tasks, by name. A new one is a file beside this one and a row here. */
import { adding } from './adding.js'
import { brackets } from './brackets.js'
import { copy } from './copy.js'
import { digits } from './digits.js'
import { mackeyGlass } from './mackey-glass.js'
import { names } from './names.js'
import { parity } from './parity.js'
import { sine } from './sine.js'

/** @type {Readonly<Record<string, import('./task.js').Task>>} */
export const tasks = Object.freeze(Object.fromEntries([adding, copy, sine, brackets, names, parity, mackeyGlass, digits].map((task) => [task.name, task])))
