/**
 * Spectrum: the eigenvalues of the recurrent weights around the unit circle, within which what is remembered fades; and what
 * becomes of the network when all of them are stretched.
 */
import { element, pool, put, say, shape, show } from '../draw/dom.js'
import { fixed, inWords, plain, three } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { columnsFor } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { roundOf } from '../state.js'
import { createFigure } from './figure.js'
import { createDecades, createHandle, createMarks, createPlot, createRules, createTable, eachOf, share, tenTo } from './plot.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Config} Config */

/** @typedef {{ radius: number, loss: number, curve: { values: Float64Array, losses: Float64Array }, at: string }} Learned  at: the round, and what was looked at */

const NAME = 'spectrum'
const [LEAST, MOST] = [0.01, 20]
/** Where the handle stands on its circle. */
const ANGLE = 0.62
const EXTENTS = [1.3, 2, 3, 5, 8, 12, 16, 22]
/** Of the two small figures beside. */
const [HEIGHT, TOP, GROUND, LEFT] = [190, 12, 150, 46]
const MOST_STEPS = 20
/** So many neurons' eigenvalues cost less than the training that they interrupt. */
const QUICK = 256

/** What the gates of each cell do, in the order of their weights; the one that is shown at first. */
const GATES = /** @type {Record<string, { names: Record<string, string>, first: string }>} */ ({
  lstm: { names: english({ i: 'write', f: 'keep', g: 'propose', o: 'show' }), first: 'g' },
  gru: { names: english({ r: 'look back', z: 'keep', n: 'propose' }), first: 'n' },
})

/** @param {State} state @param {Config} choices @returns {{ layer: number, gate: string }} */
function whichOf({ run }, choices) {
  const gates = GATES[String(run?.config.cell)]
  const gate = String(choices.gate)
  return {
    layer: Math.max(0, Math.min(Number(run?.config.layers ?? 1) - 1, Number(choices.layer))),
    gate: gates ? (gate in gates.names ? gate : gates.first) : '',
  }
}

/** @param {State} state */
const isRecurrent = ({ run }) => run?.parameters.some(({ name }) => name.startsWith('rnn.weight_hh')) ?? false

