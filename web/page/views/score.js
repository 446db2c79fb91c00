/** The score: chooses the drawing that suits the network and the width, and makes a new one when either changes. */
import { element } from '../draw/dom.js'
import { drawingFor } from '../drawing.js'
import { createVanilla } from './score/vanilla.js'

/** @typedef {import('../types.js').CreateView} CreateView */
/** @typedef {import('../types.js').View} View */
/** The others come with below.js. @type {Partial<Record<import('../drawing.js').Drawing, CreateView>>} */
export const drawings = { vanilla: createVanilla }

/** @type {CreateView} */
export function createScore(root, emit) {
  /** @type {View | null} */
  let view = null
  let width = 0
  let kind = ''

  return {
    render(state, frame) {
      const create = state.run && drawings[drawingFor(state.run, state.width)]
      if (!state.run || !create) return
      if (structure(state.run, state.width) !== kind || width !== state.width) {
        width = state.width
        kind = structure(state.run, width)
        view?.destroy()
        const child = element('div', { class: 'drawing' })
        root.replaceChildren(child)
        view = create(child, emit)
      }
      view?.render(state, frame)
    },
    destroy() { view?.destroy(); root.replaceChildren() },
  }
}

/** What a drawing is built for: a new network of the same shape with the same letters keeps it. @param {import('../types.js').Run} run @param {number} width */
const structure = (run, width) => [drawingFor(run, width), run.config.cell, run.config.hidden, run.config.layers, run.config.bidirectional, run.config.layerNorm, run.plan.steps, run.plan.length, run.vocabulary.symbols.join('')].join(' ')
