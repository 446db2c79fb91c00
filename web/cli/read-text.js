/** Texts to read: files, standard input, and those that presets bring. */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { presetFor, presets } from '../presets.js'
import { nearest } from './options.js'

/** @typedef {import('../presets.js').Preset} Preset */

/**
 * @param {string} name as typed
 * @returns {Promise<{ text: string, preset: Preset }>}
 */
export async function readText(name) {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (preset?.text) return { text: preset.text, preset }
  const asset = preset?.asset && fileURLToPath(new URL(`../../build/unroll/${preset.asset}`, import.meta.url))
  const bytes = name === '-' ? await buffer(process.stdin) : await readFile(asset || name).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error(asset ? `the text of ${name} is not built yet; "make build" builds it` : `there is no file ${name}${nearest(name, Object.keys(presets))}`)
  })
  const text = new TextDecoder().decode(bytes)
  return { text, preset: asset && preset ? preset : presetFor(text) }
}
