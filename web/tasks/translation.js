/**
 * Two English words, three German ones: "small house" is "das kleine Haus". Some of the pairs are held out; to translate them, what
 * was learned of each word in other pairs has to be put together.
 */
import { pairsOf, SPLIT } from './pair-list.js'
import { WORDS } from './pairs.js'

/** @type {readonly (readonly [english: string, german: string])[]} */
const ADJECTIVES = [
  ['small', 'kleine'], ['big', 'große'], ['old', 'alte'], ['young', 'junge'], ['red', 'rote'], ['green', 'grüne'], ['white', 'weiße'], ['black', 'schwarze'],
  ['good', 'gute'], ['beautiful', 'schöne'], ['quiet', 'stille'], ['long', 'lange'],
]

/** @type {readonly (readonly [english: string, german: string])[]} */
const NOUNS = [
  ['house', 'das Haus'], ['tree', 'der Baum'], ['cat', 'die Katze'], ['dog', 'der Hund'], ['book', 'das Buch'], ['street', 'die Straße'], ['song', 'das Lied'],
  ['river', 'der Fluss'], ['letter', 'der Brief'], ['door', 'die Tür'], ['child', 'das Kind'], ['night', 'die Nacht'], ['window', 'das Fenster'],
  ['garden', 'der Garten'], ['city', 'die Stadt'], ['way', 'der Weg'],
]

const PHRASES = ADJECTIVES.flatMap(([adjective, says]) => NOUNS.map(([noun, german]) =>
  /** @type {const} */ ([`${adjective} ${noun}`, german.replace(' ', ` ${says} `)])))

export const translation = pairsOf(
  { name: 'translation', label: 'two English words, three German ones', goal: { metric: 'exact', atLeast: 0.9, iterations: 250 }, between: ' ', fields: SPLIT.map((field) => field.name === 'share' ? { ...field, default: 0.2 } : field), config: { hidden: 32, inputSize: 16, attention: 'additive' } },
  PHRASES, WORDS,
)
