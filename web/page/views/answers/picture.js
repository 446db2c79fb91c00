/** A picture that is read in parts, rows or glimpses, and beside it what the network believes after each. */
import { answerAt } from '../../answers.js'
import { pool, put, say, shape } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { percent } from '../../draw/numbers.js'
import { t } from '../../language/index.js'

/** @typedef {import('../../../tasks/task.js').Window} Window */
/** @typedef {import('../../answers.js').Answer} Answer */

const HEIGHT = 96
const WIDTH = 300

/** Pixels that an answer needs to stand beside its bar. */
const ROOM = 10

/** Points in a row. @param {readonly Window[]} windows */
const acrossOf = (windows) => Math.max(...windows.map(({ x, width }) => x + width))

/** The ink of each point that has been read. @param {readonly Window[]} windows @param {readonly (Answer | null)[]} answers @param {number} across */
function inkOf(windows, answers, across) {
  /** @type {(number | null)[]} */
  const ink = new Array(across * Math.max(...windows.map(({ y, height }) => y + height))).fill(null)
  windows.forEach(({ x, y, width }, step) => answers[step] && Array.from(answers[step].numbers).forEach((value, i) => { ink[(y + Math.floor(i / width)) * across + x + i % width] = value }))
  return ink
}

/** @param {HTMLElement} root @param {import('../../types.js').Emit} emit @returns {import('./index.js').Face} */
export function createPicture(root, emit) {
  const svg = shape(root, 'svg', { class: 'figure picture-read', role: 'img', width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` })
  const title = shape(svg, 'title')
  const points = pool(shape(svg, 'g'), () => shape(null, 'rect'))
  const bars = pool(shape(svg, 'g'), () => shape(null, 'rect'))
  const words = pool(shape(svg, 'g'), () => shape(null, 'text'))
  const mark = shape(svg, 'rect', { class: 'marker-line' })
  /** @type {readonly Window[]} */
  let windows = []
  svg.addEventListener('pointerdown', (event) => {
    const { left, top } = svg.getBoundingClientRect()
    const side = HEIGHT / acrossOf(windows)
    const [x, y] = [Math.floor((event.clientX - left) / side), Math.floor((event.clientY - top) / side)]
    const within = windows.findIndex((window) => x >= window.x && x < window.x + window.width && y >= window.y && y < window.y + window.height)
    emit({ type: 'step', value: within >= 0 ? within : Math.max(0, Math.min(windows.length - 1, Math.floor((event.clientY - top) / (HEIGHT / windows.length)))) })
  })

  /** @param {readonly (Answer | null)[]} answers @param {number} step */
  function paintAnswers(answers, step) {
    const [each, signs] = [HEIGHT / answers.length, words(answers.length)]
    bars(answers.length).forEach((bar, i) => {
      const { share = 0, right = false, says = '' } = answers[i] ?? {}
      const height = Math.min(8, Math.max(1, each - 1))
      put(bar, { x: HEIGHT + 34, y: (i + 0.5) * each - height / 2, width: Math.max(1, 130 * (share || 0)), height })
      bar.style.fill = shade('value', share || 0).background
      put(signs[i], { x: HEIGHT + 12, y: Math.min(HEIGHT - 2, (i + 0.5) * each + 4), class: right ? 'strong' : 'soft' })
      signs[i].style.fontSize = `${each >= ROOM ? Math.min(12, each) : 12}px`
      say(signs[i], each >= ROOM || i === step ? says : '')
    })
  }

  return {
    paint({ step: picked }, run, frame) {
      windows = run.task?.windows ?? []
      const answers = windows.map((_, at) => (at < frame.inputs.length ? answerAt(run, frame, at) : null))
      const [across, step] = [acrossOf(windows), Math.min(picked, windows.length - 1)]
      const side = HEIGHT / across
      const ink = inkOf(windows, answers, across)
      points(ink.length).forEach((point, i) => {
        put(point, { x: i % across * side, y: Math.floor(i / across) * side, width: side, height: side, class: ink[i] === null ? 'unread' : 'ink' })
        point.style.opacity = ink[i] === null ? '' : String(Math.max(0.04, Math.min(1, ink[i])))
      })
      paintAnswers(answers, step)
      const { x, y, width, height } = windows[step]
      put(mark, { x: x * side, y: y * side, width: width * side, height: height * side })
      const told = answers.map((answer, at) => (answer?.says ? (width < across ? t`glimpse ${at + 1}: ${answer.says}, ${percent(answer.share)} %` : t`row ${at + 1}: ${answer.says}, ${percent(answer.share)} %`) : '')).filter((text) => text).join('; ')
      const last = answers[frame.inputs.length - 1]
      say(title, last ? t`A picture of ${last.wanted}. After ${told}` : '')
    },
  }
}
