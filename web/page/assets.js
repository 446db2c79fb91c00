/**
 * Where the page finds what is not code. Beside the page, each asset is a file of its own; a build that is a single file
 * replaces this module by one that holds them.
 */
import { t } from './language/index.js'

/**
 * @param {string} name  file name, such as moby-dick.txt
 * @returns {Promise<string>}
 */
export async function text(name) {
  const response = await fetch(new URL(name, document.baseURI))
  if (!response.ok) throw new Error(t`${name} could not be read (${response.status})`)
  return response.text()
}

/** Adds a style sheet, for what comes later. @param {string} name  file name  @returns {Promise<void>} when it counts, or cannot be had */
export const style = (name) => new Promise((resolve) => {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = new URL(name, document.baseURI).href
  link.onload = link.onerror = () => resolve()
  document.head.append(link)
})

/** Whether the page is one file, with nothing beside it. */
export const alone = false

/** Where an engine of the page's own finds its module; by default beside it. @param {Pick<import('./engine-choice.js').EngineChoice, 'arithmetic'>} engine */
export const engineOptions = ({ arithmetic: mode }) => ({ mode })

/** What head-start.js has begun, for the first trainer. */
const started = /** @type {{ early?: { worker: Worker, wasm: Promise<WebAssembly.Module | string> } }} */ (globalThis)

/**
 * Where a trainer finds its worker and the WebAssembly module; by default beside the engine.
 * @param {import('./engine-choice.js').EngineChoice} engine
 */
export async function trainerOptions({ arithmetic: mode, threads }) {
  const { early } = started
  delete started.early
  return early ? { worker: early.worker, wasm: await early.wasm } : { mode, threads }
}
