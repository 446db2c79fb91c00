/**
 * Gradients: how much of the blame for one wrong bet gets through to the neurons k letters before it, ‖∂L/∂h‖ by lag; and the
 * blame that all bets of the window lay on each letter.
 */
import { readAt } from '../answers.js'
import { shade, unitFor } from '../draw/colour.js'
import { element, pool, put, say, shape, show } from '../draw/dom.js'
import { count, fitting, fixed, glyph } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { columnsFor } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { roundOf } from '../state.js'
import { isDone, otherKind, twinIn } from '../twin.js'
import { createFigure } from './figure.js'
import { createDecades, createHandle, createMarks, createPlot, createRules, createTable, eachOf, share, tenTo } from './plot.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../draw/phrase.js').Part} Part */

const NAME = 'gradients'
const [HEIGHT, TOP, GROUND, LEFT] = [372, 14, 320, 46]
const [ROW, STRIP] = [34, 28] // pixels of a layer's blame per letter, and of its longest bar
const NARROW = 7 // pixels of a step in which no letter has room

/** The same letters as above. @param {State} state */
const placeOf = ({ run, from, width, zoom }) => ({ from, length: run ? columnsFor(run, width, zoom) : 1 })

/** Of each layer and direction. @param {State} state @param {number} index */
function strandName({ run }, index) {
  if (!run?.config.bidirectional) return t`layer ${index + 1}`
  return `${t`layer ${Math.floor(index / 2) + 1}`}, ${index % 2 ? t('backward') : t('forward')}`
}

/** By lag, as shares of what there is at the bet. @param {ArrayLike<number>} norms */
function sharesOf(norms) {
  const last = norms[norms.length - 1]
  return Array.from(norms, (norm) => (last > 0 ? norm / last : 0)).reverse()
}

/** @type {import('../types.js').Panel} */
export const gradients = {
  name: NAME,
  title: english('Gradients'),
  question: english('how far back blame reaches'),
  choices: { lag: 10, layer: 0 },
  asks: (state) => [
    { name: 'gradientNorms', options: { ...placeOf(state), of: 'last' } }, { name: 'gradientNorms', options: placeOf(state) },
  ],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('How far back does blame reach?'))
    let [most, strands, lag] = [1, 1, 1]
    /** What it is kept within. @type {State | null} */
    let shown = null
    const choose = (/** @type {string} */ name, /** @type {number} */ value) => emit({ type: 'choose', panel: NAME, name, value })
    const setLag = (/** @type {number} */ value) => choose('lag', Math.max(1, Math.min(most, Math.round(value))))
    const lagSpin = createSpin({ label: t('letters back'), minimum: 1, maximum: 65535, whole: true, format: String, change: setLag })
    const layerSpin = createSpin({
      label: t('layer'), minimum: 1, maximum: 16, whole: true, format: String, change: (value) => choose('layer', Math.min(strands, value)),
    })
    words.append(element('p', {}, t('Take the last bet of the window and ask: how much would it have changed, had the neurons been nudged some letters earlier? That is the blame that gets through.')))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const ratio = createPhrase(words.appendChild(element('p')))
    const beside = words.appendChild(element('p', { 'aria-live': 'polite' }))
    const tellBeside = createPhrase(beside)
    const compare = element('button', { class: 'button', click: () => {
      if (!shown) return
      const twin = twinIn(shown, 'cell')
      emit(twin && !isDone(twin) ? { type: 'no-twin' } : { type: 'compare', change: { cell: otherKind(shown.run?.config ?? {}) }, questions: [{ name: NORMS, options: { ...placeOf(shown), of: 'last' } }] })
    } })
    words.append(element('p', {}, compare))
    words.append(element('p', { class: 'how' }, t('‖∂L/∂h‖, where L is the loss of the last bet alone, divided by its value at the bet; on a logarithmic scale. Below: of the mean loss of all bets of the window, by letter. Both are computed exactly, from zero state, through the letters that stand above. Drag the yellow handle.')))

    figure.append(element('p', { class: 'how' }, t('blame left after k letters')))
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
    const axis = shape(svg, 'text', { class: 'soft end' }, t('letters back'))
    const drop = shape(svg, 'path', { class: 'plumb' })
    const handle = createHandle(svg, { label: t('letters back'), move: (x) => setLag((x - LEFT) / pitch - 0.5), step: (by) => setLag(lag + by) })
    const letters = figure.appendChild(element('p', { class: 'how' }, t('blame of all bets of the window, by letter')))
    const rows = createPlot(figure, 0, 'by-letter')
    const strips = pool(rows.svg, () => shape(null, 'g'))
    const rowTitle = shape(rows.svg, 'title')
    const table = createTable(figure, t('Blame left after some letters, of what there is at the bet'), [t('letters back'), t('share')])
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
      rules(decades.ticks.map((d) => ({ y: y(10 ** d), text: d === 0 ? t('all') : d > 0 ? `× ${10 ** d}` : tenTo(d) })), LEFT, width)
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
        ...(twin ? [{ values: twin, text: otherKind(state.run?.config ?? {}) === 'vanilla' ? t('without gates') : 'LSTM' }] : []),
      ]
      names(labelled.length).forEach((name, i) => {
        const at = Math.floor((seen(labelled[i].values) - 1) * (0.94 - 0.16 * i))
        put(name, { x: Math.max(LEFT + 100, Math.min(width - 2, x(at) + 20)), y: y(labelled[i].values[at]) - 8 })
        say(name, labelled[i].text)
      })
      const each = eachOf(most, pitch)
      marks(Array.from({ length: Math.floor(most / each) + 1 }, (_, i) => ({ x: Math.max(LEFT + 20, Math.min(width - 12, x(i * each))), text: i === 0 ? t('the bet') : String(i * each) })), GROUND + 20)
      put(axis, { x: width, y: GROUND + 40 })
      put(drop, { d: `M${x(lag)} ${TOP - 8}V${GROUND}` })
      handle.put({ x: x(lag), y: y(shares[lag]), value: lag, least: 1, most, text: t`${lag} letters back: ${share(shares[lag])}` })
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
        say(strip[i].name, norms.length > 1 ? strandName(state, i).replace(' ', '\u00a0') : '')
        strip[i].bars(length).forEach((bar, at) => {
          const height = Math.max(1.5, STRIP * norms[i][at] / largest)
          put(bar, { x: LEFT + at * each + 0.5, width: Math.max(0.5, each - 1), y: ground - height, height })
          bar.style.fill = shade('gradient', norms[i][at], unit).background
        })
      })
      strip.length = norms.length
      const face = (/** @type {number} */ at) => (frame.inputs[at] >= 0 ? glyph(state.run?.vocabulary.symbols[frame.inputs[at]] ?? '') : '')
      signs(length).forEach((sign, t) => {
        put(sign, { x: LEFT + (t + 0.5) * each, y: norms.length * ROW + 14 })
        say(sign, each < NARROW ? '' : fitting(face(t), each))
      })
      const last = norms[norms.length - 1]
      const top = last.indexOf(Math.max(...last))
      say(rowTitle, t`Blame by letter: most of it lies on letter ${top + 1}, ${face(top) || readAt(state.run, frame, top)}.`)
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
        const second = twinIn(state, 'cell')
        const norms = second?.answers[0]?.name === NORMS ? second.answers[0].result : undefined
        const twin = norms ? sharesOf(norms[Math.min(layer, norms.length - 1)]) : null
        claim(claimed(lag, { node: lagSpin.node }, strands > 1 ? phrase`layer ${{ node: layerSpin.node }}` : [t('the state')], left))
        const each = left > 0 ? left ** (1 / lag) : 0
        const verdict = each < 0.95 ? t('it fades.') : each <= 1.05 ? t('it hardly fades.') : t('it grows.')
        ratio(left > 0 ? phrase`Each step back multiplies it by about ${{ strong: fixed(each, each < 0.1 ? 3 : 2) }}: ${verdict}` : [t('None of it gets that far.')])
        tellBeside(besides(state, left, twin?.[lag]))
        say(compare, second && !isDone(second) ? t('Stop') : otherKind(state.run.config) === 'lstm' ? t('Train an LSTM beside it') : t('Train a network without gates beside it'))
        plot.draw((width) => paint(state, shares, layer, twin, width))
        const reads = frame !== null && all?.name === NORMS && all.result && all.result[0].length === frame.inputs.length
        show(letters, Boolean(reads))
        if (reads && all.result) {
          const norms = all.result
          rows.draw((width) => paintRows(state, frame, norms, width))
        }
        say(title, t`Blame left by letters back, on a logarithmic scale: after ${lag}, ${share(left)}.`)
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

