/** Cells whose state is a blend of what it was and what is proposed: how much is kept, and by which gates. The rest is rewritten. */

/** @typedef {(name: string) => number} Now   trace value of a neuron at one step */
/**
 * @typedef {object} Blend
 * @property {(now: Now) => number} kept   share of the old state
 * @property {string} keeps                trace name of the gate that keeps, none where it is what the other leaves
 * @property {string} rewrites             of the gate that rewrites
 * @property {string} share                what is kept, as a symbol
 * @property {string} proposal             trace name
 */

/** By cell. @type {Readonly<Record<string, Blend>>} */
export const BLENDS = {
  gru: { kept: (now) => now('z'), keeps: 'z', rewrites: '', share: 'z', proposal: 'n' },
  mingru: { kept: (now) => 1 - now('z'), keeps: '', rewrites: 'z', share: '1 − z', proposal: 'n' },
  minlstm: { kept: (now) => now('f') / (now('f') + now('i')), keeps: 'f', rewrites: 'i', share: 'f / (f + i)', proposal: 'g' },
}
