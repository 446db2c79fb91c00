/** What a preset learns: its text. One of a task has none. */
import { presets } from '../presets.js'
import * as assets from './assets.js'

/** @param {string} name  of a preset @returns {Promise<string>} */
export async function textOfPreset(name) {
  const { text, asset } = presets[name]
  return text ?? (asset ? assets.text(asset) : '')
}
