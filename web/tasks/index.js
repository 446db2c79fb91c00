export { learn, Learning } from './learn.js'
export { mackeyGlassSeries } from './mackey-glass.js'
export { randomFrom } from './random.js'
export { tasks } from './table.js'
