/** Spectrum: the eigenvalues of the recurrent weights around the unit circle, within which what is remembered fades. */
import { put, say, shape, element, pool } from '../draw/dom.js'
import { fixed } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createFigure } from './figure.js'

const SIZE = 420

/** @type {import('../types.js').Panel} */
export const spectrum = {
  name: 'spectrum',
  title: 'Spectrum',
  question: 'will it fade or blow up',
  choices: { layer: 0 },
  asks: (_, { layer }) => [{ name: 'eigenvalues', options: { layer: Number(layer) } }],

  create(root) {
    const { words, figure } = createFigure(root, 'Does the past fade or blow up?')
    const verdict = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    words.append(element('p', {}, 'At each step the state is multiplied by the same matrix. Along its directions it grows or shrinks by its eigenvalues: within the circle what is remembered fades, outside it blows up.'))
    const svg = shape(figure, 'svg', { class: 'figure', role: 'img', viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}` })
    const title = shape(svg, 'title')
    const circle = shape(svg, 'circle', { class: 'unit-circle' })
    const points = pool(shape(svg, 'g'), () => shape(null, 'circle', { class: 'eigenvalue', r: 5 }))
    return {
      render(_, __, [answer]) {
        if (answer?.name !== 'eigenvalues' || !answer.result) return
        const { real, imaginary, radius } = answer.result
        const scale = (SIZE / 2 - 16) / Math.max(1.1, radius)
        put(circle, { r: scale })
        points(real.length).forEach((point, i) => put(point, { cx: scale * real[i], cy: -scale * imaginary[i] }))
        verdict(['The largest is ', { strong: fixed(radius) }, ' from zero: ', radius < 1 ? 'the past fades.' : 'the past may blow up.'])
        say(title, `${real.length} eigenvalues of the recurrent weights; the largest is ${fixed(radius)} from zero.`)
      },
      destroy() { root.replaceChildren() },
    }
  },
}
