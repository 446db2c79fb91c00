/**
 * Gradients: how much of the blame for one wrong bet gets through to the neurons k letters before it, ‖∂L/∂h‖ by lag; and the
 * blame that all bets of the window lay on each letter.
 */
import { shade, unitFor } from '../draw/colour.js'
import { element, pool, put, say, shape, show } from '../draw/dom.js'
import { count, fixed, glyph } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { columnsFor } from '../drawing.js'
import { roundOf } from '../state.js'
import { otherKind } from '../twin.js'
import { createFigure } from './figure.js'
import { createDecades, createHandle, createMarks, createPlot, createRules, createTable, eachOf, share, tenTo } from './plot.js'

/** @typedef {import('../types.js').State} State */

const NAME = 'gradients'
const [HEIGHT, TOP, GROUND, LEFT] = [372, 14, 320, 46]
const [ROW, STRIP] = [34, 28] // pixels of a layer's blame per letter, and of its longest bar

const CELLS = /** @type {Record<string, string>} */ ({ vanilla: 'network without gates', lstm: 'LSTM' })

/** The same letters as above. @param {State} state */
const placeOf = ({ run, from, width }) => ({ from, length: run ? columnsFor(run, width) : 1 })

/** Of each layer and direction. @param {State} state @param {number} index */
function strandName({ run }, index) {
  if (!run?.config.bidirectional) return `layer ${index + 1}`
  return `layer ${Math.floor(index / 2) + 1}, ${index % 2 ? 'backward' : 'forward'}`
}

/** By lag, as shares of what there is at the bet. @param {ArrayLike<number>} norms */
function sharesOf(norms) {
  const last = norms[norms.length - 1]
  return Array.from(norms, (norm) => (last > 0 ? norm / last : 0)).reverse()
}

