/** While the page is hidden, its title tells how far training is; and on return it says if the browser has held it back. */
import { count, plain } from './draw/numbers.js'
import { t } from './language/index.js'
import { roundOf } from './state.js'

const LONG = 5000 // ms away, before anything is said
const HELD_BACK = 3 // times slower
const EACH = 1000 // ms between two titles

/** @typedef {import('./types.js').State} State */

/**
 * Rounds per second, over the last few seconds.
 * @param {number} [memory]  ms
 */
function createPace(memory = 5000) {
  /** @type {{ round: number, now: number }[]} */
  let seen = []
  return {
    /** @param {number} round @param {number} now  ms */
    note(round, now) {
      if (seen.length && round < seen[seen.length - 1].round) seen = []
      seen = [...seen.filter((each) => now - each.now < memory), { round, now }]
    },
    forget() { seen = [] },
    /** None where too little is known. */
    get rate() {
      const [first, last] = [seen[0], seen.at(-1)]
      return first && last && last.now - first.now > 1000 ? 1000 * (last.round - first.round) / (last.now - first.now) : null
    },
  }
}

/**
 * @param {() => State} current
 * @param {import('./types.js').Emit} emit
 * @param {() => void} refresh  trains at the intervals of a page that is seen, or of one that is not
 */
export function createAway(current, emit, refresh) {
  const title = document.title
  const pace = createPace()
  let titled = 0
  /** @type {{ round: number, now: number, rate: number | null } | null} */
  let left = null

  function tell() {
    titled = performance.now()
    const state = current()
    document.title = state.training ? `▶ ${t`round ${count(roundOf(state))}`} · ${title.split(':')[0]}` : title
  }

  /** Trained all the time, at a speed that was known. @param {NonNullable<typeof left>} since */
  function compare({ round, now, rate }) {
    const away = performance.now() - now
    const slow = 1000 * (roundOf(current()) - round) / away
    if (!rate || away < LONG || slow < 0 || slow * HELD_BACK > rate || current().notice) return
    emit({
      type: 'notice', notice: {
        tone: 'note', text: t`While this tab was hidden, the browser let it train ${plain(Number(slow.toPrecision(2)))} rounds a second instead of ${plain(Number(rate.toPrecision(2)))}: keep it visible, in a window of its own, to train at full speed.`,
      },
    })
  }

  addEventListener('visibilitychange', () => {
    if (current().training) refresh()
    if (document.hidden) {
      left = current().training ? { round: roundOf(current()), now: performance.now(), rate: pace.rate } : null
      return tell()
    }
    document.title = title
    if (left && current().training) compare(left)
    left = null
    pace.forget()
  })

  return {
    /** @param {import('./types.js').Intent} intent */
    heed({ type }) {
      if (type === 'progress' && !document.hidden) pace.note(roundOf(current()), performance.now())
      if (['started', 'rate', 'pause', 'rewound'].includes(type)) { pace.forget(); left = null }
      if (document.hidden && (type === 'pause' || type === 'failed' || performance.now() - titled > EACH)) tell()
    },
  }
}
