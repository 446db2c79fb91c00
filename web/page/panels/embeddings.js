/** Embeddings: which symbols the network takes for alike, as points in their principal components and as nearest neighbours. */
import { readsSource } from '../answers.js'
import { element, pool, say, show } from '../draw/dom.js'
import { fixed, glyph, percent, spoken, three } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure, hinted } from './figure.js'
import { createTable } from './plot.js'
import { createSwitch } from './switch.js'
import { createSymbolMap, nameOf } from './symbol-map.js'

/** @typedef {import('../types.js').Run} Run */
/** @typedef {import('../../engine/embeddings.js').Neighbour} Neighbour */
/** @typedef {import('../../engine/embeddings.js').Projection} Projection */
/** @typedef {import('./symbol-map.js').Point} Point */

const NAME = 'embeddings'
const NEIGHBOURS = 8
/** So many numbers are compared quickly enough while it trains. */
const QUICK = 1e5
/** Rows of the table. */
const TOLD = 300

/** How many numbers a symbol has. @param {Run} run */
function sizeOf({ parameters }) {
  const embedded = parameters.find(({ name }) => name === 'embedding.weight')
  return embedded ? embedded.shape[1] : parameters.reduce((sum, { name, shape }) => sum + (/^rnn\.weight_ih_l0(_reverse)?$/.test(name) ? shape[0] : 0), 0)
}

/** @param {Run} run */
const readsNumbers = ({ config }) => config.input === 'vector'

/** @param {Run} run */
const isQuick = (run) => run.vocabulary.symbols.length * sizeOf(run) <= QUICK

/** @param {Run} run @param {import('../types.js').Config} choices */
const chosenIn = ({ vocabulary }, { symbol }) => Math.min(Number(symbol), vocabulary.symbols.length - 1)

/** @param {import('../types.js').Config} choices */
const wayOf = ({ by }) => (by === 'distance' ? 'distance' : 'cosine')

/** What a reader may mean: the symbols with these letters in them, those that begin so first; words stand for themselves with the space before them. @param {readonly string[]} symbols @param {string} query */
function findIn(symbols, query) {
  const wanted = query.toLowerCase()
  const rank = (/** @type {string} */ symbol) => {
    if ([symbol, glyph(symbol), spoken(symbol)].includes(query)) return 0
    const at = symbol.toLowerCase().indexOf(wanted)
    return at < 0 ? Infinity : symbol.trimStart() === query ? 0 : symbol.slice(0, at).trim() ? 2 : 1
  }
  const ranks = symbols.map(rank)
  return query ? [...symbols.keys()].filter((i) => ranks[i] < Infinity).sort((a, b) => ranks[a] - ranks[b] || a - b) : []
}

