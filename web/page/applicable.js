/** Which hyperparameters mean something, with the others as they are. */

/** @typedef {import('./types.js').Field} Field */
/** @typedef {import('./types.js').Config} Config */

/** What a network that writes text has no choice in. */
const NOT_OF_TEXTS = ['vocabulary', 'bidirectional', 'pool', 'outputs', 'loss']

/** Fields that only mean something with certain others. @type {Record<string, (config: Config) => boolean>} */
const APPLIES = {
  activation: (config) => config.cell === 'vanilla',
  reset: (config) => config.cell === 'gru',
  candidate: (config) => config.cell === 'lstm',
  peephole: (config) => config.cell === 'lstm',
  layerNorm: (config) => config.cell !== 'mingru' && config.cell !== 'minlstm',
  forgetBias: (config) => config.cell === 'lstm' || config.cell === 'minlstm',
  initialDeviation: (config) => config.initialization === 'normal',
  spectralRadius: (config) => config.cell !== 'mingru' && config.cell !== 'minlstm',
  momentum: (config) => config.optimizer === 'sgd' || config.optimizer === 'rmsprop',
  decay: (config) => config.optimizer === 'rmsprop',
  nesterov: (config) => config.optimizer === 'sgd',
  decayKind: (config) => Number(config.weightDecay) > 0,
  scheduleSteps: (config) => config.schedule !== 'constant',
  scheduleFactor: (config) => config.schedule !== 'constant',
  schedulePatience: (config) => config.schedule === 'plateau',
  resetEvery: (config) => Boolean(config.carry),
  beta1: (config) => config.optimizer === 'adam',
  beta2: (config) => config.optimizer === 'adam',
  epsilon: (config) => config.optimizer !== 'sgd',
  clipAt: (config) => config.clip !== 'none',
  inputSize: (config) => config.input !== 'one-hot',
  freezeEmbedding: (config) => config.input === 'embedding',
  tie: (config) => config.input === 'embedding',
  residual: (config) => Number(config.layers) > 1 || config.input !== 'one-hot',
  dropout: (config) => Number(config.layers) > 1,
  dropoutMask: (config) => Number(config.dropout) > 0,
  maxVocabulary: (config) => config.tokens === 'words',
  patience: (config) => Number(config.heldOut) > 0,
  headSize: (config) => Number(config.headLayers) > 0,
  ...Object.fromEntries(NOT_OF_TEXTS.map((name) => [name, () => false])),
}

/** @param {readonly Field[]} fields @param {Config} config @returns {Field[]} those worth showing */
export const applicable = (fields, config) => fields.filter((field) =>
  !(field.kind === 'choice' && (field.choices?.length ?? 0) < 2) && (APPLIES[field.name]?.(config) ?? true))
