/** What the page adds to the hyperparameters of the core: which engine trains, and how much of the text it keeps to check by. */
import { supportedModes } from '../engine/modes.js'
import { checkFields } from './held-out.js'
import { mostThreads, whyOneThread } from './isolation.js'
import { english } from './language/index.js'
import { cutOf, tokenFields } from './tokens.js'

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
    help: english('Strict: the same numbers on every machine, to the last bit. Fused: faster, and the last bits are this machine’s own.'),
  },
  {
    name: 'threads', kind: 'integer', default: THREADS, minimum: 1, maximum: mostThreads, unit: '', group: 'speed', live: false,
    help: english('They share the work of each step; the numbers are the same, to the last bit, with any number of them.'),
    note: whyOneThread || english('Small networks begin with one.'),
  },
]

/** @param {Config} asked @param {(name: string) => boolean} wanted */
const part = (asked, wanted) => Object.fromEntries(Object.entries(asked).filter(([name]) => wanted(name)))

/** What of a configuration is for the core, what chooses the engine, what is kept to check by, and what the text is cut into. @param {Config} asked */
export function splitConfig(asked) {
  const [isChoice, isCheck] = [(/** @type {string} */ name) => name in FIRST_ENGINE, (/** @type {string} */ name) => checkFields.some((field) => field.name === name)]
  const isCut = (/** @type {string} */ name) => tokenFields.some((field) => field.name === name)
  const { heldOut = 0, patience = 10 } = part(asked, isCheck)
  return {
    config: part(asked, (name) => !isChoice(name) && !isCheck(name) && !isCut(name)), cut: cutOf(asked), choice: /** @type {Partial<EngineChoice>} */ (part(asked, isChoice)),
    validation: Number(heldOut) > 0 ? { share: Number(heldOut), patience: Number(patience) } : undefined,
  }
}

/** @param {Config} config @param {Partial<EngineChoice>} chosen @returns {EngineChoice} */
export function engineFor({ batch, steps, layers, hidden }, chosen) {
  const heavy = Number(batch) * Number(steps) * Number(layers) * Number(hidden) ** 2 >= HEAVY
  return { ...FIRST_ENGINE, threads: heavy ? THREADS : 1, ...chosen }
}

/** @param {EngineChoice} a @param {EngineChoice} b */
export const sameEngine = (a, b) => a.arithmetic === b.arithmetic && a.threads === b.threads
