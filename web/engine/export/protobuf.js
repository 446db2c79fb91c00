/** Writing protocol buffers: a field is its number, its kind of wire, and its value (protobuf.dev/programming-guides/encoding). */

/** @typedef {Uint8Array} Bytes */

const VARINT = 0
const LENGTH = 2
const FIXED32 = 5

/** @param {readonly Bytes[]} parts @returns {Bytes} */
export function message(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Seven bits a byte, the lowest first; negative numbers in 64 bits. @param {number} value */
function varint(value) {
  const bytes = []
  let left = BigInt.asUintN(64, BigInt(value))
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  return Uint8Array.of(...bytes, Number(left))
}

/** @param {number} field  @param {number} wire */
const tag = (field, wire) => varint(field << 3 | wire)

/** @param {number} field  @param {number} value */
export const integer = (field, value) => message(tag(field, VARINT), varint(value))

/** @param {number} field  @param {number} value */
export const float = (field, value) => message(tag(field, FIXED32), new Uint8Array(Float32Array.of(value).buffer))

/** Bytes, or a message inside this one. @param {number} field  @param {Bytes} value */
export const bytes = (field, value) => message(tag(field, LENGTH), varint(value.length), value)

/** @param {number} field  @param {string} value */
export const text = (field, value) => bytes(field, new TextEncoder().encode(value))
