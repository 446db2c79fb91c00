/** Confusion: of all that is held out, how often each answer was wanted and how often each was said. */
import { isOnce, kindOf, outputsOf, readsSource } from '../answers.js'
import { shade } from '../draw/colour.js'
import { element, pool, say } from '../draw/dom.js'
import { count, percent } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { english, phrase, t } from '../language/index.js'
import { metricLabel } from '../words/tasks.js'
import { createFigure } from './figure.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Config} Config */
/** @typedef {import('../../tasks/examine.js').Confusion} Confusion */

const NAME = 'confusion'
const METRICS = /** @type {const} */ (['precision', 'recall', 'f1'])

/** The cell that was chosen, where there is one. @param {Config} choices */
const cellOf = ({ wanted, said }) => (Number(wanted) >= 0 ? { wanted: Number(wanted), said: Number(said) } : undefined)

/** @type {import('../types.js').Panel} */
export const confusion = {
  name: NAME,
  title: english('Confusion'),
  question: english('what is taken for what'),
  suits: (run) => run.task !== undefined && kindOf(run) !== 'number' && !readsSource(run),
  choices: { wanted: -1, said: -1 },
  asks: (_, choices) => [{ name: 'confusion', options: { cell: cellOf(choices) } }],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('What does it take for what?'))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const worst = createPhrase(words.appendChild(element('p')))
    const examples = words.appendChild(element('p', { class: 'examples' }))
    words.append(element('p', { class: 'how' }, t('Each row is an answer that was wanted, each column one that was said; on the diagonal it was right. Blue is right and orange wrong, the deeper the larger its share of the row. Precision: of all that were said so, how many were right. Recall: of all that were wanted so, how many were found. F1 is their harmonic mean. Press a number for examples.')))
    const head = element('tr', {}, element('td'))
    const body = element('tbody')
    figure.append(element('div', { class: 'matrix' }, element('table', {}, element('caption', {}, t('wanted downwards, said across')), element('thead', {}, head), body)))
    const heads = pool(head, () => element('th', { scope: 'col' }))
    const rows = pool(body, () => element('tr', {}, element('th', { scope: 'row' })))
    /** @type {WeakMap<Element, ReturnType<typeof createCells>>} */
    const cellsOf = new WeakMap()
    const choose = (/** @type {string} */ name, /** @type {number} */ value) => emit({ type: 'choose', panel: NAME, name, value })

    /** @param {Element} row @param {number} wanted */
    function createCells(row, wanted) {
      const cells = pool(row, () => {
        const node = element('td', {}, element('button', { click: () => { choose('wanted', wanted); choose('said', Number(node.dataset.said)) } }))
        return node
      })
      return cells
    }

    /** @param {Confusion} found @param {readonly string[]} names @param {Config} choices */
    function paint({ counts, classes }, names, choices) {
      const columns = heads(counts.length + METRICS.length)
      columns.forEach((node, k) => say(node, k < counts.length ? names[k] : metricLabel(METRICS[k - counts.length])))
      rows(counts.length).forEach((row, wanted) => {
        say(/** @type {Element} */ (row.firstElementChild), names[wanted])
        if (!cellsOf.has(row)) cellsOf.set(row, createCells(row, wanted))
        const cells = /** @type {ReturnType<typeof createCells>} */ (cellsOf.get(row))(counts.length + METRICS.length)
        const all = counts[wanted].reduce((sum, n) => sum + n, 0)
        cells.forEach((cell, k) => (k < counts.length
          ? paintCell(cell, k, { n: counts[wanted][k], of: all, right: k === wanted, chosen: Number(choices.wanted) === wanted && Number(choices.said) === k, words: t`${count(counts[wanted][k])} times ${names[wanted]} was wanted and ${names[k]} said` })
          : tell(cell, `${percent(classes[wanted][METRICS[k - counts.length]])} %`)))
      })
    }

    return {
      render(state, _, [answer], choices) {
        const { run } = state
        if (!run?.task) return
        if (answer?.name !== 'confusion' || !answer.result) return
        const { result } = answer
        const names = outputsOf(run)
        const wrong = worstOf(result.counts)
        const [share, all] = [{ strong: `${percent(result.metrics.accuracy)} %` }, count(result.counts.flat().reduce((sum, n) => sum + n, 0))]
        claim(phrase`Of ${all} answers, ${share} are right.`)
        worst(wrong ? phrase`Most often ${{ letter: names[wrong.wanted] }} is taken for ${{ letter: names[wrong.said] }}: ${count(wrong.n)} times.` : [t('None is wrong.')])
        paint(result, names, choices)
        list(state, result)
      },
      destroy() { root.replaceChildren() },
    }

    /** What is in the chosen cell. @param {State} state @param {Confusion} found */
    function list({ run }, { cell, examples: found }) {
      const names = run ? outputsOf(run) : []
      const key = JSON.stringify([cell, found])
      if (examples.dataset.key === key) return
      examples.dataset.key = key
      if (!cell || !run) return examples.replaceChildren()
      const buttons = found.map(({ sequence, step }) => element('button', { class: 'mini', click: () => { emit({ type: 'pan', from: sequence }); if (step >= 0) emit({ type: 'step', value: step }) } },
        isOnce(run) ? t`sequence ${sequence + 1}` : t`sequence ${sequence + 1}, step ${step + 1}`))
      const title = found.length ? t`${names[cell.said]} instead of ${names[cell.wanted]}, to see above:` : t`There is none of ${names[cell.wanted]} that is said to be ${names[cell.said]}.`
      examples.replaceChildren(found.length && cell.said === cell.wanted ? t`${names[cell.wanted]}, as it should be, to see above:` : title, ...buttons.flatMap((button) => [' ', button]))
    }
  },
}

/** @param {Element} cell @param {string} text */
function tell(cell, text) {
  const button = /** @type {HTMLElement} */ (cell.firstElementChild)
  button.toggleAttribute('disabled', true)
  say(button, text)
}

/** @param {HTMLElement} cell @param {number} said @param {{ n: number, of: number, right: boolean, chosen: boolean, words: string }} what */
function paintCell(cell, said, { n, of, right, chosen, words }) {
  const button = /** @type {HTMLElement} */ (cell.firstElementChild)
  const { background, text } = shade('value', (right ? 1 : -1) * (of ? n / of : 0))
  cell.dataset.said = String(said)
  button.toggleAttribute('disabled', false)
  button.style.background = background
  button.style.color = text
  button.setAttribute('aria-label', words)
  button.setAttribute('aria-pressed', String(chosen))
  say(button, count(n))
}

/** What is confused most often. @param {readonly (readonly number[])[]} counts */
function worstOf(counts) {
  const wrong = counts.flatMap((row, wanted) => row.map((n, said) => ({ n, wanted, said }))).filter(({ n, wanted, said }) => n > 0 && wanted !== said)
  return wrong.sort((a, b) => b.n - a.n)[0]
}
