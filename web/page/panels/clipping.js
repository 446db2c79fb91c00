/**
 * Clipping: a slice of the loss surface through the weights as they are, and a step of gradient descent on it, with and without
 * the limit on the gradient's norm (Pascanu et al. 2013).
 */
import { element, put, say, shape, show } from '../draw/dom.js'
import { plain, three } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { choiceLabel } from '../fields.js'
import { columnsFor } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from './figure.js'
import { createHandle, createMarks, createPlot, createRules, createTable } from './plot.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Config} Config */
/** @typedef {import('../../engine/slice.js').Slice} Slice */
/** @typedef {{ rate: number, clip: number, reach: number }} Step */

const NAME = 'clipping'
const [HEIGHT, TOP, GROUND, LEFT] = [390, 10, 340, 46]
const [CUT, CUT_TOP, CUT_GROUND] = [150, 10, 116]
const POINTS = 25
const PLANES = english({ gradient: 'along the gradient', weights: 'along two weights' })

/** Weights that are applied at each step; of cells without a state to state matrix, those of what is read. @param {State} state */
const parameterOf = ({ run }) => run?.parameters.find(({ name }) => name.startsWith('rnn.weight_hh')) ?? run?.parameters[0] ?? { name: '', shape: [1] }

/** The limit is the one it trains with, unless another is chosen. @param {State} state @param {Config} choices @returns {Step} */
const stepOf = ({ run }, { rate, clip, reach }) => ({
  rate: Number(rate), clip: Number(clip) || (run?.config.clip === 'norm' ? Number(run.config.clipAt) : 1), reach: Number(reach),
})

/** @param {State} state @param {Config} choices @returns {import('../../engine/slice.js').Line[]} */
function linesOf(state, { plane, seed, first, second, reach }) {
  const [from, to] = [-Number(reach), Number(reach)]
  if (plane === 'gradient') return [{ along: 'gradient', from, to }, { along: 'random', seed: Number(seed), from, to }]
  const { name, shape } = parameterOf(state)
  const size = shape.reduce((product, n) => product * n, 1)
  return [first, second].map((index) => ({ along: 'weight', name, index: Math.max(0, Math.min(size, Number(index)) - 1), from, to }))
}

/** Downhill counts upwards. @param {number} here @param {number} distance @param {boolean} mirrored */
const distanceAt = (here, distance, mirrored) => plain(Number((mirrored ? -distance || 0 : here + distance).toPrecision(2)))

/** What is drawn, and how it was found. @param {string} optimizer @param {boolean} gradient @param {Slice} slice */
function legendOf(optimizer, gradient, { lines: [first, second] }) {
  return [
    t('Dashed: the whole step. Solid: clipped; drag its yellow end.'),
    optimizer === 'sgd' ? t('Steps are those of plain gradient descent.') : t`Steps are those of plain gradient descent; ${choiceLabel(optimizer)} takes others, from the same gradient.`,
    ...(gradient ? [] : [t('Only what a step changes in these two weights is done.')]),
    t`Losses are those of the letters above, from zero state, at ${first.values.length} × ${second.values.length} points around a copy of the weights.`,
  ].join(' ')
}

