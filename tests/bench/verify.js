/** Nobody is timed who computes something else: same weights, same batch, same losses as ours. */
import { engineConfig, textOf, windows } from './configurations.js'

/** @typedef {import('./answer.js').Checked} Checked */
/** @typedef {import('./answer.js').Weights} Weights */
/** @typedef {import('./configurations.js').Configuration} Configuration */
/** @typedef {import('../../web/engine/index.js').Engine} Engine */
/** @typedef {import('./subjects.js').Likeness} Likeness */

/** Relative. Sums of float32 differ in their order; Adam makes the differences larger with each update. */
export const TOLERANCE = { loss: 1e-5, gradientNorm: 1e-4, trained: 2e-3 }

const UPDATES = 4

/** @param {Configuration} configuration @returns {Likeness} */
const ALIKE = ({ steps }) => ({ config: {}, steps: Math.min(steps, 16), updates: UPDATES })

/** Our weights for a configuration, by PyTorch's names. @param {Engine} engine @param {Configuration} configuration @returns {Weights} */
export function weightsOf(engine, configuration) {
  const model = engine.createModel(engineConfig(configuration))
  const weights = Object.fromEntries(model.parameters.map(({ name }) => [name, model.getParameter(name)]))
  model.dispose()
  return weights
}

/** @param {Engine} engine @param {Configuration} configuration @param {Likeness} like */
function ours(engine, configuration, { config, steps, updates }, alone = false) {
  const batch = windows(textOf(configuration), alone ? 1 : Math.min(configuration.batch, 4), Math.min(configuration.steps, steps))()
  const model = engine.createModel({ ...engineConfig(configuration), ...config, batch: batch.batch, steps: batch.steps })
  const given = { ...batch, fresh: true }
  const { gradientNorm } = model.backward(given)
  const losses = Array.from({ length: updates }, () => model.step(given).loss)
  losses.push(model.forward(given).loss)
  model.dispose()
  return { batch, losses, gradientNorm }
}

/** @param {number} a @param {number} b */
const apart = (a, b) => Math.abs(a - b) / Math.abs(b)

/**
 * Throws when a candidate, which has opened the configuration with our weights, computes something else.
 * @param {import('./places.js').Place} place
 * @param {Engine} engine
 * @param {Configuration} configuration
 * @param {(configuration: Configuration) => Likeness} [like]
 */
export async function verify(place, engine, configuration, like = ALIKE) {
  const how = like(configuration)
  const { batch, losses, gradientNorm } = ours(engine, configuration, how, like !== ALIKE)
  const checked = await place.ask({ name: 'check', batch, updates: how.updates })
  const { losses: theirs, gradientNorm: theirNorm } = /** @type {Checked} */ (checked)
  if (theirNorm !== null && apart(theirNorm, gradientNorm) > TOLERANCE.gradientNorm) throw new Error(`its gradient has the norm ${theirNorm}, ours ${gradientNorm}`)
  losses.forEach((loss, i) => {
    if (!(apart(theirs[i], loss) <= (i ? TOLERANCE.trained : TOLERANCE.loss))) throw new Error(`its loss after ${i} updates is ${theirs[i]}, ours ${loss}`)
  })
  if (how.updates && theirs[how.updates] >= theirs[0]) throw new Error('its loss does not fall')
}
