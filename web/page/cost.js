/** How much a configuration multiplies for each letter, to compare the speed of networks before they are made. */
import { fixed } from './draw/numbers.js'
import { t } from './language/index.js'

/** @typedef {import('./types.js').Config} Config */

/** Matrices that a cell multiplies with what it reads, and with its state. @type {Record<string, { input: number, state: number }>} */
const MATRICES = {
  vanilla: { input: 1, state: 1 }, lstm: { input: 4, state: 4 }, gru: { input: 3, state: 3 }, mingru: { input: 2, state: 0 }, minlstm: { input: 3, state: 0 },
}

/** Multiplications for a letter, about. A one-hot letter only picks a column. @param {Config} config */
export function productsOf(config) {
  const [H, L, V, head] = [config.hidden, config.layers, config.vocabulary, config.headLayers].map(Number)
  const { input, state } = MATRICES[String(config.cell)] ?? MATRICES.lstm
  const first = config.input === 'one-hot' ? 0 : Number(config.inputSize)
  const size = Number(config.headSize)
  const out = head > 0 ? H * size + (head - 1) * size * size + size * V : H * V
  return H * (input * (first + (L - 1) * H) + L * state * H * (Number(config.skip) > 1 ? 2 : 1)) + out
}

/** What else a letter costs, as so many products: small networks are bound by it. */
const ELSE = 1000

/** In words: how much faster or slower. @param {Config} now @param {Config} next */
export function speedChange(now, next) {
  const ratio = (ELSE + productsOf(next)) / (ELSE + productsOf(now))
  if (ratio > 0.9 && ratio < 1.11) return t('about as fast')
  const factor = ratio > 1 ? ratio : 1 / ratio
  const times = fixed(factor, factor < 10 ? 1 : 0)
  return ratio > 1 ? t`about ${times} times slower a letter` : t`about ${times} times faster a letter`
}
