/** In place of asset.js where the page is a single file, which has nothing beside it. */
import { RnnError } from '../engine/errors.js'

/** @param {string} file  @returns {Promise<string>} */
export async function readAsset(file) {
  throw new RnnError('not-here', `the data of this task, ${file}, is not in this page, which is a single file; where the page is a site, it is`)
}
