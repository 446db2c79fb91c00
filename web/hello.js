/** The first of the presets: what the page begins with, before it has the others. */

/** A network small enough to be drawn with every number. */
export const SMALL = { cell: 'vanilla', hidden: 3, layers: 1, batch: 1, steps: 4, optimizer: 'adam', learningRate: 0.05, clip: 'norm', clipAt: 5, seed: 1 }

/** "hello", learned by a small network of any cell. @param {string} [cell] @param {string} [name] @param {string} [label] @returns {import('./presets.js').Preset} */
export const hello = (cell = 'vanilla', name = 'hello', label = name) => ({
  name, label, text: 'hello', config: { ...SMALL, cell }, rate: 8, goal: { metric: 'loss', atMost: 0.05, iterations: 400 },
  sample: { prompt: 'h', length: 4, temperature: 0.5, strategy: 'sample' },
})
