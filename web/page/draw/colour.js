/**
 * Two diverging colour scales, one for values and one for gradients, mixed in OKLab through a colour close to the paper.
 * The same number has the same colour wherever it is shown.
 */

/** @typedef {'value' | 'gradient'} Scale */
/** @typedef {{ background: string, text: string, pixel: number }} Shade  pixel: as ImageData stores it, little-endian RGBA */

/** Negative, zero, positive. */
const ENDS = {
  light: { value: ['#c2540a', '#f0ece3', '#155fa0'], gradient: ['#7a2b8c', '#f0ece3', '#1a7a48'] },
  dark: { value: ['#f59a4e', '#2b2d31', '#69b4f5'], gradient: ['#d391e0', '#2b2d31', '#6fd09a'] },
}
const HALF = 256

/** @param {number} c  sRGB, 0 to 255 */
const toLinear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)

/** @param {number} c  linear light, 0 to 1 */
const fromLinear = (c) => Math.round(255 * Math.min(1, Math.max(0, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)))

/** @param {string} hex @returns {[number, number, number]} */
function toLab(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => toLinear(parseInt(hex.slice(i, i + 2), 16)))
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** @param {number[]} lab @returns {[number, number, number]} sRGB, 0 to 255 */
function fromLab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** @param {number[]} rgb @returns {Shade} text is black or white, whichever contrasts more */
function shadeOf([r, g, b]) {
  const luminance = 0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b)
  const text = (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000' : '#fff'
  return { background: `rgb(${r} ${g} ${b})`, text, pixel: (0xff000000 | (b << 16) | (g << 8) | r) >>> 0 }
}

/** @param {string[]} ends @returns {Shade[]} 513 shades from −1 to 1 */
function tableOf(ends) {
  const [negative, zero, positive] = ends.map(toLab)
  return Array.from({ length: 2 * HALF + 1 }, (_, i) => {
    const u = i / HALF - 1
    const end = u < 0 ? negative : positive
    return shadeOf(fromLab(zero.map((z, k) => z + (end[k] - z) * Math.abs(u))))
  })
}

const dark = matchMedia('(prefers-color-scheme: dark)')
/** @type {Map<string, Shade[]>} */
const tables = new Map()

/** @param {Scale} scale @returns {Shade[]} the table for the theme in use */
export function tableFor(scale) {
  const theme = dark.matches ? 'dark' : 'light'
  const key = theme + scale
  let table = tables.get(key)
  if (!table) tables.set(key, table = tableOf(ENDS[theme][scale]))
  return table
}

/** Half of the range belongs to the numbers between −0.6 and 0.6; it saturates at ±4. @param {number} v */
export const squash = (v) => Math.sign(v) * Math.min(1, Math.abs(v) / (Math.abs(v) + 0.6) / 0.8696)

/** @param {number} v  in units of the scale @returns {number} index into a table */
export const indexOf = (v) => (v === v ? HALF + Math.round(HALF * squash(v)) : HALF)

/**
 * @param {Scale} scale
 * @param {number} value
 * @param {number} [unit]  what counts as 1: gradients follow the largest one on screen
 */
export const shade = (scale, value, unit = 1) => tableFor(scale)[indexOf(value / unit)]

/** The same colours, in equal steps. @param {Scale} scale @param {number} share  from −1 to 1 @returns {Shade} */
export const evenly = (scale, share) => tableFor(scale)[HALF + Math.round(HALF * Math.max(-1, Math.min(1, share)))]

/** @param {() => void} listener  called when the theme changes */
export function onThemeChange(listener) {
  dark.addEventListener('change', listener)
  return () => dark.removeEventListener('change', listener)
}

/** @param {readonly ArrayLike<number>[]} arrays @returns {number} 1, 2 or 5 × 10ⁿ, so that the largest number is near the end of the scale */
export function unitFor(arrays) {
  let largest = 1e-12
  for (const array of arrays) for (let i = 0; i < array.length; i++) largest = Math.max(largest, Math.abs(array[i]))
  const power = 10 ** Math.floor(Math.log10(largest / 4))
  const lead = largest / 4 / power
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
}
