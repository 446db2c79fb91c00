/** A worker for each of what is measured in this page; `ask` gives it a request and answers its answer. */

/** @type {Map<string, Worker>} */
const workers = new Map()

/** @param {string} module @param {string} key @param {unknown} request @returns {Promise<unknown>} */
const ask = (module, key, request) => new Promise((resolve, reject) => {
  const worker = workers.get(key) ?? new Worker(`worker.js?module=${encodeURIComponent(module)}`, { type: 'module' })
  workers.set(key, worker)
  worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.result))
  worker.onerror = ({ message }) => reject(new Error(message))
  worker.postMessage(request)
})

Object.assign(window, { ask })
