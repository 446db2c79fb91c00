/**
 * The loss over all rounds, with the level of pure guessing and, under the axis, what the network wrote then. It is the
 * scrub bar over training too: a yellow handle at the present round, and ticks where a large network left copies.
 */
import { element, put, say, shape } from '../draw/dom.js'
import { countBefore, extentFor } from '../curve.js'
import { count, fixed, glyph } from '../draw/numbers.js'
import { drawingFor } from '../drawing.js'
import { guessOf } from '../guess.js'
import { t } from '../language/index.js'
import { furthest, roundOf } from '../state.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../curve.js').Curve} Curve */

const HEIGHT = 66
const TOP = 6
const GROUND = 44
const TICKS = 4
const DOTS = 9 // between two of them, at least
const HANDLE = 12 // as wide as in the style sheet

/** Which rounds the keys lead to. @param {string} key @param {number} at @param {readonly number[]} stops  in order; the last is as far as it goes @param {boolean} free  every round between can be had */
function roundAfter(key, at, stops, free) {
  const [first, last] = [stops[0], stops[stops.length - 1]]
  const step = { ArrowLeft: -1, ArrowDown: -1, PageDown: -10, ArrowRight: 1, ArrowUp: 1, PageUp: 10 }[key]
  if (key === 'Home') return first
  if (key === 'End') return last
  if (!step) return null
  if (free) return Math.max(first, Math.min(last, at + step))
  const below = stops.filter((stop) => stop < at).length
  const index = step < 0 ? below + step : stops.filter((stop) => stop <= at).length - 1 + step
  return stops[Math.max(0, Math.min(stops.length - 1, index))]
}

/** A dot for each look at unseen text, but for those too close to the one before. @param {Curve} curve @param {(round: number) => number} x @param {(loss: number) => number} y */
function dotsOf({ iterations, losses }, x, y) {
  let d = ''
  let last = -Infinity
  iterations.forEach((iteration, i) => {
    const at = x(iteration)
    if (at - last < DOTS) return
    last = at
    d += `M${at} ${y(losses[i])}h0`
  })
  return d
}

/** @param {string} rounds @param {string} first @param {string} last @param {number | undefined} unseen @param {string} guessing */
const over = (rounds, first, last, unseen, guessing) => (unseen === undefined
  ? t`Loss over ${rounds} rounds: from ${first} to ${last} nats per letter; pure guessing is ${guessing}.`
  : t`Loss over ${rounds} rounds: from ${first} to ${last} nats per letter, ${fixed(unseen, 3)} on unseen text; pure guessing is ${guessing}.`)

/** The same of a task. @param {State} state */
function overTask({ progress, curve, validation }) {
  const first = curve.losses[0]
  if (!progress || first === undefined) return t('Loss per round, nothing trained yet.')
  const [rounds, last, unseen] = [count(progress.iteration), fixed(progress.loss, 3), validation.losses.at(-1)]
  return unseen === undefined ? t`Loss over ${rounds} rounds: from ${fixed(first)} to ${last}.` : t`Loss over ${rounds} rounds: from ${fixed(first)} to ${last}, ${fixed(unseen, 3)} on what is held out.`
}

