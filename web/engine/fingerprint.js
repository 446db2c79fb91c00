/** A fingerprint of bytes: 53 bits of cyrb53 (bryc, public domain), written with 11 digits and letters. It tells mistakes, not forgeries. */

/** @param {Iterable<Uint8Array>} parts */
export function fingerprint(parts) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (const bytes of parts) {
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i], 2654435761)
      b = Math.imul(b ^ bytes[i], 1597334677)
    }
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0')
}

/** A long text is asked about again and again. */
let last = { text: '', print: '' }

/** @param {string} text */
export function fingerprintOf(text) {
  if (last.text !== text || !last.print) last = { text, print: fingerprint([new TextEncoder().encode(text)]) }
  return last.print
}
