/** Runs: this network and those before it, their loss in one plot, and each to be begun again with the same settings. */
import { presets } from '../../presets.js'
import { element, pool, put, say, show } from '../draw/dom.js'
import { count, duration, plain } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { choiceLabel } from '../fields.js'
import { english, phrase, t } from '../language/index.js'
import { unitOf } from '../loss-unit.js'
import { textOfPreset } from '../preset-text.js'
import { describeRun } from '../runs.js'
import { TASKS, tellMetric, titleOf } from '../words/tasks.js'
import { createFigure } from './figure.js'
import { createPlot } from './runs-plot.js'
import { createSwitch } from './switch.js'

/** @typedef {import('../runs.js').Kept} Kept */
/** @typedef {'rounds' | 'letters' | 'seconds'} Axis */

const HEADS = english(['', 'run', 'cell', 'layers × neurons', 'learning rate', 'seed', 'rounds', 'trained for', 'lowest loss', 'held out', ''])
/** Drawn unless one says otherwise. */
const DRAWN = 6

/** Its lowest loss, in its unit. @param {Kept} run */
const lowest = ({ made, best }) => unitOf(made).write(best)

/** @type {import('../types.js').Panel} */
export const runs = {
  name: 'runs',
  title: english('Runs'),
  question: english('this network and others'),
  choices: { axis: 'rounds' },
  asks: () => [],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('This network and others'))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const axis = createSwitch(t('Compare at the same number of'), [['rounds', t('rounds')], ['letters', t('letters read')], ['seconds', t('seconds')]], (value) => emit({ type: 'choose', panel: 'runs', name: 'axis', value }))
    const where = element('p', { class: 'how' })
    const apart = element('p', { class: 'how' }, t('Bits and squared errors have no common scale: only runs with the same kind of loss as this one are drawn.'))
    words.append(element('p', {}, t('Lower is better. Compare runs on the same text or task, and at the same point, not at their ends:')), element('p', {}, axis.node), apart, where)
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
    async function begin({ preset, label, text, lost, config, sampling, rate }) {
      try {
        const found = text ?? await textOfPreset(preset)
        if (found || (presets[preset].task && !lost)) emit({ type: 'open', pending: { preset, label, text: found, config, sampling, rate } })
        else emit({ type: 'notice', notice: { tone: 'note', text: tooLong({ preset, label }), remedy: { label: t('Open Data'), intent: { type: 'drawer', name: 'data' } } } })
      } catch (error) {
        emit({ type: 'failed', training: false, notice: { tone: 'error', text: t`The text could not be read: ${error instanceof Error ? error.message : String(error)}. Check the connection, then try again.` } })
      }
    }

    return {
      render(state, _, __, choices) {
        const now = describeRun(state, '')
        listed = [...(now ? [now] : []), ...state.runs.list.filter((run) => !now || !sameRun(run, now) || run.rounds > now.rounds)]
        const chosen = /** @type {Axis} */ (choices.axis)
        const unit = unitOf(state.run?.config ?? {})
        const alike = listed.filter(({ made }) => unitOf(made) === unit)
        const isDrawn = (/** @type {Kept} */ run) => alike.includes(run) && (drawn.get(run.id) ?? alike.indexOf(run) < DRAWN)
        redraw = () => plot.render(listed.map((run, i) => ({ run, number: i + 1, drawn: isDrawn(run), current: run === now })), chosen, unit)
        axis.set(chosen)
        redraw()
        show(apart, alike.length < listed.length)
        const title = titleOf(state)
        const cutAs = (/** @type {import('../types.js').Config | undefined} */ made) => made?.tokens ?? 'characters'
        const same = alike.filter((run) => titleOf(run) === title && cutAs(run.made) === cutAs(state.run?.config))
        const best = same.reduce((a, b) => (b.best < a.best ? b : a), same[0])
        const label = { letter: title }
        const reached = { strong: now ? lowest(now) : '' }
        if (!now) claim([t('This network has not been trained yet.')])
        else if (same.length === 1) claim(phrase`The loss of this network has come down to ${reached}. It is the only run on ${label} so far.`)
        else if (best === now) claim(phrase`The loss of this network has come down to ${reached}, the lowest of ${String(same.length)} runs on ${label}.`)
        else claim(phrase`The loss of this network has come down to ${reached}; that of run ${String(listed.indexOf(best) + 1)} on ${label} came to ${{ strong: lowest(best) }}.`)
        say(where, state.runs.kept === false ? t('This browser keeps nothing here: the list lasts until the page is closed.') : t('Settings and curves are kept in this browser, on this computer only; the last 60 runs.'))
        const best2 = best?.best
        rows(listed.length).forEach((row, i) => {
          const run = listed[i]
          const { made, measured } = run
          const rest = [
            choiceLabel(String(made.cell)), `${made.layers} × ${made.hidden}`, plain(Number(made.learningRate)), String(made.seed), count(run.rounds), duration(run.seconds), lowest(run),
            measured ? tellMetric(...measured) : '',
          ]
          const box = /** @type {HTMLInputElement} */ (row.children[0].children[0])
          box.checked = isDrawn(run)
          box.disabled = !alike.includes(run)
          put(box, { 'aria-label': t`run ${i + 1} in the plot` })
          say(row.children[1], `${i + 1}  ${run === now ? t`this one, ${titleOf(run)}` : titleOf(run)}`)
          rest.forEach((text, j) => say(row.children[j + 2], text))
          row.classList.toggle('current', run === now)
          row.children[8].classList.toggle('best', run.best === best2)
          const [again, forget] = /** @type {HTMLButtonElement[]} */ ([.../** @type {Element} */ (row.lastElementChild).children])
          show(again, run !== now)
          show(forget, run !== now)
          again.disabled = state.opening
          put(again, { 'aria-label': t`begin again run ${i + 1}` })
          put(forget, { 'aria-label': t`delete run ${i + 1}` })
        })
        say(forgotten, state.runs.forgotten ? t`A run of ${titleOf(state.runs.forgotten)} is deleted.` : '')
        show(undo, state.runs.forgotten !== null)
      },
      destroy() { root.replaceChildren() },
    }
  },
}

/** What to do where one's own text, or table, is gone. @param {{ preset: string, label: string }} run */
function tooLong({ preset, label }) {
  const task = presets[preset].task && t(TASKS[preset][0])
  return task ? t`${label} was too long to keep. Choose ${task}, give it to Data once more, then choose these settings.` : t`${label} was too long to keep. Give it to Data once more, then choose these settings.`
}

/** @param {Kept} a @param {Kept} b */
const sameRun = (a, b) => a.label === b.label && a.preset === b.preset && JSON.stringify(a.made) === JSON.stringify(b.made)
