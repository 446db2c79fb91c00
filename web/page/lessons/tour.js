/**
 * The tour: ten things to do with the real controls, on "hello". Each says what to do, which control it is about, what is
 * so now, and when it has been done, all read from the state of the page and from the network.
 */
import { fixed, percent, three } from '../draw/numbers.js'
import { rightIn } from '../words/bet.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../draw/phrase.js').Part} Part */
/**
 * @typedef {object} Stop
 * @property {Part[]} task
 * @property {string} target     selector of the control
 * @property {(state: State, frame: Frame | null) => boolean} done
 * @property {(state: State, frame: Frame | null) => string} now   in words, with the live value
 * @property {string} insight    said once it is done
 */

/** What it bets at a step. @param {State} state @param {Frame | null} frame @param {number} t */
function betAt(state, frame, t) {
  const symbols = state.run?.vocabulary.symbols ?? []
  if (!frame || t >= frame.inputs.length) return ''
  const { shape, data } = frame.values.p
  const V = shape[shape.length - 1]
  return `It reads ${symbols[frame.inputs[t]]} and bets ${percent(data[t * V + frame.targets[t]])} % on ${symbols[frame.targets[t]]}, the right answer.`
}

/** @param {State} state */
const rounds = (state) => `Round ${state.progress?.iteration ?? 0}.`

/** @type {readonly Stop[]} */
export const stops = [
  {
    task: ['It learns by itself. Press the round button to ', { strong: 'pause' }, ' it.'], target: '.play',
    done: ({ training, run }) => !training && run !== null, now: (state) => `${rounds(state)} It is ${state.training ? 'learning' : 'standing still'}.`,
    insight: 'Everything on the page is of one moment now: the same network, with the same numbers.',
  },
  {
    task: ['Letters run across, one step each. Drag the yellow column to the ', { strong: 'first step' }, '.'], target: '.time input',
    done: ({ step, held }) => held && step === 0, now: (state, frame) => betAt(state, frame, state.step),
    insight: 'At the first step it remembers nothing yet: all that it bets comes from one letter.',
  },
  {
    task: ['Both ', { letter: 'l' }, '’s look the same when they are read. Drag the column to the ', { strong: 'last step' }, ', the second ', { letter: 'l' }, '.'], target: '.time input',
    done: ({ step, run, held }) => held && run !== null && step === run.plan.steps - 1, now: (state, frame) => betAt(state, frame, state.step),
    insight: 'What it reads is the same, what it remembers is not. That is the whole idea: the state tells them apart.',
  },
  {
    task: ['Press ', { strong: 'backward' }, ' to see how each neuron is to blame for the errors.'], target: '#ruler .switch button:last-child',
    done: ({ direction }) => direction === 'backward', now: ({ direction }) => (direction === 'backward' ? 'Blame flows from right to left.' : 'Numbers flow from left to right.'),
    insight: 'Blame comes from the bets and flows back through the same connections. That is backpropagation through time.',
  },
  {
    task: ['Press ', { strong: 'train' }, ' and let it learn until all four letters are right.'], target: '.play',
    done: (_, frame) => frame !== null && rightIn(frame) === frame.targets.length, now: (state, frame) => `${rounds(state)} ${frame ? rightIn(frame) : 0} of 4 are right.`,
    insight: 'Each round it reads the word, takes the blame, and moves every weight a little against it.',
  },
  {
    task: ['It writes by drawing from its bets. Drag the ', { strong: 'temperature' }, ' above 1.5.'], target: '.temperature',
    done: ({ sampling }) => sampling.temperature > 1.5, now: ({ sampling, sample }) => `At ${fixed(sampling.temperature)} it writes “${sample?.text ?? ''}”.`,
    insight: 'Heat flattens the bets, cold sharpens them: the network is the same, only the dice are not.',
  },
  {
    task: ['The loss curve is all of its training. Drag its handle back to ', { strong: 'round 12' }, ' or before.'], target: '.curve-box',
    done: ({ progress, curve, training }) => !training && (curve.iterations.at(-1) ?? 0) > 12 && (progress?.iteration ?? Infinity) <= 12, now: (state) => `${rounds(state)} The loss is ${three(state.progress?.loss ?? NaN)}.`,
    insight: 'Everything is as it was then, to the last bit. Train again and it learns the same way again.',
  },
  {
    task: ['How far should each correction go? Drag the ', { strong: 'learning rate' }, ' to 1 or more, then train on.'], target: '.knobs',
    done: ({ run, progress }) => Number(run?.config.learningRate) >= 1 && (progress?.iteration ?? 0) > 12, now: (state) => `${rounds(state)} The loss is ${three(state.progress?.loss ?? NaN)}, and pure guessing has 1.39.`,
    insight: 'Steps that are too long jump over the valley. The curve says so: it leaps instead of falling.',
  },
  {
    task: ['Open Settings, choose ', { strong: 'GRU' }, ' or ', { strong: 'LSTM' }, ' as the cell, and make this network.'], target: '.bar button:last-child',
    done: ({ run }) => ['gru', 'lstm'].includes(String(run?.config.cell)), now: ({ run, edits }) => `The cell is ${edits.cell ?? run?.config.cell}.`,
    insight: 'Bars are gates: a gap lets through, solid ink shuts. Gates let a memory pass unchanged, so blame fades less.',
  },
  {
    task: ['Below, in ', { strong: 'Why the past fades' }, ', drag the spectral radius to 0.5 and watch the blame die.'], target: '#lessons section',
    done: ({ chosen }) => Number(chosen.fading?.radius ?? 1) <= 0.5, now: ({ chosen }) => `A radius of ${fixed(Number(chosen.fading?.radius ?? 0.8))}.`,
    insight: 'A factor below one, multiplied again and again, leaves nothing. That is why gradients vanish.',
  },
]
