/** The looks inside, in their order: a file and a row each. */
import { spectrum } from './spectrum.js'

/** @type {readonly import('../types.js').Panel[]} */
export const panels = [spectrum]
