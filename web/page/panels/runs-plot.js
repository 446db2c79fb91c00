/** Loss curves of several runs in one plot. Each has its number at its end; dashes tell them apart where they are close. */
import { pool, put, say, shape } from '../draw/dom.js'
import { plain, short } from '../draw/numbers.js'
import { t } from '../language/index.js'

/** @typedef {{ run: import('../runs.js').Kept, number: number, drawn: boolean, current: boolean }} Entry */

const WIDTH = 640
const HEIGHT = 300
/** Above is room for the unit, and below it for a number, however large they are written. */
const EDGE = { left: 50, right: 30, top: 36, bottom: 34 }
const DASHES = ['', '7 3', '2 3', '10 3 2 3']

/** Where a round lies on each axis: training goes at an even pace. @type {Record<import('./runs.js').Axis, (run: import('../runs.js').Kept) => number>} */
const PER_ROUND = { rounds: () => 1, letters: ({ letters, rounds }) => letters / rounds, seconds: ({ seconds, rounds }) => seconds / rounds }

/** Lines across, at most. */
const LEVELS = 8

/** A round number between two of them. @param {number} high  the end of the axis */
function between(high) {
  const least = high / LEVELS
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((lead) => lead * power >= least) ?? 10)
}

/** @param {HTMLElement} root */
export function createPlot(root) {
  const svg = shape(root, 'svg', { class: 'figure plot', role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}` })
  const title = shape(svg, 'title', {}, t('Loss curves of the runs'))
  const unitName = shape(svg, 'text', { x: 0, y: 15, class: 'soft' })
  shape(svg, 'path', { class: 'axes', d: `M${EDGE.left} ${HEIGHT - EDGE.bottom}H${WIDTH - EDGE.right}` })
  const axisName = shape(svg, 'text', { x: WIDTH - EDGE.right, y: HEIGHT - 2, class: 'soft', 'text-anchor': 'end' })
  const acrossMarks = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'soft middle', y: HEIGHT - EDGE.bottom + 16 }))
  const upMarks = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'soft', x: EDGE.left - 8, 'text-anchor': 'end' }))
  const rules = pool(shape(svg, 'g'), () => shape(null, 'path', { class: 'bound' }))
  const lines = pool(shape(svg, 'g'), () => shape(null, 'path', { class: 'run' }))
  const names = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'strong' }))

  return {
    /** @param {readonly Entry[]} all @param {import('./runs.js').Axis} axis @param {import('../loss-unit.js').LossUnit} unit  of those that are drawn */
    render(all, axis, unit) {
      const entries = all.filter(({ drawn }) => drawn)
      const far = Math.max(10, ...entries.map(({ run }) => run.rounds * PER_ROUND[axis](run)))
      const high = Math.max(1e-9, ...entries.flatMap(({ run }) => run.losses.map(unit.of)))
      // Early rounds matter as much as late ones: each power of ten has the same width.
      const first = axis === 'seconds' ? 0.1 : 1
      const across = (/** @type {number} */ v) => EDGE.left + (WIDTH - EDGE.left - EDGE.right) * Math.log(Math.max(1, v / first)) / Math.log(far / first)
      const up = (/** @type {number} */ v) => EDGE.top + (HEIGHT - EDGE.top - EDGE.bottom) * (1 - v / high)
      say(unitName, t(unit.name))
      say(axisName, axis === 'letters' ? t('letters read') : axis === 'seconds' ? t('seconds of training') : t('rounds'))
      const powers = Array.from({ length: Math.floor(Math.log10(far / first) + 1e-9) + 1 }, (_, k) => first * 10 ** k)
      acrossMarks(powers.length).forEach((node, k) => { put(node, { x: across(powers[k]).toFixed(1) }); say(node, powers[k] < 1 ? plain(powers[k]) : short(powers[k])) })
      const each = between(high)
      const levels = Array.from({ length: Math.floor(high / each) + 1 }, (_, k) => k * each)
      upMarks(levels.length).forEach((node, k) => { put(node, { y: (up(levels[k]) + 4).toFixed(1) }); say(node, plain(levels[k])) })
      rules(levels.length).forEach((node, k) => put(node, { d: `M${EDGE.left} ${up(levels[k]).toFixed(1)}H${WIDTH - EDGE.right}` }))
      lines(entries.length).forEach((line, i) => {
        const { run, number, current } = entries[i]
        const points = run.iterations.map((round, k) => `${across(round * PER_ROUND[axis](run)).toFixed(1)} ${up(unit.of(run.losses[k])).toFixed(1)}`)
        put(line, { d: `M${points.join('L')}`, 'stroke-dasharray': DASHES[(number - 1) % DASHES.length], class: current ? 'run current' : 'run' })
      })
      names(entries.length).forEach((node, i) => {
        const { run, number } = entries[i]
        put(node, { x: (across(run.rounds * PER_ROUND[axis](run)) + 6).toFixed(1), y: (up(unit.of(run.losses[run.losses.length - 1])) + 4).toFixed(1) })
        say(node, String(number))
      })
      say(title, entries.length ? entries.map(({ run, number }) => t`Run ${number} ends at ${unit.write(run.losses[run.losses.length - 1])} after ${run.rounds} rounds`).join('. ') : t('No run is drawn.'))
    },
  }
}
