/** Weights: all of a parameter as a map, a few of them as numbers, and one that can be dragged, with what comes of it. */
import { element, pool, say, show } from '../draw/dom.js'
import { count, fixed, plain, small, three } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from './figure.js'
import { createLegend } from './passage.js'
import { blocksOf, labelOf, nameEnds, shapeOf } from './weight-names.js'
import { createHistogram, createMap } from './weight-map.js'
import { createNear, NEAR } from './weight-near.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Config} Config */

const LIMIT = 10
const MAP = 64
const PATIENCE = 1500 // ms; while it trains, a number set by hand is soon another

/**
 * What is chosen, within what there is.
 * @param {State} state @param {Config} choices
 */
function pickOf({ run }, choices) {
  const parameters = run?.parameters ?? []
  const parameter = parameters.find(({ name }) => name === choices.name) ?? parameters.find(({ name }) => name.startsWith('rnn.weight_hh')) ?? parameters[0]
  const [rows, columns] = shapeOf(parameter)
  const within = (/** @type {import('../types.js').Setting} */ value, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, Number(value)))
  const [row, column] = [within(choices.row, rows), within(choices.column, columns)]
  const from = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(size - NEAR, at - NEAR / 2))
  const near = { row: from(row, rows), rows: Math.min(NEAR, rows), column: from(column, columns), columns: Math.min(NEAR, columns) }
  return { name: parameter.name, rows, columns, row, column, near }
}

