/** The transport: train or pause, one round, begin again; speed and learning rate; the loss curve; the figures. */
import { element, icon, put, say } from '../draw/dom.js'
import { createSpin } from '../draw/spin.js'
import { count, plain, pointed, short, three } from '../draw/numbers.js'
import { english, t } from '../language/index.js'
import { roundOf } from '../state.js'
import { createLossCurve } from './loss-curve.js'

const PLAY = 'M3.5 1.5L14 8L3.5 14.5Z'
const PAUSE = 'M3 2h3.6v12H3zM9.4 2H13v12H9.4z'
const FIGURES = english(['round', 'letters/s', 'loss, nats', 'loss, bits', 'gradient', 'clipped at'])
const TASK_FIGURES = english(['round', 'steps/s', 'loss', 'held out', 'gradient', 'clipped at'])
/** Above this many rounds per second there is no limit. */
const FULL = 1000

/** @param {number} v */
const writeRate = (v) => (v > FULL ? t('full') : `${v < 10 ? pointed(String(Number(v.toFixed(1)))) : Math.round(v)}/s`)

/** @type {import('../types.js').CreateView} */
export function createTransport(root, emit) {
  const play = icon(PLAY)
  const train = element('button', { class: 'play', click: () => emit({ type: training ? 'pause' : 'train' }) }, play.svg, element('span', { class: 'word' }))
  const step = element('button', { class: 'icon', 'aria-label': t('One round'), title: t('One round'), click: () => emit({ type: 'single' }) }, icon('M2 2l8 6-8 6zM12 2h2v12h-2z').svg)
  const again = t('Reset to the same first weights')
  const reset = element('button', { class: 'icon', 'aria-label': again, title: again, click: () => emit({ type: 'reset' }) }, icon('M14 2l-8 6 8 6zM2 2h2v12H2z').svg)
  const speed = createSpin({
    label: t('speed, rounds per second'), minimum: 0.25, maximum: FULL * 1.2, logarithmic: true, format: writeRate,
    parse: (text) => (/^\s*(full|max)/i.test(text) || text.trim() === t('full') ? FULL * 1.2 : Number(text.replace(/\/s\s*$/, '').replace(',', '.').trim() || NaN)),
    change: (value) => emit({ type: 'rate', value: value > FULL ? Infinity : value }),
  })
  const learningRate = createSpin({
    label: t('learning rate'), minimum: 1e-6, maximum: 10, logarithmic: true, format: plain, change: (value) => emit({ type: 'edit', field: 'learningRate', value }),
  })
  const curve = element('div', { class: 'curve-box' })
  const names = Array.from({ length: FIGURES.length }, () => element('dt'))
  const cells = names.map(() => element('b'))
  root.append(
    train, step, reset,
    element('div', { class: 'knobs' }, element('span', { class: 'soft' }, t('speed')), speed.node, element('span', { class: 'soft' }, t('learning rate')), learningRate.node),
    curve,
    element('dl', { class: 'figures' }, ...names.map((name, i) => element('div', {}, name, element('dd', {}, cells[i])))),
  )
  const lossCurve = createLossCurve(curve, emit)
  let training = false
  /** Space trains and pauses, wherever nothing else wants it. @param {KeyboardEvent} event */
  const space = (event) => {
    if (event.key !== ' ' || event.target !== document.body || train.disabled) return
    event.preventDefault()
    train.click()
  }
  document.addEventListener('keydown', space)

  return {
    render(state, frame) {
      const { progress, run } = state
      training = state.training
      put(play.outline, { d: training ? PAUSE : PLAY })
      const label = training ? t('Pause training') : t('Train')
      if (train.getAttribute('aria-label') !== label) { train.setAttribute('aria-label', label); train.title = label }
      for (const button of [train, step, reset]) button.disabled = run === null || state.opening
      speed.set(Number.isFinite(state.rate) ? state.rate : FULL * 1.2)
      learningRate.set(Number(run?.config.learningRate ?? state.config.learningRate))
      const clip = run?.config.clip === 'none' ? t('off') : run ? plain(Number(run.config.clipAt)) : '–'
      const figures = run?.task ? TASK_FIGURES : FIGURES
      const third = () => progress ? three(run?.task ? state.validation.losses.at(-1) ?? NaN : progress.loss / Math.LN2) : '–'
      const texts = progress
        ? [count(progress.iteration), perSecond(progress.charactersPerSecond / (run?.charactersPerSymbol ?? 1)), three(progress.loss), third(), three(progress.gradientNorm), clip]
        : [count(roundOf(state)), '–', '–', '–', '–', clip]
      texts.forEach((text, i) => { say(names[i], t(figures[i])); say(cells[i], text) })
      lossCurve.render(state, frame)
    },
    destroy() { document.removeEventListener('keydown', space); lossCurve.destroy(); root.replaceChildren() },
  }
}

/** @param {number} symbols */
const perSecond = (symbols) => (symbols >= 1e4 ? short(symbols) : count(symbols))
