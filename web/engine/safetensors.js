/** The caller's own strings in the header of a checkpoint. The core writes and checks all else. */
import { RnnError } from './errors.js'

/** What the core keeps under names of its own. */
const RESERVED = /^(format|version|iteration|symbols|random|config\..*|text\..*)$/

/**
 * Members of a JSON object, as the core wants them.
 * @param {Readonly<Record<string, string>>} extra
 * @returns {Uint8Array}
 */
export function writeExtra(extra) {
  for (const [name, value] of Object.entries(extra)) {
    if (RESERVED.test(name)) throw new RnnError('bad-checkpoint', `"${name}" is a name of the checkpoint's own`)
    if (typeof value !== 'string') throw new RnnError('bad-checkpoint', `"${name}" is not a string`)
  }
  return new TextEncoder().encode(JSON.stringify(extra).slice(1, -1))
}

/**
 * @param {Uint8Array} bytes of a checkpoint that the core has accepted
 * @returns {Readonly<Record<string, string>>}
 */
export function readExtra(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  try {
    const header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
    const metadata = /** @type {Record<string, string>} */ (header.__metadata__)
    return Object.freeze(Object.fromEntries(Object.entries(metadata).filter(([name]) => !RESERVED.test(name))))
  } catch {
    throw new RnnError('bad-checkpoint', 'this is not a checkpoint that can be read: its header is not UTF-8')
  }
}