/** @type {import('../types.js').Panel} */
export const spectrum = {
  name: NAME,
  title: english('Spectrum'),
  question: english('will it fade or blow up'),
  choices: { layer: 0, gate: '' },
  asks(state, choices) {
    const { run, from, width, training } = state
    if (!run || !isRecurrent(state) || (training && Number(run.config.hidden) > QUICK)) return []
    const which = whichOf(state, choices)
    const length = columnsFor(run, width)
    return [
      { name: 'eigenvalues', options: which },
      { name: 'lossSlice', options: { from, length, lines: [{ along: 'radius', ...which, from: -1, to: 2 }], points: 21, budget: training ? 60 : 600 } },
      ...(Number(run.config.hidden) <= QUICK ? [{ name: /** @type {const} */ ('jacobians'), options: { from, length: Math.min(length, MOST_STEPS + 1), layer: which.layer } }] : []),
    ]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Does the past fade or blow up?'))
    let which = { layer: 0, gate: '' }
    let radius = 1
    let layers = 1
    let extent = EXTENTS[0]
    /** What it learned, while it is not as it was learned. @type {Learned | null} */
    let learned = null
    let returning = false
    /** As the last answer tells it. @type {Learned | null} */
    let told = null

    const scale = (/** @type {number | null} */ to) => {
      if (to !== null && !told) return
      if (to !== null) learned ??= told
      returning = to === null
      emit({ type: 'scale', ...which, radius: to === null ? null : Math.max(LEAST, Math.min(MOST, Number(to.toPrecision(3)))) })
    }
    const radiusSpin = createSpin({ label: t('spectral radius'), minimum: LEAST, maximum: MOST, step: 0.01, format: (v) => fixed(v), change: scale })
    const layerSpin = createSpin({ label: t('layer'), minimum: 1, maximum: 8, whole: true, format: String, change: (value) => emit({ type: 'choose', panel: NAME, name: 'layer', value: Math.min(layers, value) - 1 }) })
    words.append(element('p', {}, t('Each dot is an eigenvalue: one direction of memory, and what a single step does to it. Inside the circle it shrinks, outside it grows, off the horizontal axis it also turns.')))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const cost = createPhrase(words.appendChild(element('p')))
    const fade = createPhrase(words.appendChild(element('p')))
    const switches = words.appendChild(element('p', { class: 'gates' }))
    const group = switches.appendChild(element('span', { class: 'switch', role: 'group', 'aria-label': t('Gate') }))
    const buttons = pool(group, () => {
      const button = element('button', { click: () => emit({ type: 'choose', panel: NAME, name: 'gate', value: button.value }) })
      return button
    })
    const back = element('button', { class: 'mini', click: () => scale(null) }, t('Back to what it learned'))
    const backLine = words.appendChild(element('p', {}, back))
    const how = words.appendChild(element('p', { class: 'how' }))

    const wheel = createPlot(figure, 0, 'wheel')
    const { svg } = wheel
    const title = shape(svg, 'title')
    const axes = shape(svg, 'path', { class: 'ground' })
    const real = shape(svg, 'text', { class: 'soft end' }, t('real'))
    const imaginary = shape(svg, 'text', { class: 'soft' }, t('imaginary'))
    const circle = shape(svg, 'circle', { class: 'unit-circle' })
    const one = shape(svg, 'text', { class: 'aside' }, t('1: neither'))
    const reach = shape(svg, 'circle', { class: 'radius' })
    const points = pool(shape(svg, 'g'), () => shape(null, 'circle', { r: 4 }))
    const label = shape(svg, 'text', { class: 'strong' })
    let [center, unit] = [1, 1]
    const handle = createHandle(svg, {
      label: t('spectral radius'), move: (x, y) => scale(Math.min(extent, Math.hypot(x - center, y - center) / unit)), step: (by) => scale(by === Infinity ? radius * 2 : by === -Infinity ? radius / 2 : radius + by * 0.05),
    })
    const aside = figure.appendChild(element('div', { class: 'aside' }))
    aside.append(element('p', { class: 'how' }, t('surprise at the letters above, in bits, if the radius were')))
    const losses = createPlot(aside, HEIGHT)
    const lossTitle = shape(losses.svg, 'title')
    const lossRules = createRules(losses.svg)
    const lossMarks = createMarks(losses.svg)
    const lossLine = shape(losses.svg, 'path', { class: 'curve' })
    const lossDrop = shape(losses.svg, 'path', { class: 'plumb' })
    const lossDot = shape(losses.svg, 'circle', { class: 'now', r: 6 })
    const fadeHead = aside.appendChild(element('p', { class: 'how' }, t('what is left of a nudge after k letters: at most')))
    const fading = createPlot(aside, HEIGHT)
    const fadeTitle = shape(fading.svg, 'title')
    const fadeRules = createRules(fading.svg)
    const fadeMarks = createMarks(fading.svg)
    const fadeLine = shape(fading.svg, 'path', { class: 'curve thin dashed' })
    const fadeDots = pool(shape(fading.svg, 'g'), () => shape(null, 'circle', { class: 'measured', r: 4 }))
    const decades = createDecades(TOP, GROUND)
    const table = createTable(figure, t('Eigenvalues, the largest first'), [t('number'), t('real'), t('imaginary'), t('modulus')])

    /** @param {import('../../engine/probe.js').Eigenvalues} eigenvalues @param {number} width */
    function paintWheel(eigenvalues, width) {
      const size = Math.min(width, 460)
      center = size / 2
      if (!handle.held()) extent = EXTENTS.find((one) => one >= radius * 1.06) ?? radius * 1.06
      unit = (size / 2 - 6) / (extent * 1.02)
      put(svg, { viewBox: `0 0 ${width} ${size}` })
      put(axes, { d: `M0 ${center}H${size}M${center} 0V${size}` })
      put(real, { x: size - 2, y: center - 6 })
      put(imaginary, { x: center + 6, y: 12 })
      put(circle, { cx: center, cy: center, r: unit })
      put(one, { x: center + unit * 0.72 + 4, y: center + unit * 0.72 + 14 })
      put(reach, { cx: center, cy: center, r: unit * radius })
      points(eigenvalues.real.length).forEach((point, i) => {
        const grows = Math.hypot(eigenvalues.real[i], eigenvalues.imaginary[i]) > 1
        put(point, { cx: center + unit * eigenvalues.real[i], cy: center - unit * eigenvalues.imaginary[i], class: grows ? 'eigenvalue grows' : 'eigenvalue' })
      })
      const [x, y] = [center + unit * radius * Math.cos(ANGLE), center - unit * radius * Math.sin(ANGLE)]
      put(label, { x: Math.min(x + 18, width - 84), y: y - 12 })
      say(label, t`radius ${fixed(radius)}`)
      handle.put({ x, y, value: radius, least: LEAST, most: MOST, text: t`spectral radius ${fixed(radius)}` })
    }

    /** @param {{ values: Float64Array, losses: Float64Array }} curve @param {number} loss @param {number} width */
    function paintLosses({ values, losses: nats }, loss, width) {
      const bits = Array.from(nats, (v) => v / Math.LN2)
      const most = Math.max(loss / Math.LN2, ...bits.filter(Number.isFinite), 0.1)
      const each = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((step) => most / step <= 4) ?? 20
      const top = Math.ceil(most / each) * each
      const end = Math.max(values[values.length - 1], radius, 1e-9)
      const x = (/** @type {number} */ v) => LEFT + (width - LEFT - 10) * v / end
      const y = (/** @type {number} */ v) => GROUND - (GROUND - TOP) * Math.min(top, v) / top
      lossRules(Array.from({ length: Math.round(top / each) + 1 }, (_, i) => ({ y: y(i * each), text: plain(Number((i * each).toPrecision(3))) })), LEFT, width)
      lossMarks([0, 0.5, 1].map((part) => ({ x: x(part * end), text: plain(Number((part * end).toPrecision(2))) })), GROUND + 18)
      put(lossLine, { d: bits.map((v, i) => `${i ? 'L' : 'M'}${x(values[i])} ${y(v)}`).join('') })
      put(lossDrop, { d: `M${x(radius)} ${y(loss / Math.LN2)}V${GROUND}` })
      put(lossDot, { cx: x(radius), cy: y(loss / Math.LN2) })
      say(lossTitle, t`Surprise by spectral radius: ${[0, 5, 10, 15, 20].filter((i) => i < bits.length).map((i) => t`${fixed(bits[i])} bits at ${fixed(values[i])}`).join(', ')}.`)
    }

    /** @param {readonly number[]} norms @param {State} state @param {number} width */
    function paintFading(norms, state, width) {
      const most = Math.max(1, norms.length - 1)
      const x = (/** @type {number} */ k) => LEFT + 6 + (width - LEFT - 16) * k / most
      decades.fit(norms, state.run, -6)
      const { y, ticks } = decades
      fadeRules(ticks.filter((d) => d % 2 === 0).map((d) => ({ y: y(10 ** d), text: d === 0 ? '× 1' : tenTo(d) })), LEFT, width)
      const each = eachOf(most, (width - LEFT) / most)
      fadeMarks(Array.from({ length: Math.floor(most / each) + 1 }, (_, i) => ({ x: x(i * each), text: String(i * each) })), GROUND + 18)
      put(fadeLine, { d: norms.map((_, k) => `${k ? 'L' : 'M'}${x(k)} ${y(radius ** k)}`).join('') })
      fadeDots(norms.length).forEach((dot, k) => put(dot, { cx: x(k), cy: y(norms[k]) }))
      say(fadeTitle, t`What is left of a nudge: ${norms.map((v, k) => t`${share(v)} after ${k}`).join(', ')}.`)
    }

    /** @param {string} why  there is nothing to show; empty where there is */
    function excuse(why) {
      show(figure, !why)
      for (const node of [switches, backLine]) show(node, !why)
      if (!why) return
      for (const tell of [cost, fade]) tell([])
      claim([why])
      say(how, '')
    }

    return {
      render(state, _, [answer, slice, jacobians], choices) {
        const { run } = state
        if (!run) return
        const H = Number(run.config.hidden)
        if (!isRecurrent(state)) return excuse(t('In this cell no gate sees the state, so there is no matrix that it passes through again and again. What it keeps is up to its gates alone: they are between 0 and 1, and nothing can blow up.'))
        if (answer?.error) return excuse(`${answer.error.charAt(0).toUpperCase()}${answer.error.slice(1)}.`)
        if (answer?.name !== 'eigenvalues' || !answer.result) {
          if (!told && state.training && H > QUICK) excuse(t`Finding ${H} eigenvalues takes longer than a round. Pause to see them.`)
          return
        }
        excuse('')
        which = whichOf(state, choices)
        layers = Number(run.config.layers)
        radius = answer.result.radius
        const at = `${roundOf(state)} ${which.layer} ${which.gate} ${state.from}`
        if (learned?.at !== at || (returning && radius === learned.radius)) learned = null
        const found = slice?.name === 'lossSlice' ? slice.result : undefined
        if (found) told = learned ?? { radius, loss: found.loss, curve: { values: found.lines[0].values, losses: found.losses }, at }
        const grow = answer.result.real.reduce((sum, x, i) => sum + Number(Math.hypot(x, answer.result?.imaginary[i] ?? 0) > 1), 0)
        radiusSpin.set(Number(radius.toFixed(2)))
        layerSpin.set(which.layer + 1)
        const handle = { node: radiusSpin.node }
        claim(layers > 1 ? phrase`Layer ${{ node: layerSpin.node }}, radius ${handle}: ${growth(grow, H)}` : phrase`Radius ${handle}: ${growth(grow, H)}`)
        const bits = (/** @type {number} */ nats) => ({ strong: Number.isFinite(nats) ? t`${fixed(nats / Math.LN2)} bits` : t('endlessly many bits') })
        cost(!found ? [] : learned ? phrase`With this radius the letters above cost ${bits(found.loss)} each; with the ${fixed(learned.radius)} that it learned, ${bits(learned.loss)}.`
          : phrase`With the radius that it learned, the letters above cost ${bits(found.loss)} each. Drag the handle to stretch or shrink every direction at once.`)
        const norms = jacobians?.name === 'jacobians' && jacobians.result ? Array.from(jacobians.result.spectral).reverse() : []
        const last = norms.length - 1
        const left = { strong: last > 0 && norms[last] < 0.01 ? share(norms[last]) : three(norms[last]) }
        fade(last < 1 ? [] : last === 1 ? phrase`A nudge of the state reaches the next letter multiplied by at most ${left}.` : phrase`A nudge of the state reaches the letter ${inWords(last)} later multiplied by at most ${left}.`)
        const gates = GATES[String(run.config.cell)]
        show(switches, gates !== undefined)
        const letters = Object.entries(gates?.names ?? {})
        buttons(letters.length).forEach((button, i) => {
          const [letter, does] = letters[i]
          button.value = letter
          say(button, `${letter}, ${t(does)}`)
          button.setAttribute('aria-pressed', String(letter === which.gate))
        })
        show(backLine, learned !== null)
        say(how, gates
          ? t`Eigenvalues of the ${H} × ${H} recurrent weights of gate ${which.gate}. They are not the whole story here: what is kept passes through the gates, not through this matrix. The dots at the right are measured through the whole cell.`
          : t`Eigenvalues of the ${H} × ${H} recurrent weights. The dashed line at the right is the radius, to the power of k; the dots are measured: the nonlinearity lets less through, and what is not symmetric may grow before it fades.`)
        const { result } = answer
        wheel.draw((width) => paintWheel(result, width))
        if (found) {
          const curve = learned?.curve ?? { values: found.lines[0].values, losses: found.losses }
          losses.draw((width) => paintLosses(curve, found.loss, width))
        }
        show(fadeHead, last > 0)
        show(fading.svg, last > 0)
        if (last > 0) fading.draw((width) => paintFading(norms, state, width))
        say(title, t`${H} eigenvalues of the recurrent weights; the largest is ${fixed(radius)} from zero, ${grow} of them outside of the unit circle.`)
        table(state.training, () => Array.from(result.real.subarray(0, 64), (x, i) => [String(i + 1), three(x), three(result.imaginary[i]), three(Math.hypot(x, result.imaginary[i]))]))
      },
      destroy() {
        for (const plot of [wheel, losses, fading]) plot.destroy()
        root.replaceChildren()
      },
    }
  },
}

/** @param {number} grow  so many directions @param {number} H  of so many */
function growth(grow, H) {
  const all = inWords(H)
  if (grow === 0) return H === 1 ? t('its one direction fades.') : H === 2 ? t('both directions fade.') : t`all ${all} directions fade.`
  if (grow === H) return H === 1 ? t('its one direction grows.') : t`all of ${all} directions grow.`
  return grow === 1 ? t`one of ${all} directions grows.` : t`${inWords(grow)} of ${all} directions grow.`
}
