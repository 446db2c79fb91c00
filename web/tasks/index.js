export { learn, Learning } from './learn.js'
export { randomFrom } from './random.js'
export { tasks } from './table.js'
