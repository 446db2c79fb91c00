/** What it could have written at the picked letter: the likeliest letters and their probabilities. */
import { element, say } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { glyph } from '../../draw/numbers.js'
import { createPhrase } from '../../draw/phrase.js'
import { phrase } from '../../language/index.js'
import { createBetList, likeliest } from '../bet-list.js'
import { givenOf } from './given.js'

const MOST = 5
/** Characters of what was written before, where it is words. */
const BEFORE = 10

/** @type {import('../../types.js').CreateView} */
export function createAlternatives(root) {
  const before = element('span', { class: 'verb' })
  const list = element('div')
  const label = element('div', { class: 'label' })
  createPhrase(label)(phrase`after ${{ node: before }}`)
  root.append(label, list)
  const paint = createBetList(list)
  let key = ''

  return {
    render(state) {
      const { sample, run, picked } = state
      const symbols = run?.vocabulary.symbols ?? []
      const distribution = sample?.distributions?.[picked]
      if (!sample || !distribution) {
        paint([], -1, symbols)
        say(before, key = '')
        return
      }
      const written = Array.from(sample.symbols).slice(Math.max(0, picked - 7), picked).map((k) => symbols[k])
      const shown = [...[...(picked < 7 ? givenOf(sample, symbols) : ['…']), ...written].slice(-8).map(glyph).join('')]
      say(before, shown.length > BEFORE ? `…${shown.slice(1 - BEFORE).join('')}` : shown.join(''))
      const bets = likeliest(distribution, MOST)
      const chosen = sample.symbols[picked]
      if (!bets.some(({ k }) => k === chosen)) bets[bets.length - 1] = { p: distribution[chosen], k: chosen }
      const next = shade('value', 1).background + bets.map(({ p, k }) => `${k}:${p.toFixed(3)}`).join() + chosen
      if (next !== key) paint(bets, chosen, symbols)
      key = next
    },
    destroy() { root.replaceChildren() },
  }
}
