/**
 * Where the page finds what is not code. Beside the page, each asset is a file of its own; a build that is a single file
 * replaces this module by one that holds them.
 */

/**
 * @param {string} name  file name, such as moby-dick.txt
 * @returns {Promise<string>}
 */
export async function text(name) {
  const response = await fetch(new URL(name, document.baseURI))
  if (!response.ok) throw new Error(`${name} could not be read (${response.status})`)
  return response.text()
}

/**
 * Where a trainer of this mode finds its worker and the WebAssembly module; by default beside the engine.
 * @param {import('../engine/engine.js').Mode} mode
 */
export const trainerOptions = (mode) => ({ mode })
