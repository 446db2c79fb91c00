/** What disturbs the eye or the finger, found by geometry. Both functions run in the page, and see nothing but it. */

/**
 * Texts that lie on one another or are cut off, and a page that scrolls sideways, in words.
 * @param {string} within  selector of what is looked at
 * @returns {string[]}
 */
export function disorder(within) {
  const SLACK = 1.5 // px
  const roots = [...document.querySelectorAll(within)]
  const faults = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`)

  /** @param {Element} node */
  const seen = (node) => node.getClientRects().length > 0 && node.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) && !node.closest('.hidden, option, title, .skip')
  /** What cuts off its content, from the inside out. @param {Element} node */
  function* cutters(node) {
    for (let box = /** @type {Element | null} */ (node); box; box = box.parentElement) {
      if (box instanceof HTMLElement && getComputedStyle(box).overflow !== 'visible') yield box
    }
  }

  /** @typedef {{ node: Element, text: string, left: number, right: number, top: number, bottom: number }} Written */
  /** Every line of every text: as wide as it is, as high as its letters. @type {Written[]} */
  const written = []
  /** Notes a line, as far as it is not cut off; where that is not by scrolling, it is a fault. @param {Written} line */
  function write(line) {
    for (const box of cutters(line.node)) {
      const frame = box.getBoundingClientRect()
      if (line.bottom <= frame.top || line.top >= frame.bottom || line.left >= frame.right || line.right <= frame.left) return
      const { overflowX, overflowY, textOverflow } = getComputedStyle(box)
      const scrolls = /auto|scroll/.test(overflowX + overflowY) || textOverflow === 'ellipsis' || box.matches('.flow')
      if (!scrolls && Math.max(line.right - frame.right, frame.left - line.left, line.bottom - frame.bottom, frame.top - line.top) > SLACK) {
        faults.push(`“${line.text}” is cut off by ${box.className || box.id || box.tagName}`)
      }
      line.left = Math.max(line.left, frame.left)
      line.right = Math.min(line.right, frame.right)
      line.top = Math.max(line.top, frame.top)
      line.bottom = Math.min(line.bottom, frame.bottom)
    }
    written.push(line)
  }

  for (const root of roots) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const node = text.parentElement ?? /** @type {Element | null} */ (text.parentNode)
      if (!node || !text.textContent?.trim() || !seen(node)) continue
      const range = document.createRange()
      range.selectNodeContents(text)
      for (const { left, right, top, bottom, width, height } of range.getClientRects()) {
        if (width > 1) write({ node, text: text.textContent.trim().slice(0, 40), left, right, top: top + 0.22 * height, bottom: bottom - 0.22 * height })
      }
    }
    for (const node of root.querySelectorAll('input, select, textarea')) {
      if (!seen(node) || /** @type {HTMLInputElement} */ (node).type === 'range') continue
      const { left, right, top, bottom, height } = node.getBoundingClientRect()
      write({ node, text: /** @type {HTMLInputElement} */ (node).value.slice(0, 40), left, right, top: top + 0.22 * height, bottom: bottom - 0.22 * height })
    }
  }
  written.sort((a, b) => a.top - b.top)
  written.forEach((one, i) => {
    for (let k = i + 1; k < written.length && written[k].top < one.bottom - SLACK; k++) {
      const other = written[k]
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const down = Math.min(one.bottom, other.bottom) - other.top
      if (across > SLACK && down > SLACK && one.node !== other.node) faults.push(`“${one.text}” lies on “${other.text}” at ${Math.round(other.left)}, ${Math.round(other.top)}`)
    }
  })
  return [...new Set(faults)]
}

/**
 * Targets smaller than WCAG 2.2 allows (2.5.8): 24 × 24 px, or a circle of 24 px around a smaller one that touches no other
 * target, nor another such circle. Letters of a passage and numbers of a drawing are where they must be, and can be reached by keys.
 * @param {string} within
 * @returns {string[]}
 */
export function smallTargets(within) {
  const LEAST = 23.95 // px, rounded as engines round
  const targets = [...document.querySelectorAll(within)].flatMap((root) => [...root.querySelectorAll('button, input, select, textarea, a[href], summary, [role="slider"], [role="tab"]')])
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('.hidden, .skip') && !(/** @type {HTMLButtonElement} */ (node).disabled))
    .map((node) => {
      const { left, right, top, bottom, width, height } = node.getBoundingClientRect()
      return { node, left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2, small: Math.min(width, height) < LEAST, size: `${width.toFixed(1)} × ${height.toFixed(1)}` }
    })
    .filter(({ left, right }) => right > left)
  return targets.filter(({ small }) => small).flatMap((one) => {
    const close = targets.find((other) => {
      if (other === one || other.node.contains(one.node) || one.node.contains(other.node)) return false
      if (other.small) return Math.hypot(other.x - one.x, other.y - one.y) < LEAST
      return Math.hypot(Math.max(other.left - one.x, 0, one.x - other.right), Math.max(other.top - one.y, 0, one.y - other.bottom)) < LEAST / 2
    })
    const name = (/** @type {Element} */ node) => node.getAttribute('aria-label') ?? (node.textContent?.trim() || node.className.toString() || node.id)
    return close ? [`${name(one.node)} is ${one.size}, close to ${name(close.node)}`] : []
  })
}

/**
 * Blocks that move or change their height within a time, frame by frame.
 * @param {string[]} selectors @param {number} time  ms
 * @returns {Promise<string[]>}
 */
export function jumps(selectors, time) {
  const places = () => selectors.map((selector) => {
    const { top, height } = /** @type {Element} */ (document.querySelector(selector)).getBoundingClientRect()
    return `${(top + scrollY).toFixed(1)} + ${height.toFixed(1)}`
  })
  const first = places()
  /** @type {Set<string>} */
  const moved = new Set()
  const end = performance.now() + time
  return new Promise((resolve) => {
    requestAnimationFrame(function look() {
      places().forEach((place, i) => { if (place !== first[i]) moved.add(`${selectors[i]} from ${first[i]} to ${place}`) })
      if (performance.now() < end) requestAnimationFrame(look)
      else resolve([...moved])
    })
  })
}
