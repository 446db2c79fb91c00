/** Nodes are made once and changed in place. Text goes through textContent or text nodes only. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | ((event: never) => void)>} [properties]  attributes; functions are listeners
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  fill(node, properties)
  node.append(...children)
  return node
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {Element | null} parent
 * @param {K} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {string} [text]
 * @returns {SVGElementTagNameMap[K]}
 */
export function shape(parent, tag, attributes = {}, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag)
  fill(node, attributes)
  if (text !== undefined) node.textContent = text
  parent?.append(node)
  return node
}

/** What belongs to a number that can be asked about, see place.js, lies in this group. @param {Element} parent @param {string} spot */
export const placed = (parent, spot) => shape(parent, 'g', { class: 'spot', 'data-spot': spot })

/** @param {Element} node @param {Record<string, string | number | boolean | ((event: never) => void)>} properties */
function fill(node, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') node.addEventListener(name, /** @type {EventListener} */ (value))
    else if (typeof value === 'boolean') node.toggleAttribute(name, value)
    else node.setAttribute(name, String(value))
  }
}

/** @param {Element} node @param {Record<string, string | number>} attributes  only what differs is touched */
export function put(node, attributes) {
  for (const name in attributes) {
    const value = String(attributes[name])
    if (node.getAttribute(name) !== value) node.setAttribute(name, value)
  }
}

/** @param {Node} node @param {string} text */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** @param {Element} node @param {boolean} visible */
export function show(node, visible) {
  node.toggleAttribute('hidden', !visible)
}

/**
 * A list of children of one kind, grown and shrunk at its end and otherwise kept.
 * @template {Element} N
 * @param {Element} parent
 * @param {() => N} make
 */
export function pool(parent, make) {
  /** @type {N[]} */
  const nodes = []
  return (/** @type {number} */ length) => {
    while (nodes.length < length) { const node = make(); nodes.push(node); parent.append(node) }
    while (nodes.length > length) nodes.pop()?.remove()
    return nodes
  }
}

/**
 * An icon from one path in a 16 × 16 box.
 * @param {string} path
 */
export function icon(path) {
  const svg = shape(null, 'svg', { width: 16, height: 16, viewBox: '0 0 16 16', 'aria-hidden': 'true' })
  const outline = shape(svg, 'path', { d: path })
  return { svg, outline }
}