/** @type {import('../types.js').Panel} */
export const weights = {
  name: 'weights',
  title: english('Weights'),
  question: english('the numbers it learned'),
  choices: { name: '', row: 0, column: 0 },

  asks(state, choices) {
    if (!state.run) return []
    const { name, near } = pickOf(state, choices)
    return [
      { name: 'parameters', options: { name, ...near } },
      ...blocksOf(state.run, name).map(({ row, rows }) => /** @type {const} */ ({ name: 'parameters', options: { name, row, rows, most: MAP } })),
    ]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('The numbers it learned'))
    const total = element('p')
    const menu = element('select', { class: 'framed', 'aria-label': t('Which weights'), change: () => choose({ name: menu.value, row: 0, column: 0 }) })
    const endsNode = element('span')
    const spin = createSpin({ label: t('weight'), minimum: -LIMIT, maximum: LIMIT, step: 0.01, format: (v) => fixed(v), change: (value) => poke(value) })
    const slope = element('p')
    const consequence = createPhrase(slope)
    const effect = element('p', { class: 'claim' })
    const back = element('button', { class: 'mini', click: () => { if (touched) poke(touched.value) } }, t('Put it back'))
    const loss = createPhrase(effect)
    words.append(total, element('p', {}, menu), element('p', { class: 'claim' }, endsNode), slope, effect, element('p', {}, back),
      element('p', { class: 'how' }, t('Drag the yellow number, or choose another one on the map or with the arrow keys. Orange is negative, blue positive; a pale column is something that is hardly listened to.')))
    const sentence = createPhrase(endsNode)
    const legend = createLegend()
    const mapsTitle = element('span')
    const mapsHead = element('div', { class: 'caption' }, mapsTitle, legend.node)
    const mapsNode = element('div', { class: 'maps' })
    const nearHead = element('div', { class: 'caption' })
    figure.append(nearHead)
    const near = createNear(figure, (row, column) => choose({ row, column }))
    figure.append(mapsHead, mapsNode)
    const maps = pool(mapsNode, () => element('div', { class: 'map' }))
    /** @type {ReturnType<typeof createMap>[]} */
    const drawn = []
    const histogram = createHistogram(figure)
    let parameters = /** @type {unknown} */ (null)
    let state = /** @type {State | null} */ (null)
    let picked = { name: '', index: 0, value: 0 }
    /** The weight as it was before it was dragged. @type {{ name: string, index: number, value: number, loss: number, iteration: number } | null} */
    let touched = null
    let lossNow = NaN
    /** What was set by hand, until it is told back: what is told before is older. */
    let set = { value: NaN, until: 0 }

    /** @param {Config} changes */
    function choose(changes) {
      for (const [name, value] of Object.entries(changes)) emit({ type: 'choose', panel: 'weights', name, value })
    }
    /** @param {number} value */
    function poke(value) {
      const { name, index } = picked
      if (!touched) touched = { ...picked, loss: lossNow, iteration: state?.progress?.iteration ?? 0 }
      set = { value: Math.fround(value), until: performance.now() + PATIENCE }
      emit({ type: 'poke', name, index, value })
    }

    return {
      render(next, frame, answers, choices) {
        const { run } = state = next
        if (!run) return
        if (parameters !== run.parameters) {
          parameters = run.parameters
          menu.replaceChildren(...run.parameters.map(({ name }) => element('option', { value: name }, labelOf(run, name))))
          say(total, t`${count(run.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0))} numbers are all that it has learned. Some of them:`)
        }
        const pick = pickOf(state, choices)
        if (menu.value !== pick.name) menu.value = pick.name
        legend.render()
        const [window, ...blocks] = answers.flatMap((answer) => (answer.name === 'parameters' && answer.result ? [answer.result] : []))
        const parts = blocksOf(run, pick.name)
        // Until it is told of what is chosen now, it shows what it has.
        if (!window || window.shape[0] !== pick.near.rows || window.shape[1] !== pick.near.columns || blocks.length !== parts.length) return

        const at = (pick.row - pick.near.row) * window.shape[1] + pick.column - pick.near.column
        const index = pick.row * pick.columns + pick.column
        const value = window.values[at]
        const moved = picked.name !== pick.name || picked.index !== index
        picked = { name: pick.name, index, value }
        lossNow = frame ? mean(frame.values.loss.data) : NaN
        if (moved || touched?.iteration !== (state.progress?.iteration ?? 0)) touched = null
        const [to, from] = nameEnds(run, pick.name, pick.row, pick.column)
        sentence(from ? phrase`From ${from} to ${to} the weight is ${{ node: spin.node }}.` : phrase`What ${to} begins with, its bias, is ${{ node: spin.node }}.`)
        if (moved || value === set.value || (state.training && performance.now() > set.until)) set.until = 0
        if (!set.until) spin.set(Number(value.toFixed(4)))
        const gradient = window.gradients[at]
        const verdict = gradient === 0 ? t('no reason to change it.') : gradient > 0 ? t('it should be smaller.') : t('it should be larger.')
        consequence(window.gradients.every((one) => one === 0) && !state.progress ? [t('No window has been learned from yet.')]
          : phrase`In the last window its gradient was ${{ gradient, text: small(gradient), unit: 0.1 }}: ${verdict}`)
        const now = { strong: three(lossNow) }
        loss(touched ? phrase`The loss on the letters above is ${now}; before you touched the weight, ${{ strong: three(touched.loss) }}.` : phrase`The loss on the letters above is ${now}.`)
        show(effect, frame !== null)
        show(back, touched !== null && touched.value !== value)

        near.render(run, pick, window)
        say(nearHead, pick.rows <= NEAR && pick.columns <= NEAR ? t('all of them') : t`${pick.near.rows} × ${pick.near.columns} of ${plain(pick.rows)} × ${plain(pick.columns)}`)
        const many = pick.rows > NEAR || pick.columns > NEAR
        show(mapsHead, many)
        show(mapsNode, many)
        if (many) {
          say(mapsTitle, blocks[0].each.some((n) => n > 1) ? t('all of them, of neighbours the strongest') : t('all of them'))
          maps(parts.length).forEach((node, i) => {
            drawn[i] ??= createMap(node)
            drawn[i].render(parts[i], blocks[i], pick, (row, column) => choose({ row, column }))
          })
        }
        const own = parts.findIndex(({ row, rows }) => pick.row >= row && pick.row < row + rows)
        histogram.render(blocks[own], parts[own].title)
      },
      destroy() { root.replaceChildren() },
    }
  },
}

/** @param {Float32Array} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
