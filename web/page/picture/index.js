/**
 * What one sees of a part of the page, as an SVG that stands alone: drawings with their styles inside, words as text, heat maps
 * as images. Buttons and menus are left out; yellow numbers stay, as numbers.
 */
import { put, shape } from '../draw/dom.js'
import { colourOf } from './colour.js'
import { copyVector, faceOf } from './vector.js'

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ left: number, top: number, bottom: number }} Origin   of the picture; bottom: of the lowest thing in it */

const LEFT_OUT = '.button, .mini, .plain, .icon, .switch, .grip, .hidden, select, textarea, details, input:not(.drag)'
const MARGIN = 16
const SIDES = /** @type {const} */ (['Top', 'Right', 'Bottom', 'Left'])

/** To a tenth of a pixel. @param {number} v */
const tenth = (v) => Math.round(v * 10) / 10

/** @param {DOMRect} rect @param {Origin} origin @returns {Box} */
const within = ({ left, top, width, height }, origin) => ({ x: tenth(left - origin.left), y: tenth(top - origin.top), width: tenth(width), height: tenth(height) })

/** Something is seen there. @param {Box} box @param {Origin} origin */
const seen = ({ y, height }, origin) => { origin.bottom = Math.max(origin.bottom, y + height) }

const measure = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext('2d'))

/** Where letters of this style stand in the box of their line. @param {CSSStyleDeclaration} style @param {Box} box */
function baseline(style, { y, height }) {
  measure.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = measure.measureText('x')
  return tenth(y + (height - above - below) / 2 + above)
}

/** @param {Element} into @param {string} text @param {CSSStyleDeclaration} style @param {Box} box */
function write(into, text, style, box) {
  if (text.trim()) shape(into, 'text', { x: box.x, y: baseline(style, box), ...faceOf(style), 'xml:space': 'preserve' }, text)
}

/** Each line of a text by itself. @param {Text} node @param {Element} into @param {CSSStyleDeclaration} style @param {Origin} origin */
function writeLines(node, into, style, origin) {
  const range = document.createRange()
  const { data } = node
  /** @type {{ text: string, box: Box } | null} */
  let line = null
  for (let i = 0; i < data.length; i++) {
    range.setStart(node, i)
    range.setEnd(node, i + 1)
    const [rect] = range.getClientRects()
    if (!rect?.width) {
      if (line && /\S/.test(data[i])) line.text += data[i] // the rest of a ligature
      continue
    }
    const box = within(rect, origin)
    seen(box, origin)
    const letter = /\s/.test(data[i]) ? ' ' : data[i]
    if (line && Math.abs(line.box.y - box.y) < 1 && box.x >= line.box.x) line.text += letter
    else {
      if (line) write(into, line.text, style, line.box)
      line = { text: letter, box }
    }
  }
  if (line) write(into, line.text, style, line.box)
}

/** Its ground and its rules. @param {Element} into @param {CSSStyleDeclaration} style @param {Box} box */
function paintBox(into, style, { x, y, width, height }) {
  if (!width || !height) return
  const ground = colourOf(style.backgroundColor)
  const round = parseFloat(style.borderTopLeftRadius) || 0
  if (ground.alpha) shape(into, 'rect', { x, y, width, height, ...(round && { rx: round }), fill: ground.hex, ...(ground.alpha < 1 && { 'fill-opacity': ground.alpha }) })
  const outline = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)
  if (outline) shape(into, 'rect', { x: x - outline / 2, y: y - outline / 2, width: width + outline, height: height + outline, fill: 'none', stroke: colourOf(style.outlineColor).hex, 'stroke-width': outline })
  const ramp = /^linear-gradient\(90deg, (.*)\)$/.exec(style.backgroundImage)
  if (ramp) paintRamp(into, ramp[1], { x, y, width, height })
  for (const side of SIDES) {
    const wide = parseFloat(style[`border${side}Width`])
    const { hex, alpha } = colourOf(style[`border${side}Color`])
    if (!wide || !alpha || style[`border${side}Style`] === 'none') continue
    const half = wide / 2
    const d = { Top: `M${x} ${y + half}h${width}`, Right: `M${x + width - half} ${y}v${height}`, Bottom: `M${x} ${y + height - half}h${width}`, Left: `M${x + half} ${y}v${height}` }[side]
    shape(into, 'path', { d, stroke: hex, 'stroke-width': wide, ...(alpha < 1 && { 'stroke-opacity': alpha }) })
  }
}

