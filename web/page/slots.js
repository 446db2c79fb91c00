/** Two places in IndexedDB that are written in turn, each with a checksum: whatever happens to one, the other is whole. The text, which may be long, is written only when it changes. */
import { fingerprint, fingerprintOf } from '../engine/fingerprint.js'
import { isOwn, textOfPreset } from './preset-text.js'

/** @typedef {import('./opening.js').Pending} Pending */
/** @typedef {{ when: number, head: string, bytes: Uint8Array, print: string }} Slot   head: all but the weights and the text, as JSON */

const STORE = 'slots'
const SLOTS = ['a', 'b']
/** Longer texts, which come from files, lie there as in those: a value may have 133 MB in Chromium, and most texts are half as long so. */
const LONG = 1e6

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const finished = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve()
  transaction.onabort = () => reject(transaction.error)
})

/** @param {string} head @param {Uint8Array} bytes */
const checksum = (head, bytes) => fingerprint([new TextEncoder().encode(head), bytes])

export async function openSlots(name = 'unroll') {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  const database = await done(opening)
  const store = (/** @type {IDBTransactionMode} */ mode) => database.transaction(STORE, mode, { durability: 'relaxed' }).objectStore(STORE)
  let next = 0
  let textKept = ''

  /** @param {Slot} slot @returns {Promise<Pending>} */
  async function whole({ head, bytes, print }) {
    if (checksum(head, bytes) !== print) throw new Error('this copy is damaged')
    const { textPrint, brought, ...pending } = JSON.parse(head)
    const there = brought ? await done(store('readonly').get('text')) : await textOfPreset(pending.preset)
    const found = typeof there === 'string' ? there : new TextDecoder('utf-8', { ignoreBOM: true }).decode(there)
    if (fingerprintOf(found) !== textPrint) throw new Error('its text is not there')
    return { ...pending, rate: pending.rate ?? Infinity, text: found, saved: { ...pending.saved, bytes } }
  }

  return {
    /** The latest copy that is whole. @returns {Promise<Pending | null>} */
    async read() {
      /** @type {(Slot | undefined)[]} */
      const slots = await Promise.all(SLOTS.map((slot) => done(store('readonly').get(slot))))
      const [a, b] = slots.map((slot) => slot?.when ?? -1)
      next = a > b ? 1 : 0
      for (const slot of slots.filter((slot) => slot !== undefined).sort((a, b) => b.when - a.when)) {
        try {
          return await whole(slot)
        } catch { /* the other one may be whole */ }
      }
      return null
    },
    /** @param {Pending} pending  with the network in it */
    async write({ text, saved, ...rest }) {
      if (!saved) return
      const { bytes, ...past } = saved
      const textPrint = fingerprintOf(text)
      const brought = isOwn({ preset: rest.preset, text })
      const head = JSON.stringify({ ...rest, textPrint, brought, saved: past })
      const target = store('readwrite')
      if (brought && textPrint !== textKept) target.put(text.length > LONG ? new TextEncoder().encode(text) : text, 'text')
      target.put({ when: Date.now(), head, bytes, print: checksum(head, bytes) }, SLOTS[next])
      await finished(target.transaction)
      textKept = textPrint
      next = 1 - next
    },
  }
}
