/** What a preset learns: its text. One of a task has none. */
import { presets } from '../presets.js'
import * as assets from './assets.js'

/** @param {string} name  of a preset @returns {Promise<string>} */
export async function textOfPreset(name) {
  const { text, asset } = presets[name]
  return text ?? (asset ? assets.text(asset) : '')
}

/** Whether what is learned is one's own, a text or the table of a task, which no preset has. @param {{ preset: string, text: string }} learned */
export const isOwn = ({ preset, text }) => preset === 'own' || (presets[preset].task !== undefined && text !== '')
