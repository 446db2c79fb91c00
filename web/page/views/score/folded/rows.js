/** What stands at the left of the heat maps: whose rows they are, which of them are seen, and what the colours mean. */
import { t } from '../../../language/index.js'
import { pool, put, say, shape } from '../../../draw/dom.js'
import { kindOf } from '../../../answers.js'
import { createLegend, createName } from '../names.js'

/** @typedef {import('./geometry.js').Geometry} Geometry */
/** @typedef {import('./strands.js').Strand} Strand */
/** @typedef {{ first: number, labelOf: (r: number) => string }} Seen   of a map: the row that is first, and what rows are called */

/** So high a row is that has a name, and a map that has room for a legend beside it. */
const NAMED = 12
const ROOMY = 96

/** @param {SVGSVGElement} svg @param {Geometry} first @param {import('../../../types.js').Run} run */
export function createRows(svg, first, run) {
  const number = kindOf(run) === 'number'
  const { H, strands, tops, layer, wide } = first
  const labels = strands.map(() => {
    const group = shape(svg, 'g')
    return pool(group, () => shape(group, 'text', { class: 'soft row-name', 'text-anchor': 'end' }))
  })
  if (!wide) {
    strands.forEach(({ name, short }, l) => shape(svg, 'text', { class: 'soft middle', transform: `translate(12 ${tops[l] + first.opened + 4 + first.map / 2}) rotate(-90)` }, (strands.length > 2 ? short : name) || t`${H} neurons`))
    return () => {}
  }
  createName(svg, first.tools + 12)(t('reads'), '')
  const names = strands.map((_, l) => ({ write: createName(svg, tops[l] + 12), more: shape(svg, 'text', { x: 0, y: tops[l] + 42, class: 'soft' }) }))
  const bets = createName(svg, first.bets.y + 15)
  createName(svg, first.targets.y + 8)(t('should say'), t('target'))
  createName(svg, first.surprise.y + 14)(...(number ? /** @type {const} */ ([t('error'), t('squared')]) : /** @type {const} */ ([t('surprise'), t('bits')])))
  const legend = layer >= ROOMY ? createLegend(svg, 0, tops[strands.length - 1] + layer - 30) : () => {}

  return (/** @type {Geometry} */ g, /** @type {readonly Seen[]} */ seen, /** @type {boolean} */ back, /** @type {number} */ unit) => {
    strands.forEach(({ name }, l) => {
      names[l].write(back ? t('is to blame') : t('remembers'), name ? `${name}, ${H}` : t`${H} neurons`)
      const rows = t`rows ${seen[l].first + 1}–${seen[l].first + g.shown} of ${g.all}`
      say(names[l].more, g.shown < g.all ? rows : g.each > 1 ? t`${g.each} in a row` : '')
      labels[l](g.row >= NAMED && g.each === 1 ? g.shown : 0).forEach((node, r) => {
        put(node, { x: g.names - 6, y: tops[l] + g.opened + 4 + (r + 0.5) * g.row + 4 })
        say(node, seen[l].labelOf(r))
      })
    })
    bets(number ? t('says') : t('bets'), number ? t('a number') : run.task ? t('likeliest answer') : t('likeliest letter'))
    legend(back, unit)
  }
}