/** @type {import('../types.js').Panel} */
export const gradients = {
  name: NAME,
  title: 'Gradients',
  question: 'how far back blame reaches',
  choices: { lag: 10, layer: 0 },
  asks: (state) => [
    { name: 'gradientNorms', options: { ...placeOf(state), of: 'last' } }, { name: 'gradientNorms', options: placeOf(state) },
  ],

  create(root, emit) {
    const { words, figure } = createFigure(root, 'How far back does blame reach?')
    let [most, strands, lag] = [1, 1, 1]
    /** What it is kept within. @type {State | null} */
    let shown = null
    const choose = (/** @type {string} */ name, /** @type {number} */ value) => emit({ type: 'choose', panel: NAME, name, value })
    const setLag = (/** @type {number} */ value) => choose('lag', Math.max(1, Math.min(most, Math.round(value))))
    const lagSpin = createSpin({ label: 'letters back', minimum: 1, maximum: 65535, whole: true, format: String, change: setLag })
    const layerSpin = createSpin({
      label: 'layer', minimum: 1, maximum: 16, whole: true, format: String, change: (value) => choose('layer', Math.min(strands, value)),
    })
    words.append(element('p', {}, 'Take the last bet of the window and ask: how much would it have changed, had the neurons been nudged some letters earlier? That is the blame that gets through.'))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const ratio = createPhrase(words.appendChild(element('p')))
    const beside = words.appendChild(element('p', { 'aria-live': 'polite' }))
    const tellBeside = createPhrase(beside)
    const compare = element('button', { class: 'button', click: () => {
      if (shown) emit(shown.twin && !isDone(shown.twin) ? { type: 'no-twin' } : { type: 'compare', cell: otherKind(shown.run?.config ?? {}), place: placeOf(shown) })
    } })
    words.append(element('p', {}, compare))
    words.append(element('p', { class: 'how' }, '‖∂L/∂h‖, where L is the loss of the last bet alone, divided by its value at the bet; on a logarithmic scale. Below: of the mean loss of all bets of the window, by letter. Both are computed exactly, from zero state, through the letters that stand above. Drag the yellow handle.'))

    figure.append(element('p', { class: 'how' }, 'blame left after k letters'))
    const plot = createPlot(figure, HEIGHT, 'by-lag')
    const { svg } = plot
    const title = shape(svg, 'title')
    const rules = createRules(svg)
    const bars = pool(shape(svg, 'g'), () => shape(null, 'rect'))
    const caps = shape(svg, 'path', { class: 'caps' })
    const others = pool(shape(svg, 'g'), () => shape(null, 'path', { class: 'curve thin' }))
    const twinLine = shape(svg, 'path', { class: 'curve dashed' })
    const names = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'aside end' }))
    const marks = createMarks(svg)
    const axis = shape(svg, 'text', { class: 'soft end' }, 'letters back')
    const drop = shape(svg, 'path', { class: 'plumb' })
    const handle = createHandle(svg, { label: 'letters back', move: (x) => setLag((x - LEFT) / pitch - 0.5), step: (by) => setLag(lag + by) })
    const letters = figure.appendChild(element('p', { class: 'how' }, 'blame of all bets of the window, by letter'))
    const rows = createPlot(figure, 0, 'by-letter')
    const strips = pool(rows.svg, () => shape(null, 'g'))
    const rowTitle = shape(rows.svg, 'title')
    const table = createTable(figure, 'Blame left after some letters, of what there is at the bet', ['letters back', 'share'])
    const decades = createDecades(TOP, GROUND)
    let pitch = 1
    /** @type {{ bars: ReturnType<typeof pool<SVGRectElement>>, name: SVGTextElement }[]} */
    const strip = []
    const signs = pool(shape(rows.svg, 'g'), () => shape(null, 'text', { class: 'sign middle' }))

    /** @param {State} state @param {number[][]} all @param {number} layer @param {number[] | null} twin @param {number} width */
    function paint(state, all, layer, twin, width) {
      const shares = all[layer]
      pitch = (width - LEFT) / shares.length
      const x = (/** @type {number} */ k) => LEFT + (k + 0.5) * pitch
      decades.fit([...all.flat(), ...(twin ?? [])], state.run)
      const { y } = decades
      rules(decades.ticks.map((d) => ({ y: y(10 ** d), text: d === 0 ? 'all' : d > 0 ? `× ${10 ** d}` : tenTo(d) })), LEFT, width)
      const gap = pitch > 6 ? 1 : 0
      bars(shares.length).forEach((bar, k) => {
        put(bar, { x: LEFT + k * pitch + gap, y: y(shares[k]), width: Math.max(0.5, pitch - 2 * gap), height: Math.max(0, GROUND - y(shares[k])) })
        bar.style.fill = shade('gradient', Math.min(1, shares[k])).background
      })
      put(caps, { d: shares.map((v, k) => (v > 0 ? `M${LEFT + k * pitch + gap} ${y(v)}h${Math.max(0.5, pitch - 2 * gap)}` : '')).join('') })
      /** As far as it does not fall out of the drawing. */
      const seen = (/** @type {readonly number[]} */ values) => { const end = values.findIndex((v) => y(v) >= GROUND); return end < 0 ? values.length : Math.max(1, end) }
      const curve = (/** @type {readonly number[]} */ values) => values.slice(0, seen(values) + 1).map((v, k) => `${k ? 'L' : 'M'}${x(k)} ${y(v)}`).join('')
      const rest = all.map((_, i) => i).filter((i) => i !== layer)
      others(rest.length).forEach((line, i) => put(line, { d: curve(all[rest[i]]) }))
      put(twinLine, { d: twin ? curve(twin) : '' })
      const labelled = [
        ...(all.length > 1 ? all.map((values, i) => ({ values, text: strandName(state, i) })) : []),
        ...(twin && state.twin ? [{ values: twin, text: state.twin.cell === 'vanilla' ? 'without gates' : 'LSTM' }] : []),
      ]
      names(labelled.length).forEach((name, i) => {
        const at = Math.floor((seen(labelled[i].values) - 1) * (0.94 - 0.16 * i))
        put(name, { x: Math.max(LEFT + 100, Math.min(width - 2, x(at) + 20)), y: y(labelled[i].values[at]) - 8 })
        say(name, labelled[i].text)
      })
      const each = eachOf(most, pitch)
      marks(Array.from({ length: Math.floor(most / each) + 1 }, (_, i) => ({ x: Math.max(LEFT + 20, Math.min(width - 12, x(i * each))), text: i === 0 ? 'the bet' : String(i * each) })), GROUND + 20)
      put(axis, { x: width, y: GROUND + 40 })
      put(drop, { d: `M${x(lag)} ${TOP - 8}V${GROUND}` })
      handle.put({ x: x(lag), y: y(shares[lag]), value: lag, least: 1, most, text: `${lag} letters back: ${share(shares[lag])}` })
    }

    /** @param {State} state @param {import('../types.js').Frame} frame @param {readonly Float64Array[]} norms @param {number} width */
    function paintRows(state, frame, norms, width) {
      const length = norms[0].length
      const each = (width - LEFT) / length
      const unit = unitFor(norms)
      const largest = Math.max(1e-30, ...norms.flatMap((row) => [...row]))
      put(rows.svg, { viewBox: `0 0 ${width} ${norms.length * ROW + 22}` })
      strips(norms.length).forEach((group, i) => {
        strip[i] ??= { name: shape(group, 'text', { class: 'soft', x: 0 }), bars: pool(group, () => shape(null, 'rect', { rx: 1.5 })) }
        const ground = (i + 1) * ROW - 4
        put(strip[i].name, { y: ground - 6 })
        say(strip[i].name, norms.length > 1 ? strandName(state, i).replace('layer ', 'layer\u00a0') : '')
        strip[i].bars(length).forEach((bar, t) => {
          const height = Math.max(1.5, STRIP * norms[i][t] / largest)
          put(bar, { x: LEFT + t * each + 0.5, width: Math.max(0.5, each - 1), y: ground - height, height })
          bar.style.fill = shade('gradient', norms[i][t], unit).background
        })
      })
      strip.length = norms.length
      const symbols = state.run?.vocabulary.symbols ?? []
      signs(length).forEach((sign, t) => {
        put(sign, { x: LEFT + (t + 0.5) * each, y: norms.length * ROW + 14 })
        say(sign, glyph(symbols[frame.inputs[t]]))
      })
      const top = norms.map((row) => row.indexOf(Math.max(...row)))
      say(rowTitle, `Blame by letter: most of it lies on letter ${top[top.length - 1] + 1}, ${glyph(symbols[frame.inputs[top[top.length - 1]]])}.`)
    }

    return {
      render(state, frame, answers, choices) {
        shown = state
        const [last, all] = answers
        if (last?.name !== NORMS || !last.result || !state.run) {
          if (last?.error) claim([last.error])
          return
        }
        const shares = last.result.map(sharesOf)
        strands = shares.length
        const layer = Math.max(0, Math.min(strands, Number(choices.layer) || strands) - 1)
        most = Math.max(1, shares[0].length - 1)
        lag = Math.min(most, Number(choices.lag))
        lagSpin.set(lag)
        layerSpin.set(layer + 1)
        const left = shares[layer][lag] ?? 0
        const twin = state.twin?.norms ? sharesOf(state.twin.norms[Math.min(layer, state.twin.norms.length - 1)]) : null
        claim([
          { node: lagSpin.node }, lag === 1 ? ' letter back, ' : ' letters back, ', ...(strands > 1 ? ['layer ', { node: layerSpin.node }] : ['the state']),
          ...(left > 1 ? [' gets ', { strong: `${fixed(left, 1)} times` }, ' the blame of the bet itself.'] : [' still gets ', { strong: share(left) }, ' of the blame.']),
        ])
        const each = left > 0 ? left ** (1 / lag) : 0
        ratio(left > 0
          ? ['Each step back multiplies it by about ', { strong: fixed(each, each < 0.1 ? 3 : 2) }, each < 0.95 ? ': it fades.' : each <= 1.05 ? ': it hardly fades.' : ': it grows.']
          : ['None of it gets that far.'])
        tellBeside(besides(state, left, twin?.[lag]))
        say(compare, state.twin && !isDone(state.twin) ? 'Stop' : `Train ${otherKind(state.run.config) === 'lstm' ? 'an' : 'a'} ${CELLS[otherKind(state.run.config)]} beside it`)
        plot.draw((width) => paint(state, shares, layer, twin, width))
        const reads = frame !== null && all?.name === NORMS && all.result && all.result[0].length === frame.inputs.length
        show(letters, Boolean(reads))
        if (reads && all.result) {
          const norms = all.result
          rows.draw((width) => paintRows(state, frame, norms, width))
        }
        say(title, `Blame left by letters back, on a logarithmic scale: after ${lag}, ${share(left)}.`)
        table(state.training, () => shares[layer].map((value, k) => [String(k), share(value)]))
      },
      destroy() {
        plot.destroy()
        rows.destroy()
        root.replaceChildren()
      },
    }
  },
}

