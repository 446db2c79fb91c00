/**
 * Grapheme to phoneme: from its letters, how an English word is said, by the CMU Pronouncing Dictionary. Stress is left out. Of a word
 * with several pronunciations the first is learned, and each is right.
 */
import { ownPairs, pairsOf, SPLIT } from './pair-list.js'
import { REVERSED } from './pairs.js'
import { unread } from './task.js'

const ITERATIONS = 2500

/** @type {Parameters<typeof pairsOf>[0]} */
const ROW = {
  name: 'cmudict', label: 'the letters of an English word become its phonemes', goal: { metric: 'errorRate', atMost: 0.15, iterations: ITERATIONS }, between: ' ', betweenSources: '', fields: SPLIT,
  config: { attention: 'additive', sourceBidirectional: true, schedule: 'cosine', scheduleSteps: ITERATIONS },
}

const HOW = { splitSource: (/** @type {string} */ word) => [...word.toLowerCase()], split: (/** @type {string} */ phonemes) => phonemes.split(' '), alike: 1024, glance: 500 }

/** What else an entry may have: digits, dots, hyphens. */
const SPELLED = /^[a-z']+$/

/** @param {string} text  a line for each pronunciation: a word, a tab, phonemes  @returns {import('./task.js').Task} */
function read(text) {
  const entries = text.trim().split('\n').map((line) => /** @type {[string, string]} */ (line.split('\t')))
  const kept = entries.filter(([word]) => SPELLED.test(word))
  const task = pairsOf(ROW, kept, HOW)
  const leftOut = new Set(entries.map(([word]) => word)).size - new Set(kept.map(([word]) => word)).size
  return { ...task, counts: (values) => ({ ...task.counts?.(values), leftOut }) }
}

export const pronunciation = unread({ ...ROW, shape: 'sequence-to-sequence', fields: [...SPLIT, REVERSED], from: ownPairs(ROW, HOW) }, 'cmudict.txt', read)
