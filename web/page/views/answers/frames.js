/** Frames of a moving picture, one beside the other, and below each what the network says of it. */
import { answerAt } from '../../answers.js'
import { element, pool, put, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { percent } from '../../draw/numbers.js'
import { t } from '../../language/index.js'

/** Pixels of a point, before it is scaled. */
const POINT = 4

/** @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} ink  of a square */
function paintInk(canvas, ink) {
  const across = Math.sqrt(ink.length)
  if (canvas.width !== across * POINT) put(canvas, { width: across * POINT, height: across * POINT })
  const context = canvas.getContext('2d')
  if (!context) return
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = getComputedStyle(canvas).color
  for (let i = 0; i < ink.length; i++) {
    context.globalAlpha = Math.max(0, Math.min(1, ink[i]))
    context.fillRect(i % across * POINT, Math.floor(i / across) * POINT, POINT, POINT)
  }
}

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createFrames(root, emit) {
  const list = element('div', { class: 'tagged frames', role: 'group', 'aria-label': t('What it says of each frame') })
  root.append(list, element('p', { class: 'soft' }, t('Where the shape has gone since the frame before, and how sure it is of that, in per cent; what is wrong is outlined.')))
  const frames = pool(list, () => {
    const node = element('button', { click: () => emit({ type: 'step', value: Number(node.dataset.step) }) },
      element('canvas', { class: 'paper', 'aria-hidden': 'true' }), element('span', { class: 'symbol' }), element('span', { class: 'share' }))
    return node
  })
  return {
    paint({ step }, run, frame) {
      frames(frame.inputs.length).forEach((node, at) => {
        const { numbers, asked, says, wanted, share, right } = answerAt(run, frame, at)
        const [canvas, symbol, sure] = /** @type {[HTMLCanvasElement, HTMLElement, HTMLElement]} */ (/** @type {unknown} */ ([...node.children]))
        const { background, text } = shade('value', asked ? share : 0)
        paintInk(canvas, numbers)
        say(symbol, asked ? says : '')
        say(sure, asked ? percent(share) : '')
        Object.assign(sure.style, { background: asked ? background : '', color: asked ? text : '' })
        node.dataset.step = String(at)
        node.classList.toggle('wrong', asked && !right)
        node.classList.toggle('picked', at === step)
        put(node, { 'aria-label': asked ? t`frame ${at + 1}: says ${says}, ${percent(share)} %, should say ${wanted}` : t`frame ${at + 1}, nothing is asked`, 'aria-pressed': String(at === step) })
      })
    },
  }
}
