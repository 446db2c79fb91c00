/**
 * Why the past fades. Blame that flows back is multiplied by the same matrix at each step: by about ρ^k after k steps, where ρ
 * is its spectral radius (Bengio et al. 1994; Pascanu et al. 2013). Beside it, what the network above measures of itself.
 */
import { element, pool, put, say, shape } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { capital, fixed, inWords, pointed } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { columnsFor } from '../drawing.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from '../panels/figure.js'
import { power } from './power.js'

/** @typedef {import('../draw/phrase.js').Part} Part */

const NAME = 'fading'
/** The figure, in its own units; decades above and below 1. */
const [WIDTH, HEIGHT, LEFT, GROUND, DECADES] = [648, 330, 52, 296, 6]
const MOST_STEPS = 40
const [LEAST, MOST] = [0.1, 3]

/** @param {number} factor */
const heightOf = (factor) => GROUND / 2 - (GROUND / 2 / DECADES) * Math.max(-DECADES, Math.min(DECADES, Math.log10(factor)))
/** @param {number} steps */
const pitch = (steps) => (WIDTH - LEFT) / (steps + 1)

/** @param {number} factor */
function verdict(factor) {
  if (factor < 0.02) return t('almost nothing of the past is left.')
  if (factor < 0.5) return t('the past fades.')
  if (factor <= 2) return t('it comes back about as it went.')
  return factor < 100 ? t('it grows.') : t('it explodes.')
}

/** What the network above says of it. @param {Part} round @param {number | null} radius @param {number} steps @param {number} factor  by which a nudge arrives after them @returns {Part[]} */
function ownWords(round, radius, steps, factor) {
  const arrives = { strong: fixed(factor ?? 1, factor < 0.01 ? 5 : 2) }
  const really = steps < 1 ? [] : steps === 1 ? phrase`a nudge one step before really arrives multiplied by at most ${arrives}.` : phrase`a nudge ${inWords(steps)} steps before really arrives multiplied by at most ${arrives}.`
  if (radius === null) return phrase`In the network above, at round ${round}, gates take part: ${really.length ? really : t('one letter is too few to tell.')}`
  const alone = { strong: fixed(radius ** steps) }
  const would = steps < 1 ? [] : steps === 1 ? phrase`One step of it alone would give about ${alone}; ${really}` : phrase`${capital(inWords(steps))} steps of it alone would give about ${alone}; ${really}`
  return [
    ...phrase`In the network above, at round ${round}, the spectral radius is ${{ strong: fixed(radius) }}.`, ' ', ...would,
    ' ', t('The missing part is the nonlinearity: where a neuron is close to its end its slope is close to 0, and little gets through.'),
  ]
}

