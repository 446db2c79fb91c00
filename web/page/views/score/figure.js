/** Makes a view of a drawing in SVG: built once for a network and a width, painted in place from then on. */
import { put, say, shape } from '../../draw/dom.js'
import { plainText } from '../../draw/phrase.js'
import { t } from '../../language/index.js'
import { reading } from '../../words/reading.js'

/** @typedef {import('../../types.js').Run} Run */
/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {{ height: number, paint(state: State, frame: Frame): void }} Figure */

/**
 * @param {(svg: SVGSVGElement, run: Run, width: number) => Figure} build
 * @returns {import('../../types.js').CreateView}
 */
export function figureView(build) {
  return (root) => {
    const svg = shape(root, 'svg', { class: 'figure', role: 'group' })
    const title = shape(svg, 'title')
    /** @type {Figure | null} */
    let figure = null
    let described = -Infinity
    return {
      render(state, frame) {
        if (!state.run) return
        if (!figure) {
          figure = build(svg, state.run, state.width)
          put(svg, { viewBox: `0 0 ${state.width} ${figure.height}`, width: state.width, height: figure.height })
        }
        if (!frame) return
        figure.paint(state, frame)
        if (!state.training || performance.now() - described > 2000) {
          described = performance.now()
          say(title, t`The network unrolled over ${frame.inputs.length} steps. ${plainText(reading(state, frame))}`)
        }
      },
      destroy() { root.replaceChildren() },
    }
  }
}
