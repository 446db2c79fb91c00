/** Surprise: a text in the colours of how little the network foresaw each symbol, and what it expected instead. */
import { evenly } from '../draw/colour.js'
import { element, say, show } from '../draw/dom.js'
import { clipped, count, fixed, glyph, spoken } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from './figure.js'
import { createPassage } from './passage.js'
import { share } from './plot.js'
import { createSwitch } from './switch.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Config} Config */
/** @typedef {import('../../engine/inspect.js').InspectionResult<'surprise'>} Surprising */

const NAME = 'surprise'
/** Symbols read at once. */
const LENGTH = 600
/** Characters of a text of one's own. */
const MOST = 20_000
/** Bits at which the colour is full. @param {string} tokens */
const fullOf = (tokens) => tokens === 'words' ? 16 : 10

/** What is read: unseen text only where some is kept. @param {State} state @param {Config} choices */
const sourceOf = ({ run }, { of }) => of === 'held' && !run?.validation ? 'text' : String(of)

/** Bits of a symbol. @param {number} probability */
const bitsOf = (probability) => Math.min(149, -Math.log2(probability))

/** The more surprising, the deeper; pale where nothing was foreseen. @param {number} bits @param {number} full */
const colourOf = (bits, full) => evenly('value', Number.isNaN(bits) ? 0 : -bits / full)

/** @type {import('../types.js').Panel} */
export const surprise = {
  name: NAME,
  title: english('Surprise'),
  question: english('what it did not foresee'),
  suits: ({ task }) => !task,
  choices: { of: 'held', at: 1, text: '' },
  asks(state, choices) {
    const { run } = state
    const source = sourceOf(state, choices)
    if (!run || (source === 'own' && !choices.text)) return []
    const first = { held: run.plan.length + Number(choices.at) - 1, text: state.from, own: 0 }[source] ?? 0
    return [{ name: NAME, options: { from: first, length: LENGTH, ...(source === 'own' && { text: String(choices.text) }) } }]
  },

  create(root, emit) {
    const choose = (/** @type {string} */ name) => (/** @type {import('../types.js').Setting} */ value) => emit({ type: 'choose', panel: NAME, name, value })
    const { words, figure } = createFigure(root, t('What surprises it?'))
    const source = createSwitch(t('What is read'), [['held', t('unseen text')], ['text', t('its text')], ['own', t('my text')]], choose('of'))
    const at = createSpin({ label: t('the first place of the unseen text'), minimum: 1, maximum: 1, step: 100, whole: true, format: count, change: choose('at') })
    const place = element('p')
    createPhrase(place)(phrase`From place ${{ node: at.node }} of what is kept unseen.`)
    const area = element('textarea', { class: 'framed', rows: 4, maxlength: MOST, spellcheck: 'false', 'aria-label': t('A text of your own'), placeholder: t('type or paste any text'), input: () => choose('text')(area.value) })
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const most = createPhrase(words.appendChild(element('p')))
    const unknown = element('p', { class: 'how' })
    words.append(source.node, place, area, unknown, element('p', { class: 'how' }, t('Surprise is the logarithm of 1 by the probability that the network gave to what came: 0 bits where it was certain, 1 where it was even, one more for each time that it was half as likely. It reads from the first symbol on and knows nothing before.')))
    const swatch = element('i')
    const more = element('span')
    let full = 1
    const legend = element('span', { class: 'legend' }, t('0 bits'), swatch, more)
    figure.append(element('div', { class: 'caption' }, element('span', {}, t('how much each surprises it')), legend))
    /** @type {Surprising | null} */
    let shown = null
    /** @type {readonly string[]} */
    let symbols = []
    const passage = createPassage(figure, t('The text in the colours of surprise'), { colourOf: (bits) => colourOf(bits, full), lineOf: (place) => shown ? lineOf(shown, place, symbols) : [] })

    return {
      render(state, _, [answer], choices) {
        const { run } = state
        if (!run) return
        const from = sourceOf(state, choices)
        source.set(from)
        source.enable('held', run.validation !== undefined)
        show(place, from === 'held')
        show(area, from === 'own')
        at.limit(Math.max(1, (run.validation?.symbols ?? 2) - 1))
        at.set(Number(choices.at))
        full = fullOf(run.vocabulary.tokens)
        say(more, t`${full} or more`)
        swatch.style.background = `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map((part) => `${colourOf(part * full, full).background} ${100 * part}%`).join()})`
        const idle = from === 'own' && !choices.text ? t('Type or paste a text, and see what surprises the network.') : answer?.error ? t`It cannot be read: ${answer.error}.` : ''
        if (idle) shown = null
        if (!idle && answer?.name === NAME && answer.result) shown = answer.result
        symbols = run.vocabulary.symbols
        passage.render(shown?.parts.map((part, i) => part || symbols[/** @type {Surprising} */ (shown).read[i].symbol]) ?? [], shown?.read.map(({ probability }) => bitsOf(probability)) ?? [])
        claim(shown ? summed(shown) : [idle])
        most(shown ? worst(shown, symbols) : [])
        say(unknown, shown?.unknown ? lost(shown.unknown, run.vocabulary.tokens) : '')
      },
      destroy() { root.replaceChildren() },
    }
  },
}

/** @param {Surprising} shown @returns {Part[]} */
function summed({ symbols, bitsPerSymbol, bitsPerCharacter, perplexity }) {
  const [all, each, letter, of] = [count(symbols), { strong: fixed(bitsPerSymbol) }, { strong: fixed(bitsPerCharacter) }, { strong: fixed(perplexity, 1) }]
  return phrase`Each of these ${all} letters surprises it by ${each} bits, as if it were one of ${of}: ${letter} bits per character.`
}

/** @param {number} unknown @param {string} tokens */
const lost = (unknown, tokens) => tokens === 'words' ? t`${count(unknown)} of them are words that it does not know. It reads them as one, ⟨?⟩, and they count no characters.`
  : tokens === 'bytes' ? t`${count(unknown)} are no Unicode characters, and read as U+FFFD.` : t`${count(unknown)} characters that it does not know are left out.`

/** @param {string | undefined} symbol */
const faceOf = (symbol = '') => ({ letter: clipped(glyph(symbol), 20) })

/** What surprised most. @param {Surprising} shown @param {readonly string[]} symbols @returns {Part[]} */
function worst({ read, parts }, symbols) {
  const place = read.reduce((best, { probability }, i) => probability < (read[best]?.probability ?? Infinity) ? i : best, 1)
  const { probability, expected, symbol } = read[place]
  const [what, bits, instead, sure] = [faceOf(parts[place] || symbols[symbol]), { strong: fixed(bitsOf(probability), 1) }, faceOf(symbols[expected[0].symbol]), share(expected[0].probability)]
  return phrase`Most of all ${what}, by ${bits} bits: it expected ${instead} (${sure}).`
}

/** What is read out of one symbol. @param {Surprising} shown @param {number} place @param {readonly string[]} symbols @returns {Part[]} */
function lineOf({ read, parts }, place, symbols) {
  const { probability, expected, symbol } = read[place]
  const what = { letter: spoken(glyph(parts[place] || symbols[symbol])) }
  if (!expected.length) return phrase`${what} comes first: nothing foretells it.`
  const others = expected.map((one) => `${spoken(glyph(symbols[one.symbol]))} (${share(one.probability)})`).join(', ')
  const bits = { strong: fixed(bitsOf(probability), 1) }
  return phrase`${what}: ${bits} bits, with a probability of ${share(probability)}. It expected ${others}.`
}
