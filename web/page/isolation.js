/** Threads share memory, which browsers allow in pages that are cross-origin isolated: by headers, or by a service worker that adds them. */
import * as assets from './assets.js'
import { english } from './language/index.js'

const MOST_THREADS = 64 // of an engine

const isolable = !assets.alone && !crossOriginIsolated && isSecureContext && 'serviceWorker' in navigator && !navigator.serviceWorker.controller
const shares = !assets.alone && crossOriginIsolated && typeof SharedArrayBuffer === 'function'

export const mostThreads = shares ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1

/** Why there are no more threads than one, as a sentence. */
export const whyOneThread = mostThreads > 1 ? ''
  : shares ? english('This computer has no more than one.')
    : isolable ? english('More than one need a page that is cross-origin isolated, as this one is from the next visit on.')
      : english('More than one need a page that is cross-origin isolated, which this one is not.')

/** A page cannot become isolated while it is open; nothing is reloaded, so the next visit is. */
export function isolateNextVisit() {
  if (isolable) navigator.serviceWorker.register(new URL('coi-serviceworker.js', document.baseURI)).catch(() => {})
}
