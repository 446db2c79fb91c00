/** The table of tasks, by name. A new one is a file beside this one and a row here. */
import { adding } from './adding.js'
import { brackets } from './brackets.js'
import { caption } from './caption.js'
import { copy } from './copy.js'
import { depth } from './depth.js'
import { digits } from './digits.js'
import { drawing, naming } from './invention.js'
import { mackeyGlass } from './mackey-glass.js'
import { motion } from './motion.js'
import { morphing } from './morphing.js'
import { names } from './names.js'
import { parity } from './parity.js'
import { pronunciation } from './pronunciation.js'
import { addition, dates, numberWords, reversal, sorting } from './rewriting.js'
import { sine } from './sine.js'
import { spam } from './spam.js'
import { tagging } from './tagging.js'
import { translation } from './translation.js'

/** @type {Readonly<Record<string, import('./task.js').Task>>} */
export const tasks = Object.freeze(Object.fromEntries([adding, copy, sine, brackets, depth, tagging, names, parity, mackeyGlass, spam, digits, motion, reversal, sorting, addition, numberWords, dates, translation, pronunciation, naming, drawing, caption, morphing].map((task) => [task.name, task])))
