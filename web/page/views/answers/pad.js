/** A point of a plane, which one drags: what lies there, and what the network draws to it. */
import { outputsOf } from '../../answers.js'
import { say, shape } from '../../draw/dom.js'
import { fixed } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createHandle } from '../../panels/plot.js'
import { createPaper } from './paper.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {readonly [x: number, y: number]} Place  from 0 to 1 */

const NAME = 'answers'

/** The square in which the point moves, and what surrounds it. */
const [SIDE, EDGE] = [60, 16]

/** An arrow key moves it so far. */
const STEP = 0.05

/** Where it was dragged to in the sequence that is shown. @param {State} state @returns {Place | null} */
export function placeOf({ chosen, from }) {
  const [of, x, y] = String(chosen[NAME]?.place ?? '').split(' ').map(Number)
  return of === from && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null
}

const within = (/** @type {number} */ value) => Number(Math.min(1, Math.max(0, value)).toFixed(3))

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createPad(root, emit) {
  const whole = SIDE + 2 * EDGE
  const svg = shape(root, 'svg', { class: 'figure pad', width: whole, height: whole, viewBox: `0 0 ${whole} ${whole}` })
  shape(svg, 'rect', { class: 'plane', x: EDGE, y: EDGE, width: SIDE, height: SIDE })
  const corners = [0, 1, 2, 3].map((i) => shape(svg, 'text', { class: 'sign middle', x: i % 2 ? whole - EDGE / 2 : EDGE / 2, y: i < 2 ? EDGE - 2 : whole - 4 }))
  let [from, x, y] = [0, 0, 0]
  const move = (/** @type {number} */ toX, /** @type {number} */ toY) => {
    [x, y] = [within(toX), within(toY)] // another key may come before the next drawing
    emit({ type: 'choose', panel: NAME, name: 'place', value: `${from} ${x} ${y}` })
  }
  const handle = createHandle(svg, {
    label: t('the point'),
    move: (px, py) => move((px - EDGE) / SIDE, (py - EDGE) / SIDE),
    step: (by, key) => /Up|Down/.test(key) ? move(x, y - by * STEP) : move(x + by * STEP, y),
  })
  const [right, drawn] = [t('what lies there'), t('what it draws')].map((title) => createPaper(root, title))
  return {
    paint(state, run, frame, [answer]) {
      const across = run.task?.across ?? 1
      const names = outputsOf(run)
      const inkOf = (/** @type {readonly string[]} */ points) => points.slice(0, across * across).map((point) => Number(point === names[1]))
      corners.forEach((node, i) => say(node, run.task?.corners?.[i] ?? ''))
      const place = placeOf(state)
      from = state.from
      ;[x, y] = place ?? frame.values['source.x'].data
      handle.put({ x: EDGE + x * SIDE, y: EDGE + y * SIDE, value: Math.round(100 * x), least: 0, most: 100, text: t`${fixed(x)} across, ${fixed(y)} down` })
      const told = answer?.name === 'point' ? answer.result : undefined
      if (place && !told) return
      right(inkOf(place && told ? told.right : Array.from(frame.targets, (target) => names[target])), across)
      drawn(inkOf(place && told ? told.written : frame.rewritten?.written ?? []), across)
    },
  }
}
