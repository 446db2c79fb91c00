/** Data that is too large for a program: files beside it. A page that is a single file has another module in place of this one. */
import { RnnError } from '../engine/errors.js'
import { request } from '../engine/request.js'

/** @param {string} file  its name  @returns {Promise<string>} */
export async function readAsset(file) {
  const why = (/** @type {unknown} */ reason) => new RnnError('not-loaded', `${file}, the data of this task: ${reason}`)
  const response = await request(new URL(file, import.meta.url)).catch((error) => { throw why(error.message) })
  if (!response.ok) throw why(response.status)
  return response.text()
}
