/** Mail that was asked for, or not: the SpamAssassin public corpus, read word by word from the subject on. */
import { fieldsOf, labelled, ownExamples, WORDS } from './labelled.js'
import { unread } from './task.js'

/** @type {Parameters<typeof labelled>[0]} */
const ROW = { name: 'spam', label: 'whether a mail is spam', goal: { metric: 'accuracy', atLeast: 0.95, iterations: 200 } }

const READING = { ...WORDS, config: { input: 'embedding', inputSize: 32, hidden: 32, batch: 32, learningRate: 0.005 } }

/** @param {string} text  a line for each mail: its class, a tab, what is read of it  @returns {import('./task.js').Task} */
function read(text) {
  const mails = text.trimEnd().split('\n').map((line) => /** @type {const} */ ([line.slice(line.indexOf('\t') + 1), line.slice(0, line.indexOf('\t'))]))
  return labelled(ROW, mails, READING)
}

export const spam = unread({ ...ROW, shape: 'many-to-one', fields: fieldsOf(READING), from: ownExamples(ROW, READING) }, 'spam.txt', read)
