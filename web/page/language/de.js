/** German, by parts of the page. Values may stand in any order; a text that depends on them is a function of them. */
import { drawers } from './de/drawers.js'
import { guides } from './de/guides.js'
import { looks } from './de/looks.js'
import { screen } from './de/screen.js'
import { tasks } from './de/tasks.js'
import { tokens } from './de/tokens.js'

export { engine } from './de/engine.js'

/** No text is in two of them. */
export const parts = [screen, drawers, looks, guides, tasks, tokens]

/** @type {import('./index.js').Table} */
export const table = Object.assign({ '.': ',' }, ...parts)