/** @param {number} lag @param {Part} spin  of it @param {Part[]} who @param {number} left @returns {Part[]} */
function claimed(lag, spin, who, left) {
  if (left > 1) {
    const times = { strong: t`${fixed(left, 1)} times` }
    return lag === 1 ? phrase`${spin} letter back, ${who} gets ${times} the blame of the bet itself.` : phrase`${spin} letters back, ${who} gets ${times} the blame of the bet itself.`
  }
  const some = { strong: share(left) }
  return lag === 1 ? phrase`${spin} letter back, ${who} still gets ${some} of the blame.` : phrase`${spin} letters back, ${who} still gets ${some} of the blame.`
}

/** What the network beside it says. @param {State} state @param {number} left @param {number | undefined} beside @returns {Part[]} */
function besides(state, left, beside) {
  const { run } = state
  const twin = twinIn(state, 'cell')
  if (!twin || !run) return [`${run?.config.cell === 'vanilla' ? t('What would a network with gates keep?') : t('What would a network without gates keep?')} ${offer(roundOf(state))}`]
  const gated = twin.change.cell === 'lstm'
  if (twin.error) return [gated ? t`The LSTM cannot be had: ${twin.error}. Begin with it again.` : t`The network without gates cannot be had: ${twin.error}. Begin with it again.`]
  const [done, all] = [twin.iteration, twin.rounds].map(count)
  if (!isDone(twin)) return [gated ? t`The LSTM has learned for ${done} of ${all} rounds …` : t`The network without gates has learned for ${done} of ${all} rounds …`]
  const times = beside && left ? left / beside : 0
  const [kept, less, more] = [share(beside ?? 0), fixed(times, times < 10 ? 1 : 0), fixed(1 / times, times > 0.1 ? 1 : 0)].map((strong) => ({ strong }))
  const verdict = times > 1.05 ? phrase`, ${less} times less.` : times && times < 0.95 ? phrase`, ${more} times as much.` : ['.']
  return [...(gated ? phrase`After ${all} rounds, an LSTM of the same size keeps ${kept}` : phrase`After ${all} rounds, a network without gates of the same size keeps ${kept}`), ...verdict]
}

/** @param {number} rounds */
function offer(rounds) {
  if (rounds === 0) return t('One of the same size can learn the same text from the same seed, for as many rounds.')
  return rounds === 1 ? t('One of the same size can learn the same text from the same seed, for one round.')
    : t`One of the same size can learn the same text from the same seed, for ${count(rounds)} rounds.`
}
