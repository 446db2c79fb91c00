/** Beam: the likeliest texts that a search finds, the tree in which it finds them, and what the greedy choice misses. */
import { readsSource } from '../answers.js'
import { shade } from '../draw/colour.js'
import { element, pool, put, say, shape } from '../draw/dom.js'
import { clipped, fixed, glyph } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { createFigure } from './figure.js'
import { createPlot, createTable, share } from './plot.js'

/** @typedef {import('../../engine/inspect.js').Beam} Beam */
/** @typedef {import('../../engine/inspect.js').BeamNode} BeamNode */
/** @typedef {import('../types.js').State} State */
/**
 * @typedef {object} Node   of the tree, as it is drawn
 * @property {string} symbol
 * @property {number} share   of its parent's probability
 * @property {number} column
 * @property {number} row
 * @property {number} from    the row of its parent
 * @property {boolean} alive  on the way to a text that was kept
 * @property {boolean} best   on the way to the likeliest
 */

const NAME = 'beam'
const [HEIGHT, TOP, LEFT, RIGHT, TILE, GAP] = [440, 34, 48, 96, 28, 52]
/** Stands before what is written after a source. */
const START = '▸'
const MOST = { width: 8, letters: 12 }
/** The most that the tile of a word is wide. */
const LONG = 72

/**
 * A tree and, under it, the greedy text, as nodes. A letter is joined to the one before, however far that is.
 * @param {readonly (readonly BeamNode[])[]} rows
 * @param {number} first  row of the first
 * @returns {Node[]}
 */
function nodesOf(rows, first) {
  const alive = rows.map((row) => row.map(() => false))
  const best = rows.map((row) => row.map(() => false))
  rows.at(-1)?.forEach((_, place) => {
    for (let column = rows.length - 1, at = place; column >= 0; at = rows[column][at].parent, column--) {
      alive[column][at] = true
      best[column][at] ||= place === 0
    }
  })
  return rows.flatMap((row, column) => row.map(({ symbol, parent, logProbability }, place) => ({
    symbol, column, row: first + place, from: column ? first + parent : 0, alive: alive[column][place], best: best[column][place],
    share: Math.exp(logProbability - (column ? rows[column - 1][parent].logProbability : 0)),
  })))
}

/** What is continued: what it writes, or a source. @param {State} state */
const after = ({ run, sampling, from }) => (run?.task ? { from } : { prompt: sampling.prompt })

/** As many letters as it would write at all. @param {State} state */
const longest = ({ run, sampling }) => (run?.task ? Number(run.config.steps) : sampling.length)

