/** Which engine trains a configuration: what the page adds to the hyperparameters of the core. */
import { supportedModes } from '../engine/index.js'
import { mostThreads, whyOneThread } from './isolation.js'

/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('./types.js').Field} Field */
/** @typedef {{ arithmetic: import('../engine/engine.js').Mode, threads: number }} EngineChoice */

/** Products in a step, about, from which on several threads are worth their start. */
const HEAVY = 2 ** 19

const THREADS = Math.min(mostThreads, 4)

/** The engine that is quickest to start. @type {EngineChoice} */
export const FIRST_ENGINE = { arithmetic: 'strict', threads: 1 }

/** The engine itself, as more fields; a choice of one is hidden. @type {Field[]} */
export const engineFields = [
  {
    name: 'arithmetic', kind: 'choice', default: 'strict', minimum: 0, maximum: 0, choices: supportedModes(), unit: '', group: 'speed', live: false,
    help: 'Strict: the same numbers on every machine, to the last bit. Fused: faster, and the last bits are this machine’s own.',
  },
  {
    name: 'threads', kind: 'integer', default: THREADS, minimum: 1, maximum: mostThreads, unit: '', group: 'speed', live: false,
    help: `They share the work of each step; the numbers are the same, to the last bit, with any number of them. ${whyOneThread || 'Small networks begin with one.'}`,
  },
]

/** What of a configuration is for the core, and what chooses the engine. @param {Config} asked @returns {{ config: Config, choice: Partial<EngineChoice> }} */
export function splitConfig(asked) {
  const isChoice = (/** @type {[string, unknown]} */ [name]) => name in FIRST_ENGINE
  const entries = Object.entries(asked)
  return { config: Object.fromEntries(entries.filter((entry) => !isChoice(entry))), choice: Object.fromEntries(entries.filter(isChoice)) }
}

/** @param {Config} config @param {Partial<EngineChoice>} chosen @returns {EngineChoice} */
export function engineFor({ batch, steps, layers, hidden }, chosen) {
  const heavy = Number(batch) * Number(steps) * Number(layers) * Number(hidden) ** 2 >= HEAVY
  return { ...FIRST_ENGINE, threads: heavy ? THREADS : 1, ...chosen }
}

/** @param {EngineChoice} a @param {EngineChoice} b */
export const sameEngine = (a, b) => a.arithmetic === b.arithmetic && a.threads === b.threads
