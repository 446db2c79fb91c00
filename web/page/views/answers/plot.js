/** A series: what comes, what the network foresees step by step, and how it goes on freely. */
import { put, say, shape } from '../../draw/dom.js'
import { three } from '../../draw/numbers.js'
import { t } from '../../language/index.js'
import { createChart, lineThrough } from './chart.js'

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createPlot(root, emit) {
  const chart = createChart(root, emit)
  const [truth, says, free] = ['truth', 'says', 'free'].map((name) => shape(chart.svg, 'path', { class: name }))
  return {
    paint({ step, from }, _, __, [answer]) {
      if (answer?.name !== 'series' || !answer.result || answer.result.sequence !== from) return
      const { result } = answer
      const values = [...result.truth, ...result.predicted, ...result.free]
      chart.draw({ steps: result.truth.length, step, values }, (scales) => {
        put(truth, { d: lineThrough(result.truth, scales) })
        put(says, { d: lineThrough(result.predicted, scales, result.horizon) })
        put(free, { d: lineThrough(result.free, scales, result.start) })
      })
      const off = (/** @type {readonly number[]} */ said, /** @type {number} */ first) => three(meanSquare(said.map((value, i) => value - result.truth[first + i])))
      chart.tell([[t('what comes'), 'truth', ''], [t('foreseen'), 'says', off(result.predicted, result.horizon)], [t`freely from ${result.start} on`, 'free', off(result.free, result.start)]])
      say(chart.title, t`A series of ${result.truth.length} steps; foreseen ${result.horizon} ahead with a mean squared error of ${off(result.predicted, result.horizon)}, and freely from ${result.start} on with ${off(result.free, result.start)}.`)
    },
    destroy: chart.destroy,
  }
}

/** @param {readonly number[]} errors */
const meanSquare = (errors) => errors.reduce((sum, error) => sum + error * error, 0) / errors.length
