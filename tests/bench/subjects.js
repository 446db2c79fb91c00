/** The tables of what is measured: ourselves in each place, and what people would use instead. */
import { openBrowser, openNode, openPython } from './places.js'
import { supportedModes } from '../../web/engine/index.js'

/** @typedef {import('./places.js').Place} Place */
/** @typedef {import('./configurations.js').Configuration} Configuration */
/** @typedef {'node' | 'chromium' | 'firefox' | 'webkit' | 'native'} EngineName */

/**
 * @typedef {object} Candidate
 * @property {string | null} peer  null: ourselves
 * @property {EngineName} engine
 * @property {'strict' | 'fused'} mode
 * @property {number} threads
 * @property {() => Promise<Place>} start
 * @property {(configuration: Configuration) => Likeness} [like]
 * @property {readonly string[]} [cells]  those it has, all
 */
/**
 * How a peer's losses are compared: with ours under these options, for so many steps and updates.
 * @typedef {{ config: Record<string, string>, steps: number, updates: number }} Likeness
 */

/** Who has threads trains through a trainer. @param {number} threads */
const subjectFor = (threads) => (threads > 1 ? 'subjects/threads.js' : 'subjects/unroll.js')

const THREADS = [1, 2]
const MODES = /** @type {const} */ (['strict', 'fused'])

/** @param {EngineName} engine @param {(module: string, mode: 'strict' | 'fused', threads: number) => Promise<Place>} start @returns {Candidate[]} */
const variants = (engine, start) => THREADS.flatMap((threads) => MODES.map((mode) =>
  ({ peer: null, engine, mode, threads, start: () => start(subjectFor(threads), mode, threads) })))

/** What Node 20 wants to hear before it has fused arithmetic. */
const FUSED = supportedModes().includes('fused') ? [] : ['--experimental-wasm-relaxed-simd']

export const nodeCandidates = () => variants('node', (module, mode) => openNode(module, [], mode === 'fused' ? FUSED : []))

/** @param {import('../browser/drive.js').BrowserName} name */
export async function browserCandidates(name) {
  const browser = await openBrowser(name)
  return { candidates: variants(name, async (module, mode, threads) => browser.place(module, `${mode} ${threads}`)), close: browser.close }
}

/** @param {string} peer @param {number} threads @returns {Candidate} */
const pytorch = (peer, threads) => ({ peer, engine: 'native', mode: 'strict', threads, start: () => openPython('peers/pytorch.py', threads) })

/** @param {string} peer @param {string} module @param {string[]} given @returns {Candidate} */
const library = (peer, module, ...given) => ({ peer, engine: 'node', mode: 'strict', threads: 1, cells: ['vanilla', 'lstm', 'gru'], start: () => openNode(module, given) })

/** @type {Candidate[]} */
export const PEERS = [
  pytorch('PyTorch', 1),
  pytorch('PyTorch', 2),
  library('TensorFlow.js wasm', 'peers/tfjs.js', 'wasm'),
  library('TensorFlow.js cpu', 'peers/tfjs.js', 'cpu'),
  {
    ...library('brain.js', 'peers/brain.js'),
    like: ({ cell }) => ({ config: { activation: 'relu', reset: 'before' }, steps: cell === 'lstm' ? 1 : 16, updates: 0 }),
  },
  library('plain JavaScript', 'peers/plain.js'),
]

/** What it is called in the table. @param {{ peer: string | null, engine: string, mode: string, threads: number }} who */
export const nameOf = ({ peer, engine, mode, threads }) => `${peer ?? `Unroll, ${engine}, ${mode}`}${threads > 1 ? `, ${threads} threads` : ''}`
