/** What each view shows, in plain words: what its places and colours are, what to look for, and what to try. */
import { english } from './language/index.js'

/** @typedef {readonly [what: string, look: string, attempt: string]} Explanation */

/** @type {Readonly<Record<string, Explanation>>} */
export const explanations = english({
  vanilla: [
    'Each column is one letter. From top to bottom it is read, mixed with what the neurons remember from the column before, and turned into a bet on the next letter. Every tile is a number: blue is above zero, orange below, pale is close to zero.',
    'The same letter at two places leads to different bets only because the memory differs.',
    'Rest on a number to see the sum that it comes from, or press backward to see the blame for wrong bets flow to the left.',
  ],
  gated: [
    'Each column is one letter, and each neuron has a belt that carries its memory across. Coloured tiles are numbers, blue above zero and orange below. Black bars are gates: a gap lets through, solid ink shuts.',
    'A memory that keeps its colour from column to column is being held by its gate.',
    'Rest on a number to see the sum that it comes from, or press backward: blame fades less where a gate stays open.',
  ],
  folded: [
    'Each column is one letter and each thin row one neuron, since there are too many for numbers. Blue is above zero, orange below. At the bottom stand the likeliest next letter, the right one, and how surprising it was.',
    'Rows that change only at some letters have learned to notice something. High steps of surprise are where the text was hard to foresee.',
    'Drag the yellow handle at the left to another neuron, and the one below to another letter.',
  ],
  task: [
    'Each column is one step of a sequence, and each thin row one neuron. At the top stands what is read: a symbol, or numbers as colours. At the bottom stand what the network says, what it should say, and how wrong it was. Where nothing is asked, nothing counts.',
    'Rows that keep their colour across many steps hold something that is asked for later.',
    'Go on to another sequence with the arrow at the right, and drag the handle below to another step.',
  ],
  attention: [
    'At the top, the encoder reads a source from left to right, and the decoder writes another text: a pixel for each unit and step. Below, each row is a step of what is written, and shows how much it looks at each step of what was read.',
    'In Reversal the blue runs from the lower left to the upper right; in Dates it leaps to the year, the month and the day. Early in training it is spread over all.',
    'Lower the share of the truth and watch the two last lines of the answer above: what it writes alone comes closer to what it says when told.',
  ],
  confusion: [
    'All that is held out is answered, and counted: rows are what was wanted, columns what was said. On the diagonal the two agree. Precision, recall and F1 tell the same of each answer alone.',
    'Two answers that are taken for each other in both directions look alike to the network.',
    'Press a number off the diagonal, and then an example: the score shows where it went wrong.',
  ],
  series: [
    'Black is what comes. Blue is what the network foresaw of it, always from true numbers. From the yellow handle on, orange goes on freely: the network reads its own predictions.',
    'Small errors feed on themselves. A wave may keep its period and lose its height; a chaotic series is soon elsewhere.',
    'Drag the handle to an earlier step: the less it has read, the sooner it goes astray.',
  ],
  writes: [
    'The network writes by betting on the next letter, throwing dice that are loaded by its bets, reading what came, and betting again. The deeper the blue, the surer it was of a letter.',
    'Early in training it writes noise; first come common letters, then groups of them, then grammar.',
    'Press a letter to see what else it could have been. A low temperature always takes the best bet, a high one dares more.',
  ],
  curve: [
    'From left to right are rounds of training, upwards is the loss: how much what comes surprises the network on average, in nats. The dotted line is pure guessing. Below the axis stands what it wrote at that time.',
    'The curve should fall quickly, then slowly. If it leaps up, the learning rate is too high; if it hardly moves, too low.',
    'Drag the yellow handle back: everything is as it was then. Training goes on from there.',
  ],
  neurons: [
    'One neuron at a time: each letter of the text has the colour of what the neuron says on reading it, blue for plus and orange for minus.',
    'The list names what some neurons have come to follow, such as the place in the line. Nobody told them to. The closer r is to 1 or −1, the better the match.',
    'Choose another neuron, then hold it at a number and see how the writing changes.',
  ],
  gates: [
    'A gate is a number between 0, shut, and 1, open, that a neuron computes anew at every letter. Each dot is one neuron: to the right if the gate is often open, upwards if it is often shut.',
    'A forget gate that is almost always open makes a long memory; one that is almost always shut makes the neuron live in the moment.',
    'Choose a dot to see at which letters its gates open.',
  ],
  gradients: [
    'To learn, the network asks how much each earlier state is to blame for its last bet. From left to right are letters back in time; the height of a bar is what is left of the blame, and each line down is a tenth.',
    'Bars that sink from step to step mean that letters far back can hardly be learned from.',
    'Drag the yellow handle, or train a network of the other kind beside it and compare.',
  ],
  spectrum: [
    'The recurrent weights are applied once per letter, again and again. Each dot is an eigenvalue: its distance from the centre is the factor by which one direction of memory grows or shrinks per step.',
    'Inside the circle memory fades, outside it grows, and on it memory lasts. Dots off the horizontal axis also turn.',
    'Drag the yellow handle to stretch or shrink all of them, and see what it does to the loss.',
  ],
  sensitivity: [
    'One letter is nudged a little, and the bars show how much each bet from there on moves. The scale is logarithmic: each line down is a tenth.',
    'A high bar far to the right means that the network still uses a letter that it read long ago.',
    'Drag the yellow handle to another letter, such as the first of a sentence or of a line.',
  ],
  clipping: [
    'The map is the ground on which the network learns: each point is one setting of its weights, darker ink is more loss. The dot is where it stands, the line is the next step.',
    'Near a cliff the slope is so steep that a single step lands far away. Clipping shortens the step to a length that you choose.',
    'Drag the yellow end of the step, or look along two weights instead.',
  ],
  weights: [
    'All that the network has learned is in these numbers. Blue weights pass a signal on, orange ones turn it round, pale ones hardly count.',
    'A pale column belongs to something that is hardly listened to; a strong number on the diagonal of the memory is a neuron that listens to itself.',
    'Drag the yellow number, and see at once what it does to the loss. You can put it back.',
  ],
  runs: [
    'Each curve is a network that you have trained here: its loss, falling as it learns. Every power of ten takes the same width, so early and late rounds can both be seen.',
    'Compare where the curves end, but also how long they took: the axis can be rounds, letters or seconds.',
    'Change one setting, train again, and see which of the two is better. Begin again repeats a run exactly.',
  ],
  embeddings: [
    'Each point is a symbol that the network reads. What a symbol does to the network is a long row of numbers; the picture lays these rows flat, so that symbols with similar rows lie close together.',
    'At first all lie anywhere. While it learns, those that are used alike move together: vowels or verbs, digits, marks that end a sentence.',
    'Press a symbol to see its nearest neighbours, or find one by typing it.',
  ],
  sampling: [
    'What it writes is drawn from its bets, letter by letter. Each row is a letter that may come next at the place you pressed: the outline is its bet, the blue bar how often the letter comes once temperature and rules are applied.',
    'A few good letters and a long tail of bad ones: the tail spoils a text, since something from it comes again and again.',
    'Raise the temperature to 1.5 and read what it writes, then set the nucleus to 80 % and compare.',
  ],
  beam: [
    'A beam writes several texts at once and keeps only the likeliest ones. From left to right each tile is a letter, and branches that end were dropped since others were likelier.',
    'The likeliest text as a whole often begins with a letter that is not the likeliest one. Whoever is greedy misses it.',
    'Make the beam wider, and see whether a better text turns up.',
  ],
  surprise: [
    'A text that the network reads, each letter in the colour of how much it surprised: pale was foreseen, deep orange was not. The number is in bits, and what counts is its mean.',
    'Beginnings and rare names surprise most; within a word or a phrase, most of the rest is foreseen. On text that it never learned from, the mean tells how good the network is.',
    'Rest on a deep one to see what was expected instead. Then type a sentence of your own, and a second one with a mistake in it.',
  ],
  fading: [
    'Blame that flows back through time is multiplied by the same matrix at each step. Bars show what is left after that many steps, on a scale where each line is a factor of a hundred; dots are measured in the network above.',
    'A factor a little below one leaves nothing after twenty steps, a factor a little above one explodes.',
    'Drag the handle so that the bars stay level. That narrow path is why long memories are hard to learn without gates.',
  ],
})