/** @type {import('../types.js').CreateView} */
export function createLossCurve(root, emit) {
  const svg = shape(root, 'svg', { class: 'loss', role: 'img', height: HEIGHT })
  const title = shape(svg, 'title')
  const ground = shape(svg, 'path', { class: 'ground' })
  const copies = shape(svg, 'path', { class: 'copies' })
  const guess = shape(svg, 'path', { class: 'guess' })
  const later = shape(svg, 'path', { class: 'curve later' })
  const line = shape(svg, 'path', { class: 'curve' })
  const checks = ['checks', 'holes'].map((name) => shape(svg, 'path', { class: name }))
  const level = shape(svg, 'text', { class: 'soft', 'text-anchor': 'end' })
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => {
    const text = shape(svg, 'text', { y: GROUND + 18, 'text-anchor': i === 0 ? 'start' : i === TICKS ? 'end' : 'middle' })
    return { written: shape(text, 'tspan', { class: 'draft' }), round: shape(text, 'tspan', { class: 'soft' }) }
  })
  const handle = element('input', {
    type: 'range', min: 0, step: 1, 'aria-label': t('Round'), title: t('Drag back to see the network as it was'),
    input: () => seek(Number(handle.value)), keydown: steer,
  })
  const summary = element('p', { class: 'hidden' })
  root.append(handle, summary)

  let width = 0
  const observer = new ResizeObserver(([entry]) => { width = Math.round(entry.contentRect.width); drawn = ''; latest?.() })
  observer.observe(root)
  let drawn = ''
  /** @type {Curve | null} */
  let drawnCurve = null
  /** @type {(() => void) | null} */
  let latest = null
  let described = -Infinity
  /** @type {State | null} */
  let shown = null

  const present = (/** @type {State} */ state) => state.seeking ?? roundOf(state)

  /** @param {number} round */
  function seek(round) {
    if (!shown?.run || shown.opening) return
    const to = Math.max(shown.kept[0] ?? 0, Math.min(furthest(shown), round))
    handle.value = String(to)
    if (to !== present(shown)) emit({ type: 'rewind', iteration: to })
  }

  /** @param {KeyboardEvent} event */
  function steer(event) {
    if (!shown?.run || event.ctrlKey || event.altKey || event.metaKey) return
    const stops = [...shown.kept.filter((round) => round < furthest(/** @type {State} */ (shown))), furthest(shown)]
    const round = roundAfter(event.key, present(shown), stops, drawingFor(shown.run, shown.width) !== 'folded')
    if (round === null) return
    event.preventDefault()
    seek(round)
  }

  /** @param {State} state */
  function paint(state) {
    const { curve, run, drafts, kept } = state
    shown = state
    if (!run || !width) return
    const last = furthest(state)
    const extent = extentFor(last)
    const now = present(state)
    place(state, now, last, extent)
    const key = `${now} ${last} ${kept.length} ${width}`
    if (key === drawn && curve === drawnCurve) return
    drawn = key
    drawnCurve = curve
    const pure = guessOf(run)
    let top = pure === null ? 1e-9 : Math.max(0.1, pure * 1.12)
    for (const loss of curve.losses) top = Math.max(top, Math.min(loss, pure === null ? Infinity : pure * 2.5))
    const x = (/** @type {number} */ i) => Math.round(((width - HANDLE) * i / extent + HANDLE / 2) * 10) / 10
    const y = (/** @type {number} */ v) => Math.round((GROUND - 1 - (GROUND - 1 - TOP) * Math.min(1, v / top)) * 10) / 10
    const path = (/** @type {Curve} */ { iterations, losses }, from = 0, to = losses.length) => {
      let d = ''
      let column = -Infinity
      for (let i = from; i < to; i++) {
        const at = x(iterations[i])
        if (at - column < 0.7 && i < to - 1) continue
        column = at
        d += `${d ? 'L' : 'M'}${at} ${y(losses[i])}`
      }
      return d
    }
    const been = countBefore(curve, now + 1)
    put(line, { d: path(curve, 0, been) })
    put(later, { d: path(curve, Math.max(0, been - 1)) })
    const dots = dotsOf(state.validation, x, y)
    for (const layer of checks) put(layer, { d: dots })
    put(ground, { d: `M0 ${GROUND}H${width}` })
    put(copies, { d: drawingFor(run, state.width) === 'folded' ? kept.map((round) => `M${x(round)} ${GROUND}v5`).join('') : '' })
    put(guess, { d: pure === null ? '' : `M0 ${y(pure)}H${width}` })
    put(level, { x: width - 2, y: y(pure ?? 0) + 14 })
    const crowded = curve.losses.length > 0 && x(last) > width - 130 && y(curve.losses[curve.losses.length - 1]) < y(pure ?? 0) + 20
    say(level, pure === null || crowded || x(now) > width - 120 ? '' : width < 260 ? t('guessing') : t`pure guessing, ${fixed(pure)}`)
    const marks = width < 200 ? 1 : width < 420 ? 2 : TICKS
    ticks.forEach(({ written, round }, i) => {
      const at = Math.round((extent * i) / TICKS)
      const parent = /** @type {Element} */ (written.parentNode)
      parent.toggleAttribute('hidden', i % (TICKS / marks) !== 0)
      put(parent, { x: i === 0 ? 0 : i === TICKS ? width : x(at) })
      const draft = at <= last || i === 0 ? drafts.filter(({ iteration }) => iteration <= Math.max(at, 1)).at(-1) : undefined
      say(written, draft ? `${clip(draft.text)} ` : '')
      say(round, count(at))
    })
    describe(state, pure)
  }

  /** @param {State} state @param {number} now @param {number} last @param {number} extent */
  function place(state, now, last, extent) {
    if (handle.max !== String(extent)) handle.max = String(extent)
    if (handle.value !== String(now)) handle.value = String(now)
    handle.disabled = last === 0
    const words = t`${count(now)} of ${count(last)}`
    if (!state.training || document.activeElement !== handle) put(handle, { 'aria-valuetext': words })
  }

  /** @param {string} text */
  const clip = (text) => [...text].slice(0, 9).map(glyph).join('')

  /** @param {State} state @param {number | null} pure */
  function describe(state, pure) {
    const { run, progress, curve, validation, training } = state
    const now = performance.now()
    if (training && now - described < 5000) return
    described = now
    const first = curve.losses[0]
    const unseen = validation.losses.at(-1)
    const guessing = fixed(pure ?? 0)
    const words = run?.task ? overTask(state)
      : progress && first !== undefined ? over(count(progress.iteration), fixed(first), fixed(progress.loss, 3), unseen, guessing)
        : t`Loss per round, nothing trained yet; pure guessing is ${guessing} nats per letter.`
    say(title, words)
    say(summary, words)
  }

  return {
    render(state) { latest = () => paint(state); paint(state) },
    destroy() { observer.disconnect(); root.replaceChildren() },
  }
}
