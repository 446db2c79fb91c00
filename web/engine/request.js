/** Asking for a file: of this machine, where the program is among its files, or of a site. */

/** @param {URL} url  @returns {Promise<Response>} */
export async function request(url) {
  if (url.protocol !== 'file:' || typeof process === 'undefined') return fetch(url)
  const { readFile } = await import('node:fs/promises')
  return new Response(await readFile(url))
}
