/** What arithmetic there is. */

/** @typedef {import('./engine.js').Mode} Mode */

/** A module with one function, which is f32x4.relaxed_madd. */
const RELAXED_SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11)

/** The modes that this browser, or this Node, has. @returns {Mode[]} */
export const supportedModes = () => WebAssembly.validate(RELAXED_SIMD) ? ['strict', 'fused'] : ['strict']
