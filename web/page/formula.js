/** The equations of a configuration, and their setting in MathML. */
import { t } from './language/index.js'

/** @typedef {import('./types.js').Config} Config */

const SIGMA = 'σ'

/** What stands around the sum of the vanilla cell. @param {Config} config @param {string} sum */
const activated = ({ activation }, sum) => (activation === 'identity' ? sum : `${activation === 'sigmoid' ? SIGMA : activation}(${sum})`)

/**
 * The sum that a gate squashes; `x` alone for cells whose gates do not see the state. N is layer normalisation.
 * @param {Config} config @param {string} gate @param {string} [state]
 */
function sum({ layerNorm }, gate, state = 'h_{t−1}') {
  const product = (/** @type {string} */ text) => (layerNorm ? `N(${text})` : text)
  return `${product(`W_{x${gate}} x_t`)} + ${state ? `${product(`W_{h${gate}} ${state}`)} + ` : ''}b_${gate}`
}

/** By cell, one line each. @type {Record<string, (config: Config) => string[]>} */
const CELLS = {
  vanilla: (config) => [`h_t = ${activated(config, sum(config, 'h'))}`],
  lstm(config) {
    const { candidate, peephole, layerNorm } = config
    const gate = (/** @type {string} */ name, /** @type {string} */ c) => `${name}_t = ${SIGMA}(${sum(config, name)}${peephole ? ` + p_${name} ∘ ${c}` : ''})`
    return [
      gate('i', 'c_{t−1}'), gate('f', 'c_{t−1}'), `g_t = ${candidate === 'sigmoid' ? SIGMA : 'tanh'}(${sum(config, 'g')})`,
      'c_t = f_t ∘ c_{t−1} + i_t ∘ g_t', gate('o', 'c_t'), `h_t = o_t ∘ tanh(${layerNorm ? 'N(c_t)' : 'c_t'})`,
    ]
  },
  gru(config) {
    const product = config.layerNorm ? '(N(W_{hn} h_{t−1}) + b_{hn})' : '(W_{hn} h_{t−1} + b_{hn})'
    const seen = config.layerNorm ? 'N(W_{xn} x_t)' : 'W_{xn} x_t'
    return [
      `r_t = ${SIGMA}(${sum(config, 'r')})`, `z_t = ${SIGMA}(${sum(config, 'z')})`,
      config.reset === 'before' ? `n_t = tanh(${sum(config, 'n', '(r_t ∘ h_{t−1})')})` : `n_t = tanh(${seen} + b_{xn} + r_t ∘ ${product})`,
      'h_t = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}',
    ]
  },
  mingru: (config) => [`z_t = ${SIGMA}(${sum(config, 'z', '')})`, `n_t = ${sum(config, 'n', '')}`, 'h_t = (1 − z_t) ∘ h_{t−1} + z_t ∘ n_t'],
  minlstm: (config) => [`f_t = ${SIGMA}(${sum(config, 'f', '')})`, `i_t = ${SIGMA}(${sum(config, 'i', '')})`, `g_t = ${sum(config, 'g', '')}`, 'h_t = (f_t ∘ h_{t−1} + i_t ∘ g_t) / (f_t + i_t)'],
}

/** What a network computes at a step of a text, from its letter to its loss. @param {Config} config */
export function formulasOf(config) {
  const lines = CELLS[String(config.cell)]?.(config) ?? []
  const last = config.residual && (Number(config.layers) > 1 || config.input !== 'one-hot') ? '(h_t + x_t)' : 'h_t'
  return [
    ...(config.input === 'embedding' ? ['x_t = E k_t'] : []), ...lines,
    config.headLayers ? 's_t = MLP(h_t)' : `s_t = W_{hy} ${last} + b_y`, 'p_t = softmax(s_t)', 'L = −(1/T) Σ_t log p_t(y_t)',
  ]
}

/** What the letters above stand for, where it is not said elsewhere. @param {Config} config */
export function remarksOf(config) {
  return [
    ...(config.layerNorm ? [t('N sets mean and variance over the units of a gate to 0 and 1, then scales them by learned gains.')] : []),
    ...(Number(config.layers) > 1 ? [t`In each of ${Number(config.layers)} layers; x of the second is h of the first.`] : []),
    ...(Number(config.skip) > 1 ? [t`Each sum also has W h of ${Number(config.skip)} steps before.`] : []),
    ...(Number(config.dropout) > 0 ? [t`Between layers ${Math.round(100 * Number(config.dropout))} % of the numbers are left out in training.`] : []),
  ]
}

const MATHML = 'http://www.w3.org/1998/Math/MathML'

/** A name, with what stands below it; a number; or a sign. */
const TOKEN = /([A-Za-zσΣ]+)(?:_\{([^}]*)\}|_(\w))?|(\d+)|([=+−∘/(),])/gu

/** @param {string} name @param {Record<string, string>} attributes @param {(Node | string)[]} children */
function math(name, attributes, ...children) {
  const node = document.createElementNS(MATHML, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children)
  return node
}

/** What stands below a name, closely set. @param {string} text */
const lower = (text) => math('mrow', {}, ...[...text.matchAll(TOKEN)].map(([part, name]) => (name ? math('mi', {}, part) : math('mo', { lspace: '0', rspace: '0' }, part))))

/** One equation. @param {string} formula  as above */
export function typeset(formula) {
  const row = math('mrow', {})
  for (const [, name, long, short, number, sign] of formula.matchAll(TOKEN)) {
    const below = long ?? short
    if (name) row.append(below ? math('msub', {}, math('mi', {}, name), lower(below)) : math('mi', {}, name))
    else row.append(number ? math('mn', {}, number) : math('mo', sign === '/' ? { lspace: '0', rspace: '0' } : {}, sign))
    if (name === 'log' || name === 'Σ') row.append(math('mspace', { width: '0.17em' }))
  }
  return math('math', {}, row)
}