/** @type {import('../types.js').Panel} */
export const embeddings = {
  name: NAME,
  title: english('Embeddings'),
  question: english('which symbols are alike'),
  suits: (run) => !readsSource(run),
  choices: { symbol: 0, by: 'cosine', query: '' },
  asks({ run, training }, choices) {
    if (!run || readsNumbers(run) || (training && !isQuick(run))) return []
    return [{ name: 'projection', options: { components: 2 } }, { name: 'neighbours', options: { symbol: chosenIn(run, choices), count: NEIGHBOURS, by: wayOf(choices) } }]
  },

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Which symbols are alike to it?'))
    /** Whether the neighbours are still to be read out. */
    let announced = true
    const choose = (/** @type {number} */ symbol) => {
      announced = false
      emit({ type: 'choose', panel: NAME, name: 'symbol', value: symbol })
    }
    const meaning = words.appendChild(element('p'))
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const spokenLine = words.appendChild(element('p', { class: 'hidden', 'aria-live': 'polite' }))
    const search = createSearch(words, choose, (query) => emit({ type: 'choose', panel: NAME, name: 'query', value: query }))
    const by = createSwitch(t('Closest by'), [['cosine', t('cosine')], ['distance', t('distance')]], (value) => emit({ type: 'choose', panel: NAME, name: 'by', value }))
    const list = createList(words, by.node, choose)
    const how = words.appendChild(element('p', { class: 'how' }))
    const map = createSymbolMap(figure, choose)
    const table = createTable(figure, t('The symbols in the picture'), [t('symbol'), t('first component'), t('second component')])
    const align = createAlignment()

    /** @param {string} why  there is nothing to show; empty where there is */
    function excuse(why) {
      show(figure, !why)
      for (const node of [meaning, search.node, list.node, how]) show(node, !why)
      if (why) claim([why])
    }

    return {
      render({ run, training }, _, [projected, near], choices) {
        if (!run) return
        const { symbols } = run.vocabulary
        if (readsNumbers(run)) return excuse(t('This network reads numbers, not symbols: there is nothing to compare.'))
        const failed = projected?.error ?? near?.error
        if (failed) return excuse(t`The symbols cannot be compared: ${failed}.`)
        if (projected?.name !== 'projection' || !projected.result || near?.name !== 'neighbours' || !near.result) {
          if (training && !isQuick(run)) excuse(t`Comparing ${symbols.length} vectors of length ${sizeOf(run)} takes too long while it trains. Pause to see them.`)
          return
        }
        const { result } = projected
        const chosen = chosenIn(run, choices)
        const { neighbours } = near.result
        if (near.result.symbol !== chosen || near.result.by !== wayOf(choices) || result.coordinates.length !== symbols.length * result.components) return
        excuse('')
        const E = sizeOf(run)
        say(meaning, run.config.input === 'embedding'
          ? t`To the network each symbol is a vector of length ${E}, its embedding. Symbols that it treats alike have similar vectors.`
          : t`A symbol that is read adds its column of W_ih, a vector of length ${E}, to what the neurons hear. Symbols that are treated alike have similar columns.`)
        const [first] = neighbours
        const [own, other] = [chosen, first?.symbol].map((symbol) => ({ letter: nameOf(symbols[symbol] ?? '') }))
        const parts = first ? wayOf(choices) === 'distance' ? phrase`Closest to ${own} is ${other}, at a distance of ${{ strong: three(first.distance) }}.` : phrase`Closest to ${own} is ${other}, with a cosine of ${{ value: first.cosine, text: fixed(first.cosine) }}.` : phrase`${own} is the only symbol.`
        claim(parts)
        if (!announced) say(spokenLine, `${spoken(symbols[chosen])}. ${neighbours.map(({ symbol, cosine }) => `${spoken(symbols[symbol])} ${fixed(cosine)}`).join(', ')}`)
        announced = true
        const found = search.render(symbols, String(choices.query))
        by.set(wayOf(choices))
        list.render(symbols, chosen, neighbours)
        const { points, order } = align(run, pointsOf(result))
        const shares = order.map((k) => result.shares[k] ?? 0)
        say(how, t`The picture shows the vectors in two dimensions: along their principal components, the directions in which they differ most. These have ${percent(shares[0] + shares[1])} % of the variance; what looks close here may be far apart in the rest. The list is of whole vectors.`)
        const [across, up] = shares.map((share) => t`${percent(share)} % of the variance`)
        map.render({ points, symbols, chosen, near: neighbours.map(({ symbol }) => symbol), found, axes: [across, up] })
        table(training, () => points.slice(0, TOLD).map((point, i) => [spoken(symbols[i]), ...point.map(three)]))
      },
      destroy() {
        map.destroy()
        root.replaceChildren()
      },
    }
  },
}

/** @param {Projection} projection @returns {Point[]} */
function pointsOf({ coordinates, components }) {
  return Array.from({ length: coordinates.length / components }, (_, i) => [coordinates[i * components], components > 1 ? coordinates[i * components + 1] : 0])
}

