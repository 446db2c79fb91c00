/** Safetensors files of nothing but tensors, as other frameworks write and read them. */
import { RnnError } from './errors.js'

/** @typedef {{ shape: readonly number[], data: Float32Array }} Weights  row-major */

/** @param {string} why */
export const unreadable = (why) => new RnnError('bad-checkpoint', `these are not weights that can be read: ${why}`)

/** Bytes of a number, and how it is read. @type {Readonly<Record<string, { size: number, read: (from: DataView, at: number) => number }>>} */
const TYPES = {
  F32: { size: 4, read: (from, at) => from.getFloat32(at, true) },
  F64: { size: 8, read: (from, at) => from.getFloat64(at, true) },
}

/** @param {Uint8Array} bytes */
function split(bytes) {
  if (bytes.length < 8) throw unreadable('the file is shorter than 8 bytes')
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > bytes.length - 8) throw unreadable(`the header has ${length} bytes, the file ${bytes.length}`)
  /** @type {unknown} */
  let header
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
  } catch {
    throw unreadable('the header is not JSON')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw unreadable('the header is not an object')
  return { entries: Object.entries(header).filter(([name]) => name !== '__metadata__'), data: bytes.subarray(8 + length) }
}

/** @param {unknown} list */
const isSizes = (list) => Array.isArray(list) && list.every((size) => Number.isSafeInteger(size) && size >= 0)

/** @param {string} name  @param {any} entry  @param {number} room in bytes */
function check(name, entry, room) {
  const { dtype, shape, data_offsets: offsets } = Object(entry)
  if (!Object.hasOwn(TYPES, dtype)) throw unreadable(`${name} has type ${dtype}, not ${Object.keys(TYPES).join(' or ')}`)
  if (!isSizes(shape)) throw unreadable(`${name} has no shape`)
  if (!isSizes(offsets) || offsets.length !== 2) throw unreadable(`${name} has no data_offsets`)
  const count = /** @type {number[]} */ (shape).reduce((product, size) => product * size, 1)
  const [start, end] = /** @type {number[]} */ (offsets)
  if (end > room || end - start !== count * TYPES[dtype].size) {
    throw unreadable(`${name} (${shape.join(' × ')}) lies at ${start} … ${end} of ${room} bytes`)
  }
  return { name, shape: Object.freeze([...shape]), start, end, count, ...TYPES[dtype] }
}

/**
 * Every tensor of a file, in float32.
 * @param {Uint8Array} bytes
 * @returns {Map<string, Weights>}
 */
export function readTensors(bytes) {
  const { entries, data } = split(bytes)
  const tensors = entries.map(([name, entry]) => check(name, entry, data.length))
  let filled = 0
  for (const { name, start, end } of [...tensors].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== filled) throw unreadable(`${name} begins at byte ${start}, and what is before it ends at ${filled}`)
    filled = end
  }
  if (filled !== data.length) throw unreadable(`its tensors fill ${filled} of ${data.length} bytes`)
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return new Map(tensors.map(({ name, shape, start, count, size, read }) =>
    [name, { shape, data: Float32Array.from({ length: count }, (_, i) => read(view, start + i * size)) }]))
}

/**
 * @param {readonly (Weights & { name: string })[]} tensors
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeTensors(tensors) {
  let offset = 0
  const entries = tensors.map(({ name, shape, data }) =>
    [name, { dtype: 'F32', shape, data_offsets: [offset, offset += data.length * 4] }])
  const text = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) })
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const bytes = new Uint8Array(8 + header.length + offset)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, 8)
  let at = 8 + header.length
  for (const { data } of tensors) for (const number of data) view.setFloat32((at += 4) - 4, number, true)
  return bytes
}
