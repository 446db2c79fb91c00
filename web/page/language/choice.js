/** Changes the language: of what the views will say, and of what stands in the document from the start. */
import { call, KEPT, LANGUAGES, noun, speak, t } from './index.js'
import { saidIn } from './nouns.js'

/** @typedef {import('./index.js').Table} Table */

/** @type {Readonly<Record<string, () => Promise<{ table: Table, engine: Readonly<Record<string, string>> }>>>} */
const TABLES = { de: () => import('./de.js') }

/** @param {string} code @returns {Promise<void>} where there is no table of it, or it cannot be had, the page stays as it is */
export async function use(code) {
  if (!(code in LANGUAGES)) return
  const [{ table, engine }, renamed] = await Promise.all([TABLES[code]?.() ?? { table: {}, engine: {} }, saidIn(code, noun)])
  speak(code, table, engine)
  call(noun, renamed)
  document.documentElement.lang = code
  document.title = t('Unroll: a recurrent network, laid open')
  /** @type {Record<string, string>} */
  const labels = { tour: t('Tour'), writes: t('What it writes'), score: t('The network, unrolled through time'), transport: t('Training') }
  for (const [id, label] of Object.entries(labels)) document.getElementById(id)?.setAttribute('aria-label', label)
  for (const skip of document.querySelectorAll('.skip')) skip.textContent = t('Skip to the controls')
}

/** For this visit and the next ones. @param {string} code */
export async function choose(code) {
  await use(code)
  const address = new URL(location.href)
  address.searchParams.delete('lang')
  try {
    localStorage.setItem(KEPT, code)
    if (address.href !== location.href) history.replaceState(history.state, '', address)
  } catch { /* then for this visit */ }
}