/** @type {import('../types.js').Panel & { next: readonly string[] }} */
export const fading = {
  name: NAME,
  title: english('Why the past fades'),
  question: english('one matrix, again and again'),
  choices: { radius: 0.8, steps: 20 },
  next: ['gradients', 'gates', 'neurons', 'spectrum', 'clipping'],

  asks: ({ run, from, width }) => [
    ...(run?.config.cell === 'vanilla' ? [{ name: /** @type {const} */ ('eigenvalues'), options: { layer: 0 } }] : []),
    { name: 'jacobians', options: { from, length: run ? Math.min(MOST_STEPS, columnsFor(run, width)) : 1 } },
  ],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Why the past fades'))
    const choose = (/** @type {string} */ name, /** @type {number} */ value) => emit({ type: 'choose', panel: NAME, name, value })
    const radiusSpin = createSpin({ label: t('spectral radius'), minimum: LEAST, maximum: MOST, step: 0.01, format: (v) => fixed(v), change: (value) => choose('radius', value) })
    const stepsSpin = createSpin({ label: t('steps back'), minimum: 1, maximum: MOST_STEPS, whole: true, format: String, change: (value) => choose('steps', value) })
    const own = element('p')
    const tellOwn = createPhrase(own)
    const use = element('button', { class: 'mini', click: () => { if (measured) choose('radius', Number(measured.toFixed(2))) } }, t('Use the network’s own value'))
    const back = element('button', { class: 'mini', click: () => { emit({ type: 'direction', value: 'backward' }); document.getElementById('score')?.scrollIntoView({ behavior: 'smooth' }) } }, t('← backward'))
    const claim = element('p', { class: 'claim' })
    const tellClaim = createPhrase(claim)
    const watch = element('p')
    createPhrase(watch)(phrase`Scroll back up and press ${{ node: back }} to watch the blame flow from right to left.`)
    words.prepend(element('p', { class: 'how' }, t('Lesson 1')))
    words.append(
      element('p', {}, t('To learn, the network asks each neuron how much it is to blame for a wrong answer, and hands that blame back through time. At every step back, the blame passes through the same matrix once more.')),
      claim, own, element('p', {}, use), watch,
    )

    const svg = shape(figure, 'svg', { class: 'figure', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' })
    const title = shape(svg, 'title')
    for (let d = -DECADES; d <= DECADES; d += 2) {
      const y = heightOf(10 ** d)
      shape(svg, 'path', { class: d === 0 ? 'one' : 'ground', d: `M${LEFT} ${y}H${WIDTH}` })
      power(shape(svg, 'text', { class: 'soft', x: LEFT - 10, y: y + 4, 'text-anchor': 'end' }), d)
    }
    shape(svg, 'text', { class: 'aside', x: LEFT + 8, y: heightOf(10 ** DECADES) + 18 }, t('above the line it explodes, below it vanishes'))
    const bars = pool(shape(svg, 'g'), () => shape(null, 'rect'))
    const line = shape(svg, 'path', { class: 'halo-line' })
    const path = shape(svg, 'path', { class: 'curve' })
    const dots = pool(shape(svg, 'g'), () => shape(null, 'circle', { class: 'measured', r: 4 }))
    const ticks = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'soft middle', y: HEIGHT - 14 }))
    const handle = shape(svg, 'rect', { class: 'handle', width: 24, height: 20, rx: 5 })
    figure.append(element('p', { class: 'how' }, t('Gradient after k steps back, on a logarithmic scale. Drag the handle. Dots: measured in the network above, the largest factor by which a nudge of its state k steps before can arrive.')))

    let dragging = false
    let steps = 20
    /** @type {number | null} */
    let measured = null
    /** Sideways for the steps, up and down for the radius. @param {PointerEvent} event */
    function drag(event) {
      if (!dragging) return
      const box = svg.getBoundingClientRect()
      const x = ((event.clientX - box.left) / box.width) * WIDTH
      const y = ((event.clientY - box.top) / box.height) * HEIGHT
      const to = Math.max(1, Math.min(MOST_STEPS, Math.round((x - LEFT) / pitch(steps) - 0.5)))
      const factor = 10 ** ((GROUND / 2 - y) / (GROUND / 2 / DECADES))
      if (to !== steps && Math.abs(to - steps) <= 3) choose('steps', to)
      choose('radius', Math.max(LEAST, Math.min(MOST, Number((factor ** (1 / to)).toFixed(2)))))
    }
    handle.addEventListener('pointerdown', (event) => {
      dragging = true
      handle.setPointerCapture(event.pointerId)
      event.preventDefault()
    })
    handle.addEventListener('pointermove', drag)
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) handle.addEventListener(end, () => { dragging = false })

    return {
      render(state, _, answers, choices) {
        const radius = Number(choices.radius)
        steps = Number(choices.steps)
        radiusSpin.set(radius)
        stepsSpin.set(steps)
        const factor = radius ** steps
        const outcome = { strong: factor >= 0.001 && factor < 1000 ? pointed(String(Number(factor.toPrecision(3)))) : factor.toExponential(0).replace('e-', '\u2009×\u200910^−').replace('e+', '\u2009×\u200910^') }
        tellClaim(phrase`With a spectral radius of ${{ node: radiusSpin.node }}, a gradient is multiplied by about ${outcome} after ${{ node: stepsSpin.node }} steps: ${verdict(factor)}`)
        const wide = pitch(steps)
        bars(steps + 1).forEach((bar, k) => {
          const top = heightOf(radius ** k)
          put(bar, { x: LEFT + k * wide + 0.75, y: Math.min(top, GROUND), width: wide - 1.5, height: Math.max(0, GROUND - top) })
          bar.style.fill = shade('gradient', Math.min(1, radius ** k)).background
        })
        ticks(Math.floor(steps / 5) + 1).forEach((tick, i) => { put(tick, { x: LEFT + (5 * i + 0.5) * wide }); say(tick, String(5 * i)) })
        put(handle, { x: LEFT + (steps + 0.5) * wide - 12, y: heightOf(factor) - 10 })

        const eigenvalues = answers.find(({ name }) => name === 'eigenvalues')
        const jacobians = answers.find(({ name }) => name === 'jacobians')
        const norms = jacobians?.name === 'jacobians' && jacobians.result ? Array.from(jacobians.result.spectral).reverse().slice(0, steps + 1) : []
        const x = (/** @type {number} */ k) => LEFT + (k + 0.5) * wide
        const d = norms.map((norm, k) => `${k ? 'L' : 'M'}${x(k)} ${heightOf(norm)}`).join('')
        put(line, { d })
        put(path, { d })
        dots(norms.length).forEach((dot, k) => put(dot, { cx: x(k), cy: heightOf(norms[k]) }))
        measured = eigenvalues?.name === 'eigenvalues' ? eigenvalues.result?.radius ?? null : null
        use.hidden = measured === null || measured < LEAST || measured > MOST
        const last = norms.length - 1
        tellOwn(ownWords({ strong: String(state.progress?.iteration ?? 0) }, measured, last, norms[last]))
        say(title, `${t`A spectral radius of ${fixed(radius)} multiplies a gradient by ${pointed(factor.toPrecision(2))} after ${steps} steps.`} ${own.textContent}`)
      },
      destroy() { root.replaceChildren() },
    }
  },
}