/** Axes have no ends of their own and may change places while it learns: they are taken as they are closest to the picture before. */
function createAlignment() {
  /** @type {Point[]} */
  let before = []
  /** @type {Run | null} */
  let known = null
  return (/** @type {Run} */ run, /** @type {Point[]} */ now) => {
    if (known !== run) before = now
    known = run
    const match = (/** @type {number} */ a, /** @type {number} */ b) => before.reduce((sum, point, i) => sum + point[a] * now[i][b], 0)
    const straight = [match(0, 0), match(1, 1)]
    const crossed = [match(0, 1), match(1, 0)]
    const swapped = Math.abs(crossed[0]) + Math.abs(crossed[1]) > Math.abs(straight[0]) + Math.abs(straight[1])
    const order = swapped ? [1, 0] : [0, 1]
    const [signX, signY] = (swapped ? crossed : straight).map((sum) => (sum < 0 ? -1 : 1))
    before = now.map((point) => [signX * point[order[0]], signY * point[order[1]]])
    return { points: before, order }
  }
}

/** @param {HTMLElement} words @param {(symbol: number) => void} choose @param {(query: string) => void} ask */
function createSearch(words, choose, ask) {
  const field = element('input', {
    type: 'search', 'aria-label': t('Find symbols'), placeholder: t('find a symbol'), enterkeyhint: 'search', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', input: () => ask(field.value),
  })
  const told = element('output', { class: 'soft' })
  /** @type {readonly string[]} */
  let known = []
  const node = words.appendChild(element('form', { class: 'symbol-search', role: 'search', submit: (/** @type {Event} */ event) => {
    event.preventDefault()
    const [first] = findIn(known, field.value)
    if (first !== undefined) choose(first)
  } }, field, told))
  return {
    node,
    /** @param {readonly string[]} symbols @param {string} query @returns {readonly number[]} */
    render(symbols, query) {
      known = symbols
      const found = findIn(symbols, query)
      say(told, !query ? '' : found.length ? t`${found.length} of ${symbols.length}; Enter takes ${spoken(symbols[found[0]])}` : t`No symbol has “${query}” in it.`)
      return found
    },
  }
}

/** The nearest neighbours, each of which can be chosen. @param {HTMLElement} words @param {HTMLElement} by @param {(symbol: number) => void} choose */
function createList(words, by, choose) {
  const rows = element('ul', { class: 'found' })
  const head = element('b')
  const node = words.appendChild(element('div', {}, element('p', {}, by), element('div', { class: 'found-head' }, head, element('span', {}, t('distance')), element('span', {}, t('cosine'))), rows))
  /** @type {readonly Neighbour[]} */
  let shown = []
  let of = -1
  const lines = pool(rows, () => {
    const line = element('li', {}, element('button', { click: () => choose(shown[[...rows.children].indexOf(line)].symbol) },
      element('span', { class: 'name' }), hinted('unit', `: ${t('distance')} `), element('i', { class: 'room' }, element('i')), hinted('r', `, ${t('cosine')} `)))
    return line
  })
  return {
    node,
    /** @param {readonly string[]} symbols @param {number} chosen @param {readonly Neighbour[]} neighbours */
    render(symbols, chosen, neighbours) {
      // Under a pointer or the focus nothing changes places.
      const rests = of === chosen && shown.length === neighbours.length && rows.matches(':hover, :focus-within')
      shown = rests ? shown.map((one) => neighbours.find(({ symbol }) => symbol === one.symbol) ?? one) : neighbours
      of = chosen
      show(node, shown.length > 0)
      say(head, t`Near ${nameOf(symbols[chosen])}`)
      lines(shown.length).forEach(({ children: [button] }, i) => {
        const { symbol, cosine, distance } = shown[i]
        const [name, apart, room, alike] = button.children
        say(name, nameOf(symbols[symbol]))
        say(apart.children[1], three(distance))
        say(alike.children[1], fixed(cosine))
        const bar = /** @type {HTMLElement} */ (room.children[0])
        bar.style.transform = `scaleX(${Math.max(0, cosine).toFixed(3)})`
      })
    },
  }
}
