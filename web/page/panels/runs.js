/** Runs: this network and those before it, their loss in one plot, and each to be begun again with the same settings. */
import { presets } from '../../presets.js'
import { element, pool, put, say, show } from '../draw/dom.js'
import { count, duration, fixed, plain } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { choiceLabel } from '../fields.js'
import { english, phrase, t } from '../language/index.js'
import { textOfPreset } from '../preset-text.js'
import { describeRun } from '../runs.js'
import { createFigure } from './figure.js'
import { createPlot } from './runs-plot.js'
import { createSwitch } from './switch.js'

/** @typedef {import('../runs.js').Kept} Kept */
/** @typedef {'rounds' | 'letters' | 'seconds'} Axis */

const HEADS = english(['', 'run', 'cell', 'layers × neurons', 'learning rate', 'seed', 'rounds', 'trained for', 'best, bits', ''])
/** Drawn unless one says otherwise. */
const DRAWN = 6

/** @param {number} nats */
const bits = (nats) => fixed(nats / Math.LN2)

/** @type {import('../types.js').Panel} */
export const runs = {
  name: 'runs',
  title: english('Runs'),
  question: english('this network and others'),
  suits: ({ task }) => !task,
  choices: { axis: 'rounds' },
  asks: () => [],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('This network and others'))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const axis = createSwitch(t('Compare at the same number of'), [['rounds', t('rounds')], ['letters', t('letters read')], ['seconds', t('seconds')]], (value) => emit({ type: 'choose', panel: 'runs', name: 'axis', value }))
    const where = element('p', { class: 'how' })
    words.append(element('p', {}, t('Lower is better. Compare runs on the same text, and at the same point, not at their ends:')), element('p', {}, axis.node), where)
    const plot = createPlot(figure)
    const body = element('tbody')
    const undo = element('button', { class: 'mini', click: () => emit({ type: 'unforget-run' }) }, t('Undo, bring it back'))
    const forgotten = element('span')
    const status = element('p', { class: 'undo', role: 'status' })
    root.append(element('div', { class: 'all-runs' }, element('table', {}, element('thead', {}, element('tr', {}, ...HEADS.map((head) => element('th', { scope: 'col' }, head && t(head))))), body), status))
    status.append(forgotten, ' ', undo)
    /** What is drawn or not, against the rule. @type {Map<string, boolean>} */
    const drawn = new Map()
    /** @type {readonly Kept[]} */
    let listed = []
    let redraw = () => {}
    const rows = pool(body, createRow)

    function createRow() {
      const at = () => listed[[...body.children].indexOf(row)]
      const box = element('input', { type: 'checkbox', change: () => { drawn.set(at().id, box.checked); redraw() } })
      const again = element('button', { class: 'mini', click: () => void begin(at()) }, t('begin again'))
      const forget = element('button', { class: 'mini', click: () => emit({ type: 'forget-run', id: at().id }) }, t('delete'))
      const row = element('tr', {}, element('td', {}, box), element('th', { scope: 'row' }), ...HEADS.slice(3).map(() => element('td')), element('td', { class: 'acts' }, again, forget))
      return row
    }

    /** The same network from its first weights. @param {Kept} run */
    async function begin({ preset, label, text, config, sampling, rate }) {
      try {
        const found = text ?? (preset === 'own' ? '' : await textOfPreset(preset))
        if (found || presets[preset].task) emit({ type: 'open', pending: { preset, label, text: found, config, sampling, rate } })
        else emit({ type: 'notice', notice: { tone: 'note', text: t`${label} was too long to keep. Give it to Data once more, then choose these settings.`, remedy: { label: t('Open Data'), intent: { type: 'drawer', name: 'data' } } } })
      } catch (error) {
        emit({ type: 'failed', training: false, notice: { tone: 'error', text: t`The text could not be read: ${error instanceof Error ? error.message : String(error)}. Check the connection, then try again.` } })
      }
    }

    return {
      render(state, _, __, choices) {
        const now = describeRun(state, '')
        listed = [...(now ? [now] : []), ...state.runs.list.filter((run) => !now || !sameRun(run, now) || run.rounds > now.rounds)]
        const chosen = /** @type {Axis} */ (choices.axis)
        const isDrawn = (/** @type {Kept} */ run, /** @type {number} */ i) => drawn.get(run.id) ?? i < DRAWN
        redraw = () => plot.render(listed.map((run, i) => ({ run, number: i + 1, drawn: isDrawn(run, i), current: run === now })), chosen)
        axis.set(chosen)
        redraw()
        const alike = listed.filter(({ label, made }) => label === state.label && (made.tokens ?? 'characters') === state.run?.vocabulary.tokens)
        const best = alike.reduce((a, b) => (b.best < a.best ? b : a), alike[0])
        const label = { letter: state.label }
        const reached = { strong: t`${now ? bits(now.best) : ''} bits` }
        if (!now) claim([t('This network has not been trained yet.')])
        else if (alike.length === 1) claim(phrase`This network has come down to ${reached} a letter. It is the only run on ${label} so far.`)
        else if (best === now) claim(phrase`This network has come down to ${reached} a letter, the lowest of ${String(alike.length)} runs on ${label}.`)
        else claim(phrase`This network has come down to ${reached} a letter; run ${String(listed.indexOf(best) + 1)} reached ${{ strong: bits(best.best) }} on ${label}.`)
        say(where, state.runs.kept === false ? t('This browser keeps nothing here: the list lasts until the page is closed.') : t('Settings and curves are kept in this browser, on this computer only; the last 60 runs.'))
        const best2 = best?.best
        rows(listed.length).forEach((row, i) => {
          const run = listed[i]
          const { made } = run
          const rest = [
            choiceLabel(String(made.cell)), `${made.layers} × ${made.hidden}`, plain(Number(made.learningRate)), String(made.seed), count(run.rounds), duration(run.seconds), bits(run.best),
          ]
          const box = /** @type {HTMLInputElement} */ (row.children[0].children[0])
          box.checked = isDrawn(run, i)
          put(box, { 'aria-label': t`run ${i + 1} in the plot` })
          say(row.children[1], `${i + 1}  ${run === now ? t`this one, ${run.label}` : run.label}`)
          rest.forEach((text, j) => say(row.children[j + 2], text))
          row.classList.toggle('current', run === now)
          row.children[8].classList.toggle('best', run.best === best2)
          const [again, forget] = /** @type {HTMLButtonElement[]} */ ([...row.children[9].children])
          show(again, run !== now)
          show(forget, run !== now)
          again.disabled = state.opening
          put(again, { 'aria-label': t`begin again run ${i + 1}` })
          put(forget, { 'aria-label': t`delete run ${i + 1}` })
        })
        say(forgotten, state.runs.forgotten ? t`A run of ${state.runs.forgotten.label} is deleted.` : '')
        show(undo, state.runs.forgotten !== null)
      },
      destroy() { root.replaceChildren() },
    }
  },
}

/** @param {Kept} a @param {Kept} b */
const sameRun = (a, b) => a.label === b.label && a.preset === b.preset && JSON.stringify(a.made) === JSON.stringify(b.made)
