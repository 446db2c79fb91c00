/** Attention: what encoder and decoder keep, and how much each step of what is written looks at each step of what was read. */
import { answerAt, readsSource } from '../answers.js'
import { indexOf, shade, tableFor } from '../draw/colour.js'
import { element, pool, put, say, show } from '../draw/dom.js'
import { glyph, percent } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from './figure.js'

/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Run} Run */
/** @typedef {import('../types.js').Tensor} Tensor */

const NAME = 'attention'

/** A share is written in its tile from here on. */
const TOLD = 0.05

/** A pixel for each unit and step. @param {HTMLElement} parent @param {string} title */
function createStates(parent, title) {
  const canvas = element('canvas', { role: 'img' })
  const caption = element('span', { class: 'verb' })
  parent.append(element('div', {}, canvas, caption))
  const context = canvas.getContext('2d')
  return (/** @type {readonly Tensor[]} */ parts, /** @type {number} */ steps) => {
    const units = parts.reduce((sum, { shape }) => sum + shape[2], 0)
    if (canvas.width !== steps || canvas.height !== units) put(canvas, { width: steps, height: units })
    const image = new ImageData(steps, units)
    const pixels = new Uint32Array(image.data.buffer)
    const table = tableFor('value')
    let first = 0
    for (const { shape: [, , H], data } of parts) {
      for (let step = 0; step < steps; step++) for (let u = 0; u < H; u++) pixels[(first + u) * steps + step] = table[indexOf(data[step * H + u])].pixel
      first += H
    }
    context?.putImageData(image, 0, 0)
    say(caption, title)
    put(canvas, { 'aria-label': `${title}: ${units} × ${steps}` })
  }
}

/** What the last layer of the encoder keeps, in each direction. @param {Run} run @param {Frame} frame */
function sourceStates({ config }, { values }) {
  const name = `source.h_l${Number(config.layers) - 1}`
  return [name, `${name}_reverse`].flatMap((one) => (values[one] ? [values[one]] : []))
}

/** What the decoder begins with. @param {Run} run @param {Frame} frame @returns {Tensor} */
function handedOn({ config }, { values }) {
  const { shape, data } = values[`initial_h_l${Number(config.layers) - 1}`]
  return { shape: [1, 1, shape[1]], data }
}

/** How much a step looks at each step of its source. @param {Frame} frame @param {number} step */
function sharesAt({ values: { attention }, rewritten }, step) {
  if (!attention || !rewritten) return []
  const S = attention.shape[2]
  return Array.from(attention.data.subarray(step * S, step * S + rewritten.source.length))
}

/** @type {import('../types.js').Panel} */
export const attention = {
  name: NAME,
  title: english('Attention'),
  question: english('where each step looks'),
  suits: readsSource,
  choices: {},
  asks: () => [],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Where does it look?'))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const teacher = createSpin({
      label: t('share of the inputs that are the truth'), minimum: 0, maximum: 1, step: 0.05, format: (value) => `${percent(value)} %`, parse: (text) => Number(text.replace('%', '')) / 100,
      change: (value) => emit({ type: 'edit', field: 'teacherForcing', value }),
    })
    createPhrase(words.appendChild(element('p')))(phrase`In training, ${{ node: teacher.node }} of what it reads of its own text is the truth; the rest is what it has just said itself.`)
    words.append(element('p', { class: 'how' }, t('Each row is a step of what is written, each column a step of what was read: the bluer a tile, the more the step looks there. A row adds up to 100 %. Above are the states of the encoder, which reads, what it hands on, and the states of the decoder, which begins with that and writes: a row for each unit.')))
    const strips = figure.appendChild(element('div', { class: 'halves' }))
    const encoder = createStates(strips, t('the encoder reads'))
    const between = createStates(strips, t('handed on'))
    const decoder = createStates(strips, t('the decoder writes'))
    const head = element('tr', {}, element('td'))
    const body = element('tbody')
    const matrix = element('div', { class: 'matrix looks' }, element('table', {}, element('caption', {}, t('written downwards, read across')), element('thead', {}, head), body))
    figure.append(matrix)
    const heads = pool(head, () => element('th', { scope: 'col' }))
    const rows = pool(body, () => element('tr', {}, element('th', { scope: 'row' })))
    /** @type {WeakMap<Element, (count: number) => HTMLElement[]>} */
    const cellsOf = new WeakMap()

    /** @param {Run} run @param {Frame} frame @param {number} picked */
    function paint(run, frame, picked) {
      const source = frame.rewritten?.source ?? []
      heads(source.length).forEach((node, s) => say(node, glyph(source[s])))
      rows(frame.inputs.length).forEach((row, step) => {
        say(/** @type {Element} */ (row.firstElementChild), answerAt(run, frame, step).says)
        row.classList.toggle('picked', step === picked)
        if (!cellsOf.has(row)) cellsOf.set(row, pool(row, () => element('td')))
        const shares = sharesAt(frame, step)
        const cells = /** @type {(count: number) => HTMLElement[]} */ (cellsOf.get(row))(shares.length)
        shares.forEach((share, s) => {
          const { background, text } = shade('value', share)
          Object.assign(cells[s].style, { background, color: text })
          say(cells[s], share >= TOLD ? percent(share) : '')
        })
      })
    }

    return {
      render({ run, step }, frame) {
        if (!run || !frame?.rewritten) return
        teacher.set(Number(run.config.teacherForcing))
        const { source } = frame.rewritten
        encoder(sourceStates(run, frame), source.length)
        between([handedOn(run, frame)], 1)
        decoder([frame.values[`h_l${Number(run.config.layers) - 1}`]], frame.inputs.length)
        const picked = Math.min(step, frame.inputs.length - 1)
        const shares = sharesAt(frame, picked)
        show(matrix, shares.length > 0)
        if (!shares.length) return claim([t('It looks nowhere: of what was read, it knows only the state at its end. Choose attention in Settings.')])
        const most = shares.indexOf(Math.max(...shares))
        claim(phrase`To say ${{ letter: answerAt(run, frame, picked).says }} in step ${String(picked + 1)}, it looks at ${{ letter: glyph(source[most]) }} with ${{ strong: `${percent(shares[most])} %` }}.`)
        paint(run, frame, picked)
      },
      destroy() { root.replaceChildren() },
    }
  },
}