/** @type {import('../types.js').Panel} */
export const beam = {
  name: NAME,
  title: english('Beam'),
  question: english('what greedy misses'),
  suits: (run) => !run.task || (readsSource(run) && !run.task.across),
  choices: { width: 3, letters: 8 },
  asks: (state, { width, letters }) => [{ name: 'beam', options: { ...after(state), width: Number(width), length: Math.min(Number(letters), longest(state)) } }],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Which text is the likeliest?'))
    const spin = (/** @type {'width' | 'letters'} */ name, /** @type {string} */ label) =>
      createSpin({ label, minimum: 1, maximum: MOST[name], whole: true, format: String, change: (value) => emit({ type: 'choose', panel: NAME, name, value }) })
    const [width, letters] = [spin('width', t('texts kept')), spin('letters', t('letters ahead'))]
    createPhrase(words.appendChild(element('p')))(phrase`Always to take the likeliest letter is greedy: a good text may begin with another one. A beam search keeps the ${{ node: width.node }} likeliest texts after each letter, ${{ node: letters.node }} letters ahead.`)
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const rest = createPhrase(words.appendChild(element('p')))
    words.append(element('p', { class: 'how' }, t('From left to right, a column for each letter: the texts that are kept, the likeliest on top, joined to what they continue. The number is how likely the letter is there; texts that were dropped later are pale. At the right, how likely the whole text is. With one text kept, the search is greedy itself.')))
    const plot = createPlot(figure, HEIGHT, NAME)
    const { svg } = plot
    const title = shape(svg, 'title')
    const edges = pool(shape(svg, 'g'), () => shape(null, 'path', { class: 'edge' }))
    const tiles = pool(shape(svg, 'g'), () => shape(null, 'rect', { rx: 3, height: TILE }))
    const signs = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'sign middle' }))
    const shares = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'end' }))
    const ends = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'strong' }))
    const lane = shape(svg, 'text', { class: 'aside', x: 0 })
    const start = shape(svg, 'text', { class: 'sign end' })
    const table = createTable(figure, t('The likeliest texts that were found'), [t('text'), t('probability')])

    /** @param {Beam} found @param {number} wide @param {string} begin  what stands before the first letter */
    function paint({ rows, texts, greedy }, wide, begin) {
      const under = Math.max(...rows.map(({ length }) => length)) + 0.6
      const nodes = [...nodesOf(rows, 0), ...nodesOf(greedy.rows, under).map((node) => ({ ...node, from: under }))]
      const pitch = (wide - LEFT - RIGHT) / rows.length
      const step = Math.min(GAP, (HEIGHT - TOP - 20) / (under + 1.6))
      const wider = nodes.some(({ symbol }) => symbol.length > 3) ? Math.min(LONG, Math.max(TILE, pitch * 0.6)) : TILE
      const x = (/** @type {number} */ column) => LEFT + (column + 0.5) * pitch
      const y = (/** @type {number} */ row) => TOP + (row < under ? row : under + 0.5) * step
      const ways = edges(nodes.length)
      const faces = [tiles(nodes.length), signs(nodes.length), shares(pitch - wider > (wider > TILE ? 40 : 16) ? nodes.length : 0)]
      nodes.forEach(({ symbol, column, row, from, alive, best, share: p }, i) => {
        const begin = column ? x(column - 1) + wider / 2 : LEFT - 8
        const [end, turn] = [x(column) - wider / 2, (x(column) - wider / 2 - begin) / 2]
        put(ways[i], { d: `M${begin} ${y(from)}C${begin + turn} ${y(from)} ${end - turn} ${y(row)} ${end} ${y(row)}`, class: best && row < under ? 'edge best' : alive ? 'edge' : 'edge faint' })
        put(faces[0][i], { x: end, width: symbol ? wider : 0, y: y(row) - TILE / 2, class: alive ? '' : 'faint' })
        const { background, ink } = colours(p)
        faces[0][i].style.fill = background
        put(faces[1][i], { x: x(column), y: y(row) + 5, class: alive ? 'sign middle' : 'sign middle faint' })
        faces[1][i].style.fill = ink
        say(faces[1][i], symbol && clipped(glyph(symbol), Math.max(1, Math.floor(wider / 8))))
        if (!faces[2].length) return
        put(faces[2][i], { x: end - 6, y: y(row) - 5, class: alive ? 'end' : 'end faint' })
        say(faces[2][i], symbol && share(p))
      })
      const last = ends(texts.length + 1)
      ;[...texts, greedy].forEach(({ logProbability }, i) => {
        put(last[i], { x: wide - RIGHT + 8, y: y(i < texts.length ? i : under) + 4 })
        say(last[i], share(Math.exp(logProbability)))
      })
      put(lane, { y: y(under) - TILE / 2 - 12 })
      say(lane, t('greedy: always the likeliest letter'))
      put(start, { x: LEFT - 12, y: y(0) + 5 })
      say(start, begin)
    }

    return {
      render(state, _, [answer], choices) {
        const most = Math.min(MOST.letters, longest(state))
        width.set(Number(choices.width))
        letters.limit(most)
        letters.set(Math.min(most, Number(choices.letters)))
        if (answer?.error) return claim([t`It cannot be searched: ${answer.error}.`])
        if (answer?.name !== 'beam' || !answer.result) return
        const { result } = answer
        const [{ text, logProbability }] = result.texts
        const [found, taken] = [{ letter: shown(text) }, { letter: shown(result.greedy.text) }]
        const times = { strong: fixed(Math.exp(logProbability - result.greedy.logProbability), 1) }
        claim(text === result.greedy.text ? phrase`After ${{ letter: shown(result.prompt) }} nothing it found is likelier than what greedy writes: ${found}.`
          : logProbability < result.greedy.logProbability ? phrase`Greedy was luckier: ${taken} is likelier than ${found}. Keep more texts.`
            : phrase`After ${{ letter: shown(result.prompt) }} it finds ${found}, ${times} times as likely as what greedy writes: ${taken}.`)
        const dropped = nodesOf(result.rows, 0).filter(({ alive }) => !alive).length
        rest(dropped ? phrase`On the way ${{ strong: String(dropped) }} letters were kept that led nowhere.` : [])
        plot.draw((wide) => paint(result, wide, state.run?.task ? START : [...result.prompt].slice(-5).map(glyph).join('')))
        say(title, t`The texts that a beam search keeps: ${result.texts.map(({ text, logProbability }) => `${text}, ${share(Math.exp(logProbability))}`).join('; ')}`)
        table(state.training, () => result.texts.map(({ text, logProbability }) => [shown(text), share(Math.exp(logProbability))]))
      },
      destroy() {
        plot.destroy()
        root.replaceChildren()
      },
    }
  },
}

/** @param {string} text */
const shown = (text) => [...text].map(glyph).join('')

/** Sure is blue, as where it writes. @param {number} p */
const colours = (p) => {
  const { background, text } = shade('value', p)
  return { background, ink: text }
}