/** @type {import('../types.js').Panel} */
export const clipping = {
  name: NAME,
  title: english('Clipping'),
  question: english('where a step would fall'),
  choices: { plane: 'gradient', rate: 10, clip: 0, reach: 4, seed: 1, first: 1, second: 2 },
  asks(state, choices) {
    const { run, from, width, training } = state
    const { rate, clip } = stepOf(state, choices)
    return [{ name: 'lossSlice', options: {
      from, length: run ? columnsFor(run, width) : 1, lines: linesOf(state, choices), points: POINTS, budget: training ? 80 : 1200, steps: [{ rate }, { rate, clip }],
    } }]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Where would a step fall?'))
    const choose = (/** @type {string} */ name, /** @type {number | string} */ value) => emit({ type: 'choose', panel: NAME, name, value })
    const spin = (/** @type {string} */ name, /** @type {string} */ label, /** @type {Partial<import('../draw/spin.js').SpinOptions>} */ options) =>
      createSpin({ label, minimum: 0.001, maximum: 10000, logarithmic: true, format: plain, change: (value) => choose(name, value), ...options })
    const rateSpin = spin('rate', t('learning rate of the step'), {})
    const clipSpin = spin('clip', t('largest norm of the gradient'), {})
    const reachSpin = spin('reach', t('how far the map goes'), { minimum: 0.01, maximum: 1000 })
    const whole = { minimum: 1, maximum: 1e9, logarithmic: false, whole: true, step: 1 }
    const seedSpin = spin('seed', t('seed of the other direction'), whole)
    const firstSpin = spin('first', t('first weight'), whole)
    const secondSpin = spin('second', t('second weight'), whole)
    words.append(element('p', {}, t('All weights together are one point, and the loss is the height above it. Here is the ground around that point, cut along two directions. More ink is more loss. Learning is a step downhill; at the edge of a cliff the slope is so steep that a step of it leaves the map.')))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const clipped = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const switches = words.appendChild(element('p')).appendChild(element('span', { class: 'switch', role: 'group', 'aria-label': t('Directions') }))
    const planes = Object.entries(PLANES).map(([value, text]) => element('button', { value, click: () => choose('plane', value) }, t(text)))
    switches.append(...planes)
    const where = createPhrase(words.appendChild(element('p')))
    const how = words.appendChild(element('p', { class: 'how' }))

    const head = figure.appendChild(element('p', { class: 'how' }))
    const ground = figure.appendChild(element('div', { class: 'ground-map' }))
    const canvas = ground.appendChild(element('canvas', { 'aria-hidden': 'true' }))
    const context = canvas.getContext('2d')
    const map = createPlot(ground, HEIGHT, 'map')
    const { svg } = map
    const title = shape(svg, 'title')
    const rules = createRules(svg)
    const marks = createMarks(svg)
    const frame = shape(svg, 'rect', { class: 'edge' })
    const [halo, far, near] = ['halo', 'curve dashed', 'curve strong'].map((name) => shape(svg, 'path', { class: name }))
    const here = shape(svg, 'circle', { class: 'here', r: 5 })
    let [clip, unit, way] = [1, 1, /** @type {[number, number]} */ ([1, 0])]
    let [rate, slope, center] = [1, 0, /** @type {[number, number]} */ ([0, 0])]
    const setClip = (/** @type {number} */ value) => choose('clip', Math.max(0.001, Math.min(10000, Number(value.toPrecision(2)))))
    const handle = createHandle(svg, {
      label: t('largest norm of the gradient'),
      move(x, y) {
        const along = ((x - center[0]) * way[0] + (y - center[1]) * way[1]) / unit
        if (slope > 0) setClip(Math.max(0, Math.min(along, rate * slope)) / (rate * slope) * norm)
      },
      step: (by) => setClip(by === Infinity ? norm : by === -Infinity ? clip / 10 : clip * 2 ** (by / 4)),
    })
    let norm = 1
    figure.append(element('p', { class: 'how' }, t('the loss straight along the first direction, in bits')))
    const cut = createPlot(figure, CUT, 'cut')
    const cutTitle = shape(cut.svg, 'title')
    const cutRules = createRules(cut.svg)
    const cutMarks = createMarks(cut.svg)
    const cutLine = shape(cut.svg, 'path', { class: 'curve' })
    const cutDots = [0, 1, 2].map((i) => shape(cut.svg, 'circle', { class: ['here', 'measured', 'now'][i], r: 5 }))
    const table = createTable(figure, t('Loss along the first direction, in bits'), [t('distance'), t('bits')])

    /** The ground, as much ink as there is loss. @param {Slice} slice @param {boolean} mirrored */
    function ink({ losses, lines }, mirrored) {
      const n = lines[0].values.length
      if (!context) return
      if (canvas.width !== n) canvas.width = canvas.height = n
      const finite = losses.filter(Number.isFinite)
      const [low, high] = [Math.min(...finite), Math.max(...finite)]
      const [r, g, b] = (getComputedStyle(canvas).color.match(/[\d.]+/g) ?? ['0', '0', '0']).map(Number)
      const picture = context.createImageData(n, n)
      for (let i = 0; i < n * n; i++) {
        const x = i % n
        const loss = losses[(n - 1 - Math.floor(i / n)) * n + (mirrored ? n - 1 - x : x)]
        const share = Number.isFinite(loss) ? Math.sqrt((loss - low) / (high - low || 1)) : 1
        picture.data.set([r, g, b, Math.round(190 * share)], 4 * i)
      }
      context.putImageData(picture, 0, 0)
    }

    /** @param {Slice} slice @param {Step} step @param {boolean} mirrored @param {number} width */
    function paint(slice, { reach }, mirrored, width) {
      const side = GROUND - TOP
      const wide = width - LEFT
      center = [LEFT + wide / 2, (TOP + GROUND) / 2]
      const x = (/** @type {number} */ distance) => center[0] + (mirrored ? -1 : 1) * distance / reach * wide / 2
      const y = (/** @type {number} */ distance) => center[1] - distance / reach * side / 2
      canvas.style.left = `${LEFT}px`
      canvas.style.top = `${TOP}px`
      canvas.style.width = `${wide}px`
      canvas.style.height = `${side}px`
      put(frame, { x: LEFT, y: TOP, width: wide, height: side })
      const [first, second] = slice.lines
      rules([-1, 0, 1].map((part) => ({ y: Math.max(TOP + 6, Math.min(GROUND - 6, y(part * reach))), text: distanceAt(second.here, part * reach, false) })), LEFT, LEFT)
      marks([-1, -0.5, 0, 0.5, 1].map((part) => ({ x: Math.max(LEFT + 10, Math.min(width - 14, x(part * reach))), text: distanceAt(first.here, part * reach, mirrored) })), GROUND + 20)
      const [full, short] = slice.steps.map(({ distances: [a, b] }) => /** @type {[number, number]} */ ([x(a), y(b)]))
      const line = (/** @type {[number, number]} */ to) => `M${center.join(' ')}L${to.map((v) => Math.max(-9999, Math.min(9999, Math.round(v * 10) / 10))).join(' ')}`
      put(halo, { d: line(full) })
      put(far, { d: line(full) })
      put(near, { d: line(short) })
      put(here, { cx: center[0], cy: center[1] })
      const [dx, dy] = [full[0] - center[0], full[1] - center[1]]
      const length = Math.hypot(dx, dy)
      way = length > 0 ? [dx / length, dy / length] : [1, 0]
      slope = Math.hypot(...slice.lines.map((one) => one.slope))
      unit = slope > 0 ? length / (rate * slope) : 1
      handle.put({
        x: Math.max(LEFT, Math.min(width - 12, short[0])), y: Math.max(TOP, Math.min(GROUND, short[1])), value: clip, least: 0.001, most: 10000,
        text: t`clipped at ${plain(clip)}; the gradient is ${three(norm)}`,
      })
    }

    /** @param {Slice} slice @param {Step} step @param {boolean} mirrored @param {number} width */
    function paintCut(slice, { reach }, mirrored, width) {
      const { values } = slice.lines[0]
      const n = values.length
      const bits = Array.from(slice.losses.subarray(n * (n - 1) / 2, n * (n + 1) / 2), (v) => v / Math.LN2)
      const shown = bits.filter(Number.isFinite)
      const top = Math.max(...shown, 0.1)
      const each = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].find((one) => top / one <= 3) ?? 10 ** Math.ceil(Math.log10(top))
      const most = Math.ceil(top / each) * each
      const x = (/** @type {number} */ distance) => LEFT + (width - LEFT) / 2 * (1 + (mirrored ? -1 : 1) * distance / reach)
      const y = (/** @type {number} */ v) => CUT_GROUND - (CUT_GROUND - CUT_TOP) * Math.min(1, v / most)
      cutRules(Array.from({ length: Math.round(most / each) + 1 }, (_, i) => ({ y: y(i * each), text: plain(Number((i * each).toPrecision(3))) })), LEFT, width)
      const { here } = slice.lines[0]
      cutMarks([-1, -0.5, 0, 0.5, 1].map((part) => ({ x: Math.max(LEFT + 10, Math.min(width - 14, x(part * reach))), text: distanceAt(here, part * reach, mirrored) })), CUT_GROUND + 20)
      put(cutLine, { d: bits.map((v, i) => `${i ? 'L' : 'M'}${x(values[i] - here)} ${y(Number.isFinite(v) ? v : most)}`).join('') })
      const ends = [{ distances: [0], loss: slice.loss }, ...slice.steps]
      cutDots.forEach((dot, i) => {
        const [distance] = ends[i].distances
        show(dot, Math.abs(distance) <= reach)
        put(dot, { cx: x(distance), cy: y(ends[i].loss / Math.LN2) })
      })
      say(cutTitle, t`The loss along the first direction: from ${three(bits[0])} bits at one end over ${three(slice.loss / Math.LN2)} here to ${three(bits[n - 1])} at the other.`)
    }

    return {
      render(state, _, [answer], choices) {
        if (answer?.error) return claim([`${answer.error.charAt(0).toUpperCase()}${answer.error.slice(1)}.`])
        if (answer?.name !== 'lossSlice' || !answer.result || answer.result.lines.length < 2 || !state.run) return
        const slice = answer.result
        const step = stepOf(state, choices)
        const gradient = choices.plane === 'gradient'
        ;({ rate, clip } = step)
        norm = slice.gradientNorm
        for (const [one, value] of /** @type {const} */ ([[rateSpin, step.rate], [clipSpin, step.clip], [reachSpin, step.reach], [seedSpin, choices.seed], [firstSpin, choices.first], [secondSpin, choices.second]])) one.set(Number(value))
        const bits = (/** @type {number} */ nats) => ({ strong: Number.isFinite(nats) ? t`${three(nats / Math.LN2)} bits` : t('infinity') })
        const [full, short] = slice.steps
        const length = (/** @type {{ distances: readonly number[] }} */ { distances }) => Math.hypot(...distances)
        claim(phrase`The slope is ${{ strong: three(norm) }}. A step of learning rate ${{ node: rateSpin.node }} goes ${{ strong: three(length(full)) }} far: from ${bits(slice.loss)} to ${bits(full.loss)}.`)
        const limit = { node: clipSpin.node }
        clipped(clip < norm ? phrase`Clipped at ${limit} it goes ${{ strong: three(length(short)) }} far, to ${bits(short.loss)}.` : phrase`Clipped at ${limit} it is the same step: the slope is gentler than that.`)
        planes.forEach((button) => button.setAttribute('aria-pressed', String(button.value === choices.plane)))
        const { name } = parameterOf(state)
        const far = { node: reachSpin.node }
        where(gradient ? phrase`The other direction is drawn by chance, seed ${{ node: seedSpin.node }}. The map goes ${far} far.`
          : phrase`The map goes ${far} far from weights ${{ node: firstSpin.node }} and ${{ node: secondSpin.node }} of ${name.replace('rnn.', '')}.`)
        say(head, gradient ? t('across: downhill along the gradient, to the right; upwards: a direction at a right angle to it') : t`across: weight ${Number(choices.first)} of ${name}; upwards: weight ${Number(choices.second)}`)
        say(how, legendOf(String(state.run.config.optimizer), gradient, slice))
        map.draw((width) => { ink(slice, gradient); paint(slice, step, gradient, width) })
        cut.draw((width) => paintCut(slice, step, gradient, width))
        say(title, t`The loss around the weights: ${three(slice.loss / Math.LN2)} bits here, ${three(full.loss / Math.LN2)} after the whole step, ${three(short.loss / Math.LN2)} after the clipped one.`)
        table(state.training, () => {
          const { values } = slice.lines[0]
          const n = values.length
          return Array.from(values, (value, i) => [three(value), three(slice.losses[n * (n - 1) / 2 + i] / Math.LN2)])
        })
      },
      destroy() {
        map.destroy()
        cut.destroy()
        root.replaceChildren()
      },
    }
  },
}
