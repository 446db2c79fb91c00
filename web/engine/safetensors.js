/** The caller's own strings in the header of a checkpoint. The core writes and checks all else. */
import { RnnError } from './errors.js'

/** What the core and the engine keep under names of their own. */
const RESERVED = /^(format|version|fields|arithmetic|iteration|symbols|random|config\..*|text\..*|plateau\..*)$/

/**
 * Members of a JSON object, as the core wants them.
 * @param {Readonly<Record<string, string>>} extra
 * @param {import('./engine.js').Mode} arithmetic
 * @returns {Uint8Array}
 */
export function writeExtra(extra, arithmetic) {
  for (const [name, value] of Object.entries(extra)) {
    if (RESERVED.test(name)) throw new RnnError('bad-checkpoint', `"${name}" is a name of the checkpoint's own`)
    if (typeof value !== 'string') throw new RnnError('bad-checkpoint', `"${name}" is not a string`)
  }
  return new TextEncoder().encode(JSON.stringify({ arithmetic, ...extra }).slice(1, -1))
}

/**
 * @param {Uint8Array} bytes of a checkpoint that the core has accepted
 * @returns {{ extra: Readonly<Record<string, string>>, arithmetic: import('./engine.js').Mode }}
 */
export function readExtra(bytes) {
  const metadata = readMetadata(bytes)
  const { arithmetic } = metadata
  if (arithmetic !== 'strict' && arithmetic !== 'fused') {
    throw new RnnError('bad-checkpoint', `this is not a checkpoint that can be read: arithmetic ${arithmetic === undefined ? 'is missing from its metadata' : 'makes no sense'}`)
  }
  return { extra: Object.freeze(Object.fromEntries(Object.entries(metadata).filter(([name]) => !RESERVED.test(name)))), arithmetic }
}

/** Whether a file tells of an encoder. @param {Uint8Array} bytes */
export function hasEncoder(bytes) {
  try {
    return 'config.source_steps' in readMetadata(bytes)
  } catch {
    return false
  }
}

/** @param {Uint8Array} bytes  @returns {Record<string, string>} */
function readMetadata(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length))).__metadata__
  } catch {
    throw new RnnError('bad-checkpoint', 'this is not a checkpoint that can be read: its header is not UTF-8')
  }
}
