/** Building an ONNX graph, and writing it; numbers of fields and types are those of onnx.proto. */
import { bytes, float, integer, message, text } from './protobuf.js'

/** @typedef {Uint8Array} Bytes */
/** @typedef {number | string | readonly number[] | readonly string[] | Float32Array | Graph} Attribute  numbers are whole, but for a Float32Array's */
/** @typedef {readonly (number | string)[]} Shape  names stand for sizes that may differ */

const IR_VERSION = 8
const OPSET = 17
export const FLOAT = 1
export const INT64 = 7

/** @param {string} name  @param {Attribute} value */
function attribute(name, value) {
  const head = text(1, name)
  if (value instanceof Graph) return message(head, bytes(6, value.message()), integer(20, 5))
  if (typeof value === 'string') return message(head, text(4, value), integer(20, 3))
  if (typeof value === 'number') return message(head, integer(3, value), integer(20, 2))
  if (value instanceof Float32Array) return message(head, ...Array.from(value, (one) => float(7, one)), integer(20, 6))
  const strings = typeof value[0] === 'string'
  return message(head, ...value.map((one) => typeof one === 'string' ? text(9, one) : integer(8, one)), integer(20, strings ? 8 : 7))
}

/** @param {string} name  @param {number} type  @param {Shape} shape */
function valueInfo(name, type, shape) {
  const dimensions = shape.map((size) => bytes(1, typeof size === 'string' ? text(2, size) : integer(1, size)))
  return message(text(1, name), bytes(2, bytes(1, message(integer(1, type), bytes(2, message(...dimensions))))))
}

export class Graph {
  /** @type {Bytes[]} */
  #parts = []
  #count = 0
  #prefix

  /** @param {string} [prefix] of the names it gives, which are to differ from those around it */
  constructor(prefix = '') {
    this.#prefix = prefix
  }

  /**
   * Adds a node; its outputs are numbered unless they are named.
   * @param {string} operator
   * @param {readonly string[]} inputs
   * @param {Readonly<Record<string, Attribute>>} [attributes]
   * @param {readonly string[]} [outputs]
   * @returns {string} the first output
   */
  node(operator, inputs, attributes = {}, outputs = [`${this.#prefix}${operator}_${this.#count}`]) {
    this.#count++
    this.#parts.push(bytes(1, message(
      ...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(3, `${this.#prefix}${operator}_${this.#count}`), text(4, operator),
      ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))))))
    return outputs[0]
  }

  /** Equal parts along an axis. @param {string} whole  @param {number} count  @param {number} axis */
  split(whole, count, axis) {
    const parts = Array.from({ length: count }, (_, i) => `${this.#prefix}part_${this.#count}_${i}`)
    this.node('Split', [whole], { axis }, parts)
    return parts
  }

  /** @param {string} name  @param {readonly number[]} shape  @param {Float32Array} data  @returns {string} its name */
  tensor(name, shape, data) {
    return this.#constant(name, FLOAT, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }

  /** A list, or a number, of whole numbers. @param {readonly number[] | number} values */
  integers(values) {
    const list = BigInt64Array.from([values].flat(), BigInt)
    return this.#constant(`integers_${this.#count++}`, INT64, typeof values === 'number' ? [] : [list.length], new Uint8Array(list.buffer))
  }

  /** @param {string} name  @param {number} type  @param {readonly number[]} shape  @param {Bytes} data */
  #constant(name, type, shape, data) {
    this.#parts.push(bytes(5, message(...shape.map((size) => integer(1, size)), integer(2, type), text(8, name), bytes(9, data))))
    return name
  }

  /** @param {string} name  @param {number} type  @param {Shape} shape  @returns {string} its name */
  input(name, type, shape) {
    this.#parts.push(bytes(11, valueInfo(name, type, shape)))
    return name
  }

  /** @param {string} name  @param {Shape} shape */
  output(name, shape) {
    this.#parts.push(bytes(12, valueInfo(name, FLOAT, shape)))
  }

  /** As it stands in a file, or in a node. @returns {Bytes} */
  message() {
    return message(text(2, this.#prefix || 'network'), ...this.#parts)
  }

  /** The file. @param {Readonly<Record<string, string>>} metadata @returns {Bytes} */
  write(metadata) {
    return message(
      integer(1, IR_VERSION), text(2, 'unroll'), bytes(7, this.message()), bytes(8, message(text(1, ''), integer(2, OPSET))),
      ...Object.entries(metadata).map(([key, value]) => bytes(14, message(text(1, key), text(2, value)))))
  }
}
