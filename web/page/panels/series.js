/** Series: what comes, what is foreseen of it step by step, and how it goes on freely from a point that one chooses. */
import { isOnce, kindOf } from '../answers.js'
import { element, put, say, shape } from '../draw/dom.js'
import { fixed, three } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { lineThrough } from '../views/answers/chart.js'
import { createFigure } from './figure.js'
import { createHandle, createMarks, createPlot, createRules, createTable, eachOf } from './plot.js'

/** @typedef {import('../../tasks/examine.js').Series} Series */

const NAME = 'series'
const [HEIGHT, TOP, GROUND, LEFT] = [340, 14, 300, 46]

/** @type {import('../types.js').Panel} */
export const series = {
  name: NAME,
  title: english('Series'),
  question: english('how it goes on freely'),
  suits: (run) => run.task !== undefined && kindOf(run) === 'number' && !isOnce(run),
  choices: { start: 0, column: 1 },
  asks: ({ from }, { start, column }) => [{ name: 'series', options: { sequence: from, column: Number(column) - 1, ...(Number(start) > 0 && { start: Number(start) }) } }],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('How does it go on?'))
    let [least, most, pitch, start] = [1, 1, 1, 1]
    const setStart = (/** @type {number} */ value) => emit({ type: 'choose', panel: NAME, name: 'start', value: Math.max(least, Math.min(most, Math.round(value))) })
    const startSpin = createSpin({ label: t('first step that it reads from itself'), minimum: 1, maximum: 65535, whole: true, format: String, change: setStart })
    const columnSpin = createSpin({ label: t('column'), minimum: 1, maximum: 1, whole: true, format: String, change: (value) => emit({ type: 'choose', panel: NAME, name: 'column', value }) })
    createPhrase(words.appendChild(element('p')))(phrase`From step ${{ node: startSpin.node }} on it gets nothing more to read but what it has said itself.`)
    const columns = words.appendChild(element('p'))
    createPhrase(columns)(phrase`Column ${{ node: columnSpin.node }} is drawn.`)
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const how = createPhrase(words.appendChild(element('p', { class: 'how' })))
    const plot = createPlot(figure, HEIGHT, NAME)
    const { svg } = plot
    const title = shape(svg, 'title')
    const rules = createRules(svg)
    const [truth, says, free] = ['truth', 'says', 'free'].map((name) => shape(svg, 'path', { class: `line ${name}` }))
    const plumb = shape(svg, 'path', { class: 'plumb' })
    const marks = createMarks(svg)
    const handle = createHandle(svg, { label: t('first step that it reads from itself'), move: (x) => setStart((x - LEFT) / pitch - 0.5), step: (by) => setStart(start + by) })
    const table = createTable(figure, t('The series and what was said of it'), [t('step'), t('what comes'), t('foreseen'), t('freely')])

    /** @param {Series} found @param {number} width */
    function paint({ truth: came, predicted, free: freely, horizon, start: first }, width) {
      const all = [...came, ...predicted, ...freely].filter(Number.isFinite)
      const [low, high] = [Math.min(...all), Math.max(...all)]
      pitch = (width - LEFT) / came.length
      const x = (/** @type {number} */ step) => LEFT + (step + 0.5) * pitch
      const y = (/** @type {number} */ value) => GROUND - (GROUND - TOP) * (value - low) / (high - low || 1)
      const scales = { x, y, bottom: GROUND }
      put(truth, { d: lineThrough(came, scales) })
      put(says, { d: lineThrough(predicted, scales, horizon) })
      put(free, { d: lineThrough(freely, scales, first) })
      put(plumb, { d: `M${x(first)} ${TOP}V${GROUND}` })
      handle.put({ x: x(first), y: GROUND, value: first, least, most, text: String(first) })
      rules([low, (low + high) / 2, high].map((value) => ({ y: y(value), text: fixed(value) })), LEFT, width)
      const each = eachOf(came.length, pitch)
      marks(Array.from({ length: Math.floor(came.length / each) }, (_, i) => ({ x: x((i + 1) * each - 1), text: String((i + 1) * each) })), GROUND + 26)
    }

    return {
      render(state, _, [answer], choices) {
        const { run } = state
        const size = Number(run?.config.outputs ?? 1)
        columns.toggleAttribute('hidden', size < 2)
        columnSpin.limit(size)
        columnSpin.set(Number(choices.column))
        if (answer?.error) return claim([t`It cannot go on: ${answer.error}.`])
        if (answer?.name !== 'series' || !answer.result) return
        const { result } = answer
        ;[least, most, start] = [result.horizon, result.truth.length - result.horizon, result.start]
        startSpin.set(start)
        const [stepwise, freely] = [errorOf(result.predicted, result.truth, result.horizon), errorOf(result.free, result.truth, start)]
        claim(phrase`Foreseen ${String(result.horizon)} ahead, it is off by ${{ strong: three(Math.sqrt(stepwise)) }}; freely, by ${{ strong: three(Math.sqrt(freely)) }}.`)
        how(phrase`Root of the mean squared error. Black is what comes, blue what was foreseen of it, orange how it goes on freely. Sequence ${String(result.sequence + 1)} of those that are held out; drag the yellow handle.`)
        plot.draw((width) => paint(result, width))
        say(title, t`A series of ${result.truth.length} steps; foreseen ${result.horizon} ahead with a mean squared error of ${three(stepwise)}, and freely from ${start} on with ${three(freely)}.`)
        table(state.training, () => result.truth.map((value, step) => [String(step), three(value), three(result.predicted[step - result.horizon] ?? NaN), three(result.free[step - start] ?? NaN)]))
      },
      destroy() {
        plot.destroy()
        root.replaceChildren()
      },
    }
  },
}

/** Mean square. @param {readonly number[]} said @param {readonly number[]} came @param {number} first  step */
const errorOf = (said, came, first) => said.reduce((sum, value, i) => sum + (value - came[first + i]) ** 2, 0) / said.length
