/** Pairs of a source and its target that come from a list, of which a part is held out. */
import { RnnError } from '../engine/errors.js'
import { pairs, readPairs, UNKNOWN } from './pairs.js'
import { below, randomFrom, shuffled } from './random.js'
import { integer, real } from './task.js'

/** @typedef {import('./pairs.js').Alphabet} Alphabet */
/** @typedef {import('./pairs.js').Source} Source */
/** @typedef {import('./pairs.js').TextPair} TextPair */
/** @typedef {import('./task.js').Task} Task */
/** @typedef {import('./task.js').Values} Values */

/** A list by its sources, in their order, without what stands there twice. @param {readonly TextPair[]} list  @returns {TextPair[][]} */
function bySource(list) {
  /** @type {Map<string, Map<string, TextPair>>} */
  const sources = new Map()
  for (const pair of list) sources.set(pair[0], (sources.get(pair[0]) ?? new Map()).set(pair[1], pair))
  return Array.from(sources.values(), (targets) => [...targets.values()])
}

/**
 * A task of a list of pairs, or of one's own in its place. Of a source with several targets, the first is learned, and each is right.
 * @param {Parameters<typeof pairs>[0]} row
 * @param {readonly TextPair[]} list
 * @param {Parameters<typeof listed>[1]} how
 * @returns {Task}
 */
export function pairsOf(row, list, how) {
  const source = listed(bySource(list), how)
  const { reads, writes } = source.alphabet({})
  return { ...pairs(row, source), roles: ['source', 'target'], encoding: () => ({ reads, writes }), from: ownPairs(row, how) }
}

/** The same of a file of one's own. @param {Parameters<typeof pairs>[0]} row  @param {Parameters<typeof listed>[1]} how  @returns {(text: string) => Task} */
export const ownPairs = (row, how) => (text) => pairsOf(row, readPairs(text).map(({ pair }) => pair), how)

/** Of a list that is split: what is learned from and what is held out, by these two fields. */
export const SPLIT = [
  real('share', 0.1, 0.01, 0.9, 'Share of the pairs that is held out.'),
  integer('split', 1, 0, 4294967295, 'Seed of the choice which are held out.'),
]

/** By the length of the source, then of the target. @param {readonly TextPair[]} pairs  @param {Pick<Alphabet, 'split' | 'splitSource'>} cutting */
function byLength(pairs, { split, splitSource = split }) {
  const lengths = pairs.map((pair) => ({ pair, source: splitSource(pair[0]).length, target: split(pair[1]).length }))
  return lengths.sort((a, b) => a.source - b.source || a.target - b.target).map(({ pair }) => pair)
}

/**
 * Pairs of a list, split by chance: those of one source stay together, and the first of them is learned from. Symbols are those of all of it, sorted.
 * @param {readonly TextPair[][]} list  by source
 * @param {Pick<Alphabet, 'split' | 'splitSource'> & { alike?: number, glance?: number }} how
 *   alike: a batch is drawn from so many pairs that follow one another when they are sorted by their lengths, which saves padding;
 *   glance: so many sources of those held out are measured while it learns
 * @returns {Source}
 */
export function listed(list, { alike, glance, ...cutting }) {
  const [sources, targets] = [list.map(([[source]]) => (cutting.splitSource ?? cutting.split)(source)), list.flat().map(([, target]) => cutting.split(target))]
  const symbolsOf = (/** @type {string[][]} */ all) => [...new Set(all.flat())].sort()
  const longest = (/** @type {string[][]} */ all) => all.reduce((most, { length }) => Math.max(most, length), 0)
  const alphabet = { ...cutting, reads: [UNKNOWN, ...symbolsOf(sources)], writes: symbolsOf(targets), longestSource: longest(sources), longestTarget: longest(targets) }
  /** @type {{ key: string, held: TextPair[][], training: TextPair[] } | undefined} */
  let last
  /** @param {Values} values */
  const parts = ({ share, split }) => {
    const key = `${share} ${split}`
    if (last?.key === key) return last
    const count = Math.round(share * list.length)
    if (!count || count === list.length) throw new RnnError('invalid-text', `share ${share} of ${list.length} pairs holds out ${count ? 'all' : 'none'}`)
    const all = shuffled(randomFrom(split), list)
    const training = all.slice(count).map(([first]) => first)
    last = { key, held: all.slice(0, count), training: alike ? byLength(training, cutting) : training }
    return last
  }
  return {
    alphabet: () => alphabet,
    draw(random, values) {
      const { training } = parts(values)
      return training[below(random, training.length)]
    },
    ...(alike && {
      drawAlike(random, count, values) {
        const { training } = parts(values)
        const first = alike * Math.floor(below(random, training.length) / alike)
        const size = Math.min(alike, training.length - first)
        return Array.from({ length: count }, () => training[first + below(random, size)])
      },
    }),
    held: (values) => parts(values).held.flat(),
    ...(glance && { glance: (values) => parts(values).held.slice(0, glance).flat() }),
    counts(values) {
      const { training, held } = parts(values)
      return { pairs: training.length, heldOut: held.length, ...(glance && { measured: Math.min(glance, held.length) }) }
    },
  }
}
