/** Colours as every program reads them: the page's own may be mixed in ways that only browsers know. */

/** @typedef {{ hex: string, alpha: number }} Colour */

const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }))
/** @type {Map<string, Colour>} */
const known = new Map()

/** @param {string} written  as a computed style has it @returns {Colour} */
function read(written) {
  const [, r, g, b, a = '1'] = /^rgba?\((\d+),? (\d+),? (\d+)(?:,| \/)? ?([\d.]+)?\)$/.exec(written) ?? []
  if (r !== undefined) return colour([r, g, b].map(Number), Number(a))
  context.clearRect(0, 0, 1, 1)
  context.fillStyle = written
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data
  return colour([red, green, blue], alpha / 255)
}

/** @param {number[]} rgb @param {number} alpha @returns {Colour} */
const colour = (rgb, alpha) => ({ hex: `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`, alpha: Math.round(alpha * 1000) / 1000 })

/** @param {string} written @returns {Colour} */
export function colourOf(written) {
  let found = known.get(written)
  if (!found) known.set(written, found = read(written))
  return found
}
