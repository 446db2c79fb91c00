/**
 * How a worker comes to know tasks when one is to be learned: they are a file of their own beside it, tasks.js. The page's workers get
 * another module in place of this one, since they have another address.
 */

/** @typedef {typeof import('../tasks/index.js')} Tasks */

/** Where the module with encoders is, which some of them need. */
export const WITH_ENCODERS = new URL('./rnn-seq2seq.wasm', import.meta.url)

/** @returns {Promise<Tasks>} */
export const practising = () => import('../tasks/index.js')