/** A scale of colours, in strips. @param {Element} into @param {string} stops @param {Box} box */
function paintRamp(into, stops, { x, y, width, height }) {
  const found = [...stops.matchAll(/(rgba?\([^)]*\)) ([\d.]+)%/g)].map(([, colour, at]) => ({ hex: colourOf(colour).hex, at: Number(at) / 100 }))
  if (found.length < 2) return
  const id = `ramp-${into.ownerDocument.querySelectorAll('linearGradient').length}-${Math.round(x)}-${Math.round(y)}`
  const ramp = shape(into, 'linearGradient', { id })
  for (const { hex, at } of found) shape(ramp, 'stop', { offset: at, 'stop-color': hex })
  shape(into, 'rect', { x, y, width, height, fill: `url(#${id})` })
}

/** @param {Node} node @param {Element} into @param {Origin} origin @param {CSSStyleDeclaration} around */
function paint(node, into, origin, around) {
  if (node instanceof Text) return writeLines(node, into, around, origin)
  if (!(node instanceof Element) || node.matches(LEFT_OUT)) return
  const style = getComputedStyle(node)
  if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return
  const box = within(node.getBoundingClientRect(), origin)
  if (node instanceof SVGElement || node instanceof HTMLCanvasElement || node instanceof HTMLInputElement) seen(box, origin)
  if (node instanceof SVGSVGElement) return copyVector(node, into, box)
  const group = style.opacity === '1' ? into : shape(into, 'g', { opacity: style.opacity })
  paintBox(group, style, box)
  if (node instanceof HTMLCanvasElement) {
    shape(group, 'image', { ...box, href: node.toDataURL(), preserveAspectRatio: 'none', ...(style.imageRendering !== 'auto' && { style: 'image-rendering: pixelated' }) })
  } else if (node instanceof HTMLInputElement) {
    shape(group, 'text', { x: tenth(box.x + box.width / 2), y: tenth(box.y + box.height / 2 + parseFloat(style.fontSize) * 0.35), 'text-anchor': 'middle', ...faceOf(style) }, node.value)
  } else for (const child of node.childNodes) paint(child, group, origin, style)
}

/**
 * @param {Element} root
 * @param {string} name  what it is of
 * @returns {{ svg: string, width: number, height: number }}
 */
export function pictureOf(root, name) {
  const rect = root.getBoundingClientRect()
  const svg = shape(null, 'svg')
  shape(svg, 'title', {}, name)
  const paper = shape(svg, 'rect', { fill: colourOf(getComputedStyle(document.documentElement).backgroundColor).hex })
  const origin = { left: rect.left - MARGIN, top: rect.top - MARGIN, bottom: 0 }
  paint(root, svg, origin, getComputedStyle(root))
  const [width, height] = [Math.ceil(rect.width) + 2 * MARGIN, Math.ceil(origin.bottom) + MARGIN]
  put(svg, { width, height, viewBox: `0 0 ${width} ${height}` })
  put(paper, { width, height })
  return { svg: new XMLSerializer().serializeToString(svg), width, height }
}

/** The same in pixels. @param {{ svg: string, width: number, height: number }} picture @returns {Promise<Blob>} */
export async function pixelsOf({ svg, width, height }, scale = 2) {
  const image = new Image(width, height)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = height * scale
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error(`a picture of ${width} × ${height} is too large; save it as SVG`)), 'image/png'))
}
