/** The address tells of what is there also after a setting or how it writes was changed by hand. */

/** @typedef {import('./types.js').State} State */

const EACH = 500 // ms between two changes of the address, at least; browsers refuse more than a few hundred a minute

/** @param {State} state */
const told = ({ config, sampling }) => [config, sampling]

/**
 * @param {() => State} current
 * @param {() => Promise<{ address(): void }>} sharing
 */
export function createAddress(current, sharing) {
  let before = told(current())
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  return {
    /** @param {import('./types.js').Intent} intent */
    heed({ type }) {
      const now = told(current())
      const changed = now.some((value, i) => value !== before[i])
      before = now
      if (!changed || !['edit', 'sampling', 'again'].includes(type)) return
      timer ??= setTimeout(() => {
        timer = undefined
        if (!current().opening && !current().goal) void sharing().then((sharing) => sharing.address())
      }, EACH)
    },
  }
}
