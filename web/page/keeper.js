/** Holds the last copy of the run in memory: what there is to go on with when the worker goes. */

/** @typedef {import('./types.js').Intent} Intent */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./opening.js').Pending} Pending */

const EACH = 2000 // ms between two copies, at least
const SHARE = 50 // the time between two copies is this many times what one takes, at least
const SOON = 300 // ms after something was changed by hand

/** After these, what is there is not as it was, and may not train on. */
const BY_HAND = ['started', 'pause', 'single', 'edit', 'poke', 'scale', 'rewound']

/**
 * @param {() => State} current
 * @param {() => Promise<Pending>} copy  of the run as it is
 */
export function createKeeper(current, copy) {
  /** @type {Pending | null} */
  let last = null
  /** What is on its way. @type {Pending | null} */
  let coming = null
  let after = performance.now()
  let taking = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  /** A copy of now. @returns {Promise<Pending | null>} none while another run is being opened */
  async function take() {
    const { run, goal } = current()
    if (!run || current().opening) return null
    const began = performance.now()
    const taken = await copy()
    after = performance.now() + Math.max(EACH, SHARE * (performance.now() - began))
    if (current().opening || current().run?.parameters !== run.parameters) return null
    return last = { ...taken, ...(goal && { goal }) }
  }

  function takeSoon() {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (taking) return takeSoon()
      taking = true
      take().catch(() => {}).finally(() => { taking = false })
    }, SOON)
  }

  return {
    take,
    last: () => last,
    /** @param {Intent} intent */
    heed(intent) {
      if (intent.type === 'started') last = coming
      coming = current().pending
      if (BY_HAND.includes(intent.type)) takeSoon()
      if (intent.type !== 'progress' || taking || performance.now() < after) return
      taking = true
      take().catch(() => {}).finally(() => { taking = false })
    },
  }
}
