/**
 * The tour: ten things to do with the real controls, on "hello". Each says what to do, which control it is about, what is
 * so now, and when it has been done, all read from the state of the page and from the network.
 */
import { fixed, percent, three } from '../draw/numbers.js'
import { choiceLabel } from '../fields.js'
import { english, phrase, t } from '../language/index.js'
import { rightIn } from '../words/bet.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../draw/phrase.js').Part} Part */
/**
 * @typedef {object} Stop
 * @property {() => Part[]} task
 * @property {string} target     selector of the control
 * @property {(state: State, frame: Frame | null) => boolean} done
 * @property {(state: State, frame: Frame | null) => string} now   in words, with the live value
 * @property {string} insight    said once it is done
 */

/** What it bets at a step. @param {State} state @param {Frame | null} frame */
function betAt({ run, step }, frame) {
  const symbols = run?.vocabulary.symbols ?? []
  if (!frame || step >= frame.inputs.length) return ''
  const { shape, data } = frame.values.p
  const V = shape[shape.length - 1]
  return t`It reads ${symbols[frame.inputs[step]]} and bets ${percent(data[step * V + frame.targets[step]])} % on ${symbols[frame.targets[step]]}, the right answer.`
}

/** @param {string} text */
const strong = (text) => ({ strong: text })

/** @param {State} state */
const rounds = (state) => t`Round ${state.progress?.iteration ?? 0}.`

/** @type {readonly Stop[]} */
export const stops = [
  {
    task: () => phrase`It learns by itself. Press the round button to ${strong(t('pause'))} it.`, target: '.play',
    done: ({ training, run }) => !training && run !== null, now: (state) => `${rounds(state)} ${state.training ? t('It is learning.') : t('It is standing still.')}`,
    insight: english('Everything on the page is of one moment now: the same network, with the same numbers.'),
  },
  {
    task: () => phrase`Letters run across, one step each. Drag the yellow column to the ${strong(t('first step'))}.`, target: '.time input',
    done: ({ step, held }) => held && step === 0, now: (state, frame) => betAt(state, frame),
    insight: english('At the first step it remembers nothing yet: all that it bets comes from one letter.'),
  },
  {
    task: () => phrase`Both ${{ letter: 'l' }}’s look the same when they are read. Drag the column to the ${strong(t('last step'))}, the second ${{ letter: 'l' }}.`, target: '.time input',
    done: ({ step, run, held }) => held && run !== null && step === run.plan.steps - 1, now: (state, frame) => betAt(state, frame),
    insight: english('What it reads is the same, what it remembers is not. That is the whole idea: the state tells them apart.'),
  },
  {
    task: () => phrase`Press ${strong(t('backward'))} to see how each neuron is to blame for the errors.`, target: '#ruler .switch button:last-child',
    done: ({ direction }) => direction === 'backward', now: ({ direction }) => (direction === 'backward' ? t('Blame flows from right to left.') : t('Numbers flow from left to right.')),
    insight: english('Blame comes from the bets and flows back through the same connections. That is backpropagation through time.'),
  },
  {
    task: () => phrase`Press ${strong(t('train'))} and let it learn until it gets all four right.`, target: '.play',
    done: (_, frame) => frame !== null && rightIn(frame) === frame.targets.length, now: (state, frame) => `${rounds(state)} ${t`${frame ? rightIn(frame) : 0} of 4 are right.`}`,
    insight: english('Each round it reads the word, takes the blame, and moves every weight a little against it.'),
  },
  {
    task: () => phrase`It writes by drawing from its bets. Drag the ${strong(t('temperature'))} above ${fixed(1.5, 1)}.`, target: '.temperature',
    done: ({ sampling }) => sampling.temperature > 1.5, now: ({ sampling, sample }) => t`At ${fixed(sampling.temperature)} it writes “${sample?.text ?? ''}”.`,
    insight: english('Heat flattens the bets, cold sharpens them: the network is the same, only the dice are not.'),
  },
  {
    task: () => phrase`The loss curve is all of its training. Drag its handle back to ${strong(t('round 12'))} or before.`, target: '.curve-box',
    done: ({ progress, curve, training }) => !training && (curve.iterations.at(-1) ?? 0) > 12 && (progress?.iteration ?? Infinity) <= 12, now: (state) => `${rounds(state)} ${t`The loss is ${three(state.progress?.loss ?? NaN)}.`}`,
    insight: english('Everything is as it was then, to the last bit. Train again and it learns the same way again.'),
  },
  {
    task: () => phrase`How far should each correction go? Drag the ${strong(t('learning rate'))} to 1 or more, then train on.`, target: '.knobs',
    done: ({ run, progress }) => Number(run?.config.learningRate) >= 1 && (progress?.iteration ?? 0) > 12, now: (state) => `${rounds(state)} ${t`The loss is ${three(state.progress?.loss ?? NaN)}, and pure guessing has ${fixed(Math.log(4))}.`}`,
    insight: english('Steps that are too long jump over the valley. The curve says so: it leaps instead of falling.'),
  },
  {
    task: () => phrase`Open Settings, choose ${strong('GRU')} or ${strong('LSTM')} as the cell, and make this network.`, target: '.bar button:last-child',
    done: ({ run }) => ['gru', 'lstm'].includes(String(run?.config.cell)), now: ({ run, edits }) => t`The cell is ${choiceLabel(String(edits.cell ?? run?.config.cell))}.`,
    insight: english('Bars are gates: a gap lets through, solid ink shuts. Gates let a memory pass unchanged, so blame fades less.'),
  },
  {
    task: () => phrase`Below, in ${strong(t('Why the past fades'))}, drag the spectral radius to ${fixed(0.5, 1)} and watch the blame die.`, target: '#lessons section',
    done: ({ chosen }) => Number(chosen.fading?.radius ?? 1) <= 0.5, now: ({ chosen }) => t`A radius of ${fixed(Number(chosen.fading?.radius ?? 0.8))}.`,
    insight: english('A factor below one, multiplied again and again, leaves nothing. That is why gradients vanish.'),
  },
]
