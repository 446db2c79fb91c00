/** "It answers", in place of "it writes" where a task is learned: one sequence that is held out, and what the network says to it. */
import { isOnce, kindOf, readsSource } from '../../answers.js'
import { element, say } from '../../draw/dom.js'
import { t } from '../../language/index.js'
import { createCaptioned } from './captioned.js'
import { createDrawn } from './drawn.js'
import { createFrames } from './frames.js'
import { createNumberAtEnd } from './number.js'
import { replyTo } from './own.js'
import { createPad, placeOf } from './pad.js'
import { createPicture } from './picture.js'
import { createPlot } from './plot.js'
import { createRewritten } from './rewritten.js'
import { createRows } from './rows.js'
import { createSentence, tagsOf } from './sentence.js'
import { createTagged } from './tagged.js'
import { createVerdict } from './verdict.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Run} Run */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {import('../../types.js').Inspection} Inspection */
/** What shows the answers of one shape. @typedef {{ paint(state: State, run: Run, frame: Frame, answers: readonly Inspection[]): void, destroy?(): void }} Face */

const NAME = 'answers'

/** From this many numbers of a step on, each step is a picture. */
const PICTURE = 4

/** By the shape of the answers. @param {Run} run @returns {(root: HTMLElement, emit: import('../../types.js').Emit) => Face} */
function faceOf(run) {
  const frames = run.config.input === 'vector' && Number(run.config.inputSize) >= PICTURE && kindOf(run) === 'class'
  if (run.task?.corners) return createPad
  if (run.task?.across) return createDrawn
  if (run.task?.sourceAcross) return createCaptioned
  if (run.task?.sentences) return createSentence
  if (readsSource(run)) return createRewritten
  if (isOnce(run)) return kindOf(run) === 'number' ? createNumberAtEnd : run.task?.windows ? createPicture : createVerdict
  if (frames) return createFrames
  return { number: createPlot, flag: createTagged, class: createRows }[kindOf(run)]
}

/** Whether it is of a series, which can go on freely. @param {Run} run */
const isSeries = (run) => run.task !== undefined && kindOf(run) === 'number' && !isOnce(run)

/** @param {State} state @returns {readonly import('../../types.js').Question[]} */
function questionsOf(state) {
  const { run, from } = state
  if (run?.task?.sentences) return tagsOf(state, NAME)
  const place = run?.task?.corners && placeOf(state)
  if (place) return [{ name: 'point', options: { source: [...place] }, asker: NAME }]
  if (run?.task?.replies) return replyTo(state, NAME)
  return run && isSeries(run) ? [{ name: 'series', options: { sequence: from }, asker: NAME }] : []
}

/** @type {import('../../types.js').Below} */
export const answers = {
  id: 'writes',
  questionsOf,
  create(root, emit) {
    const body = element('div', { class: 'face' })
    let from = 0
    const another = element('button', { class: 'mini', click: () => emit({ type: 'pan', from: from + 1 }) }, t('another one'))
    const where = element('span', { class: 'soft' })
    const node = element('div', { class: 'answers' }, element('div', { class: 'label' }, element('span', { class: 'verb' }, t('it answers')), another, where), body)
    root.append(node)
    /** @type {Face | null} */
    let face = null
    let shown = /** @type {readonly unknown[]} */ ([])

    /** @param {Run} run */
    function build(run) {
      const key = [run.parameters, run.config.pool]
      if (face && key.every((value, i) => value === shown[i])) return
      shown = key
      face?.destroy?.()
      body.replaceChildren()
      face = faceOf(run)(body, emit)
    }

    return {
      render(state, frame, told) {
        const { run } = state
        root.classList.toggle('answering', run?.task !== undefined)
        if (!run?.task) return
        const { sequences } = run.task
        from = state.from + 1 < sequences ? state.from : -1
        say(where, t`${state.from + 1} of ${sequences} that it never learns from`)
        build(run)
        if (frame && frame.inputs.length) face?.paint(state, run, frame, told.filter(({ asker }) => asker === NAME))
      },
      destroy() {
        face?.destroy?.()
        node.remove()
        root.classList.remove('answering')
      },
    }
  },
}
