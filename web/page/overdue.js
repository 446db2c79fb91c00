/**
 * A worker that hangs says nothing, and no event tells of it: what it takes to train is known from its own pace, and the
 * answer is overdue when it takes many times as long. Only time in which the page itself was not kept waiting counts, so
 * that a busy, sleeping or hidden computer is no reason.
 */
import { t } from './language/index.js'

const TICK = 100 // ms
const LATE = 5 * TICK // sooner than a hidden page is called

const UNKNOWN = 600 // ticks for an answer, until the pace is known, or where unseen text is looked at now and then
const ANSWERS = 10 // then it is
const LEAST = 15
const FACTOR = 10
const MEMORY = 0.98 // what is left of a slow answer with each that is not

/** @typedef {{ id: number, name: string, options: unknown }} Asked */

/**
 * Counts ticks. What is watched decides what a round of training takes.
 * @returns {(asked: Asked | undefined, onTime: boolean, uneven: boolean) => boolean} whether the answer is overdue
 */
export function createPatience() {
  /** @type {unknown} */
  let watch
  let [id, answers, slowest, waited] = [0, 0, 0, 0]
  return (asked, onTime, uneven) => {
    if (asked?.name !== 'train') { waited = 0; return false }
    const now = /** @type {{ watch: unknown }} */ (asked.options).watch
    if (now !== watch) [watch, id, answers, slowest, waited] = [now, asked.id, 0, 0, 0]
    else if (asked.id !== id) [id, answers, slowest, waited] = [asked.id, answers + asked.id - id, Math.max(slowest * MEMORY, waited), 0]
    else if (onTime) waited++
    return waited > (answers < ANSWERS || uneven ? Math.max(UNKNOWN, FACTOR * slowest) : LEAST + FACTOR * slowest)
  }
}

/**
 * @param {() => { readonly asked: Asked | undefined, end(why: string): void } | undefined} trainer
 * @param {() => boolean} uneven  whether some answers take much longer than others
 */
export function watchForHanging(trainer, uneven) {
  const isOverdue = createPatience()
  let last = performance.now()
  setInterval(() => {
    const now = performance.now()
    const onTime = now - last < LATE
    last = now
    const current = trainer()
    if (isOverdue(current?.asked, onTime, uneven())) current?.end(t('it did not answer any more'))
  }, TICK)
}
