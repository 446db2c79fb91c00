/**
 * A worker that hangs says nothing, and no event tells of it: what it takes to train is known from its own pace, and the
 * answer is overdue when it takes many times as long. Only time in which the page itself was not kept waiting counts, so
 * that a busy, sleeping or hidden computer is no reason.
 */
import { t } from './language/index.js'

const TICK = 100 // ms
const LATE = 5 * TICK // sooner than a hidden page is called

const UNKNOWN = 600 // ticks for an answer, until the pace is known, or where what is held out is looked at now and then
const ANSWERS = 10 // then it is
const LEAST = 15
const FACTOR = 10 // times what answers take
const FACTOR_OF_SLOWEST = 3 // something else may have been loaded, compiled or looked at meanwhile
const MEMORY = 50 // answers
const STRAY = 2 // of them may be as slow as that

/** @typedef {{ readonly id: number, readonly name: string, readonly options: unknown }} Request */
/** @typedef {{ readonly asked: Request | undefined, readonly answered: Request | undefined, end(why: string): void }} Worker */

/** What a round of training takes depends on what is watched. @param {Request | undefined} request */
const watchOf = (request) => request?.name === 'train' ? /** @type {{ watch: object }} */ (request.options).watch : undefined

/**
 * Counts ticks.
 * @returns {(worker: Pick<Worker, 'asked' | 'answered'>, onTime: boolean, uneven: boolean) => boolean} whether the answer is overdue
 */
export function createPatience() {
  /** @type {object | undefined} */
  let watch
  let [asked, answered, answers, waited] = [0, 0, 0, 0]
  /** Ticks that the last answers took. @type {number[]} */
  let took = []

  /** @param {object} now */
  function turnTo(now) {
    if (now !== watch) [watch, answers, took] = [now, 0, []]
  }

  /** @param {number} id */
  function learn(id) {
    answers += answers ? id - answered : 1
    answered = id
    took = [id === asked ? waited : 0, ...took].slice(0, MEMORY)
  }

  return (worker, onTime, uneven) => {
    const [past, now] = [watchOf(worker.answered), watchOf(worker.asked)]
    if (past && worker.answered && worker.answered.id !== answered) {
      turnTo(past)
      learn(worker.answered.id)
    }
    if (!now || worker.asked?.id !== asked) [asked, waited] = [worker.asked?.id ?? 0, 0]
    else if (onTime) waited++
    if (!now) return false
    turnTo(now)
    const slow = [...took].sort((a, b) => b - a)
    const patience = Math.max(FACTOR * (slow[STRAY] ?? 0), FACTOR_OF_SLOWEST * (slow[0] ?? 0))
    return waited > (answers < ANSWERS || uneven ? Math.max(UNKNOWN, patience) : LEAST + patience)
  }
}

/**
 * @param {() => Worker | undefined} trainer
 * @param {() => boolean} [uneven]  whether some answers take much longer than others
 * @returns {() => void} to look no more
 */
export function watchForHanging(trainer, uneven = () => false) {
  const isOverdue = createPatience()
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const onTime = now - last < LATE
    last = now
    const current = trainer()
    if (current && isOverdue(current, onTime, uneven())) current.end(t('it did not answer any more'))
  }, TICK)
  return () => clearInterval(timer)
}