const NORMS = 'gradientNorms'

/** @param {import('../twin.js').Twin} twin */
const isDone = ({ iteration, rounds, norms, error }) => error !== '' || (iteration >= rounds && norms !== null)

/** What the network beside it says. @param {State} state @param {number} left @param {number | undefined} beside @returns {import('../draw/phrase.js').Part[]} */
function besides(state, left, beside) {
  const { twin, run } = state
  if (!twin || !run) {
    const rounds = roundOf(state)
    return [`What would ${run?.config.cell === 'vanilla' ? 'a network with gates' : 'a network without gates'} keep? One of the same size can learn the same text from the same seed, for ${rounds === 0 ? 'as many rounds' : rounds === 1 ? 'one round' : `${count(rounds)} rounds`}.`]
  }
  const name = CELLS[twin.cell]
  if (twin.error) return [`The ${name} cannot be had: ${twin.error}.`]
  if (!isDone(twin)) return [`The ${name} has learned for ${count(twin.iteration)} of ${count(twin.rounds)} rounds …`]
  const times = beside && left ? left / beside : 0
  return [
    `After ${count(twin.rounds)} rounds, ${twin.cell === 'lstm' ? 'an LSTM' : 'a network without gates'} of the same size keeps `, { strong: share(beside ?? 0) },
    times > 1.05 ? ', ' : times && times < 0.95 ? ', ' : '.',
    ...(times > 1.05 ? [{ strong: fixed(times, times < 10 ? 1 : 0) }, ' times less.'] : times && times < 0.95 ? [{ strong: fixed(1 / times, times > 0.1 ? 1 : 0) }, ' times as much.'] : []),
  ]
}
