/**
 * What is measured sits in a process or a worker of its own and answers requests. Runs under Node and in browsers.
 *
 * @typedef {import('./configurations.js').Configuration} Configuration
 * @typedef {import('./configurations.js').Work} Work
 * @typedef {import('./configurations.js').Batch} Batch
 * @typedef {Record<string, Float32Array>} Weights  by PyTorch's names
 *
 * @typedef {object} Opening
 * @property {Configuration} configuration
 * @property {Weights} [weights]  peers begin with these
 * @property {Uint8Array} [text]  textOf the configuration, for those who cannot call it
 * @property {string} [mode]      ours: 'strict' or 'fused'
 * @property {number} [threads]
 *
 * @typedef {object} Subject
 * @property {(opening: Opening) => Promise<{ bytes: number | null }>} open  throws what is absent
 * @property {(batch: Batch, updates: number) => Promise<Checked>} check
 *   the loss of a batch from zero state before each of so many updates on it, and once more after the last
 * @property {(work: Work, steps: number) => () => number | Promise<number>} unit
 *   a piece of work on windows of so many steps; each call does it once and tells the symbols
 * @property {Record<Bound, () => number>} [bounds]
 *   about a millisecond of what the machine can do, so that engines can replace slow code between calls: tells the
 *   floating-point operations done at the peak, or the bytes read of a block as large as the weights
 *
 * @typedef {{ losses: number[], gradientNorm: number | null }} Checked
 * @typedef {'peak' | 'bandwidth'} Bound
 * @typedef {{ done: number, milliseconds: number }} Run  symbols, or what the bound counts
 *
 * @typedef {{ name: 'open', opening: Opening } | { name: 'check', batch: Batch, updates: number }
 *   | { name: 'fit', work: Work, steps: number, limit: number }
 *   | { name: 'run', work: Work, steps: number, milliseconds: number } | { name: 'bound', bound: Bound, milliseconds: number }} Request
 */

/** @param {Subject} subject */
export function answering(subject) {
  /** What was begun is continued. @type {Map<string, ReturnType<Subject['unit']>>} */
  const units = new Map()
  /** @param {Work} work @param {number} steps */
  const unitOf = (work, steps) => {
    const key = `${work} ${steps}`
    const unit = units.get(key) ?? subject.unit(work, steps)
    units.set(key, unit)
    return unit
  }

  /** @param {Request} request */
  return async (request) => {
    switch (request.name) {
      case 'open':
        units.clear()
        return subject.open(request.opening)
      case 'check': return subject.check(request.batch, request.updates)
      case 'fit': return fit(subject, request)
      case 'run': return repeat(unitOf(request.work, request.steps), request.milliseconds)
      case 'bound': return repeat(() => subject.bounds?.[request.bound]() ?? 0, request.milliseconds)
    }
  }
}

/**
 * The longest window, up to `steps`, that takes no longer than `limit` ms: slow libraries do a whole one in minutes.
 * @param {Subject} subject
 * @param {{ work: Work, steps: number, limit: number }} request
 */
async function fit(subject, { work, steps, limit }) {
  const least = Math.min(steps, 2)
  const unit = subject.unit(work, least)
  await unit()
  const start = performance.now()
  await unit()
  return { steps: Math.max(least, Math.min(steps, Math.floor(limit * least / (performance.now() - start)))) }
}

/**
 * @param {() => number | Promise<number>} unit
 * @param {number} milliseconds
 * @returns {Promise<Run>}
 */
async function repeat(unit, milliseconds) {
  const start = performance.now()
  let done = 0
  do done += await unit()
  while (performance.now() - start < milliseconds)
  return { done, milliseconds: performance.now() - start }
}
