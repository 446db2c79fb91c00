/** What a text is cut into. */
import { configFor } from '../presets.js'
import { english } from './language/index.js'

/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('./types.js').Field} Field */
/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('../engine/text.js').Tokens} Tokens */

/** As more fields. @type {Field[]} */
export const tokenFields = [
  {
    name: 'tokens', kind: 'choice', default: 'characters', minimum: 0, maximum: 0, choices: ['characters', 'words', 'bytes'], unit: '', group: 'network', live: false,
    help: english('What the network reads one at a time: characters, words with the space before them, or bytes of UTF-8.'),
  },
  {
    name: 'maxVocabulary', kind: 'integer', default: 4000, minimum: 2, maximum: 65535, unit: 'words', group: 'network', live: false,
    help: english('The most different words; the rarer ones are read as one unknown word.'),
  },
]

/** Of a configuration, for the trainer. @param {Config} asked @returns {{ tokens?: Tokens, maximum?: number }} */
export function cutOf({ tokens, maxVocabulary }) {
  if (tokens !== 'words' && tokens !== 'bytes') return {}
  return { tokens, ...(tokens === 'words' && { maximum: Number(maxVocabulary ?? tokenFields[1].default) }) }
}

/** As a run has it. @param {Run} run @param {Config} asked @returns {Config} */
export const tokensOf = ({ vocabulary }, { maxVocabulary = tokenFields[1].default }) => ({ tokens: vocabulary.tokens, maxVocabulary })

/** What a choice makes of a configuration. @param {Config} asked @returns {Config} */
export const withTokens = ({ tokens = 'characters', maxVocabulary }) => tokens === 'characters' ? {}
  : { tokens, ...configFor(String(tokens)), ...(tokens === 'words' && maxVocabulary !== undefined && { maxVocabulary }) }
