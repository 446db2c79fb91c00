/** A drawing of the page copied with all that its style sheets say of it, so that it stands alone. */
import { shape } from '../draw/dom.js'
import { colourOf } from './colour.js'

/** What children have from their parents, and what it is where nobody says anything. @type {Readonly<Record<string, string>>} */
const INHERITED = {
  fill: '#000000', 'fill-opacity': '1', 'fill-rule': 'nonzero', stroke: 'none', 'stroke-opacity': '1', 'stroke-width': '1', 'stroke-dasharray': 'none', 'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter', 'font-family': '', 'font-size': '', 'font-weight': '400', 'font-style': 'normal', 'letter-spacing': 'normal', 'text-anchor': 'start', 'paint-order': 'normal',
}
/** @type {Readonly<Record<string, string>>} */
const OWN = { opacity: '1', 'vector-effect': 'none', 'dominant-baseline': 'auto' }

/** What says where and how large something is. */
const GEOMETRY = ['x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'dx', 'dy', 'd', 'points', 'width', 'height', 'viewBox', 'preserveAspectRatio', 'transform', 'pathLength']

/** @typedef {Readonly<Record<string, string>>} Said */

/** @param {CSSStyleDeclaration} style @returns {Said} */
function inheritedBy(style) {
  /** @type {Record<string, string>} */
  const said = {}
  for (const name in INHERITED) said[name] = style.getPropertyValue(name).replace(/^([\d.]+)px$/, '$1') || INHERITED[name]
  for (const name of ['fill', 'stroke']) {
    if (said[name] === 'none') continue
    const { hex, alpha } = colourOf(said[name])
    said[name] = hex
    said[`${name}-opacity`] = String(Number(said[`${name}-opacity`]) * alpha)
  }
  return said
}

/** @param {Element} copy @param {Element} node @param {CSSStyleDeclaration} style @param {Said} before  what its parent says @returns {Said} */
function dress(copy, node, style, before) {
  const said = inheritedBy(style)
  for (const name in said) if (said[name] !== before[name]) copy.setAttribute(name, said[name])
  for (const name in OWN) {
    const value = style.getPropertyValue(name)
    if (value && value !== OWN[name]) copy.setAttribute(name, value)
  }
  if (style.transform !== 'none' && !node.hasAttribute('transform')) copy.setAttribute('transform', style.transform)
  return said
}

/** @param {Node} node @param {Element} into @param {Said} before */
function copyInto(node, into, before) {
  if (node.nodeType === Node.TEXT_NODE) return void into.append(node.textContent ?? '')
  if (!(node instanceof SVGElement) || node.localName === 'title') return
  const style = getComputedStyle(node)
  if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return
  const copy = shape(into, /** @type {'g'} */ (node.localName))
  for (const name of GEOMETRY) {
    const value = node.getAttribute(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  const said = dress(copy, node, style, before)
  for (const child of node.childNodes) copyInto(child, copy, said)
}

/**
 * @param {SVGSVGElement} svg  of the page
 * @param {Element} into
 * @param {{ x: number, y: number, width: number, height: number }} place
 */
export function copyVector(svg, into, place) {
  const copy = shape(into, 'svg', { ...place, overflow: getComputedStyle(svg).overflow === 'visible' ? 'visible' : 'hidden' })
  for (const name of ['viewBox', 'preserveAspectRatio']) {
    const value = svg.getAttribute(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  const said = dress(copy, svg, getComputedStyle(svg), INHERITED)
  copy.removeAttribute('transform') // its place has it
  for (const child of svg.childNodes) copyInto(child, copy, said)
}

/** What a text must say of itself. @param {CSSStyleDeclaration} style @returns {Record<string, string | number>} */
export function faceOf(style) {
  const { hex, alpha } = colourOf(style.color)
  const [family, size] = [style.fontFamily, parseFloat(style.fontSize)]
  return {
    fill: hex, 'font-family': family, 'font-size': size, ...(alpha !== 1 && { 'fill-opacity': alpha }), ...(style.fontWeight !== '400' && { 'font-weight': style.fontWeight }),
    ...(style.fontStyle !== 'normal' && { 'font-style': style.fontStyle }), ...(style.letterSpacing !== 'normal' && { 'letter-spacing': parseFloat(style.letterSpacing) }),
  }
}
