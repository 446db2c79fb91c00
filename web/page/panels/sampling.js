/** Sampling: which letters may come where it writes, by temperature and by the rules that leave some out. */
import { chances, FREE, LEAST_SHARE } from '../choosing.js'
import { shade } from '../draw/colour.js'
import { element, pool, put, say, shape } from '../draw/dom.js'
import { clipped, fixed, glyph, percent } from '../draw/numbers.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin, parseNumber } from '../draw/spin.js'
import { english, phrase, t } from '../language/index.js'
import { givenOf } from '../views/writes/given.js'
import { createFigure } from './figure.js'
import { createPlot, createTable, share } from './plot.js'

const NAME = 'sampling'
const [ROWS, PITCH, TILE, NARROW, RIGHT] = [12, 30, 24, 40, 130]
/** Room for a word, and its characters. */
const [LONG, MOST] = [100, 10]
const HEIGHT = ROWS * PITCH + 20

/** A share as it is told and typed. @type {[(v: number) => string, (text: string) => number]} */
const PERCENT = [(v) => `${percent(v)} %`, (text) => parseNumber(text) / 100]

/** The same where one value leaves nothing out. @param {number} all @param {(v: number) => string} format @param {(text: string) => number} parse */
const allAt = (all, format, parse) => ({
  format: (/** @type {number} */ v) => (v === all ? t('all') : format(v)), parse: (/** @type {string} */ text) => (text.trim() === t('all') ? all : parse(text)),
})

/** @type {import('../types.js').Panel} */
export const sampling = {
  name: NAME,
  title: english('Sampling'),
  question: english('which letters may come'),
  suits: ({ task }) => !task,
  choices: {},
  asks: () => [],

  create(root, emit) {
    const { words, figure } = createFigure(root, t('Which letters may come?'))
    const options = /** @type {const} */ ({
      temperature: { label: t('temperature'), minimum: 0, maximum: 2, step: 0.05, format: fixed },
      topK: { label: t('top-k'), minimum: 0, maximum: 65536, whole: true, ...allAt(0, String, parseNumber) },
      topP: { label: t('nucleus'), minimum: LEAST_SHARE, maximum: 1, step: 0.05, ...allAt(1, ...PERCENT) },
      minP: { label: t('min-p'), minimum: 0, maximum: 1, step: 0.01, format: PERCENT[0], parse: PERCENT[1] },
      typicalP: { label: t('typical'), minimum: LEAST_SHARE, maximum: 1, step: 0.05, ...allAt(1, ...PERCENT) },
    })
    const names = /** @type {(keyof typeof options)[]} */ (Object.keys(options))
    const spins = Object.fromEntries(names.map((name) => [name, createSpin({ ...options[name], change: (value) => emit({ type: 'sampling', change: { [name]: value } }) })]))
    const node = (/** @type {keyof typeof options} */ name) => ({ node: spins[name].node })
    for (const sentence of [
      phrase`The network bets on every letter, and dice decide. A temperature of ${node('temperature')} sharpens the bets below 1 and levels them above; at 0 the best one always comes.`,
      phrase`Rules leave letters out: top-k ${node('topK')} takes so many of the likeliest, nucleus ${node('topP')} the fewest that have this share of the bets together.`,
      phrase`Min-p ${node('minP')} takes those that are at least this share as likely as the best, and typical ${node('typicalP')} those that surprise as much as one expects.`,
    ]) createPhrase(words.appendChild(element('p')))(sentence)
    const claim = createPhrase(words.appendChild(element('p', { class: 'claim' })))
    const free = element('button', { class: 'button', click: () => emit({ type: 'sampling', change: FREE }) }, t('Leave nothing out'))
    words.append(element('p', {}, free), element('p', { class: 'how' }, t('A row for each letter, the likeliest on top. Outlined: what the network bets on it. Blue: how often it comes with this temperature and these rules. Press a letter of “it writes” to see another place.')))
    const plot = createPlot(figure, HEIGHT, NAME)
    const { svg } = plot
    const title = shape(svg, 'title')
    const chanceBars = pool(shape(svg, 'g'), () => shape(null, 'rect', { height: TILE - 8, rx: 2 }))
    const betBars = pool(shape(svg, 'g'), () => shape(null, 'rect', { height: TILE, rx: 2, class: 'bet-outline' }))
    const signs = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'sign middle' }))
    const ends = pool(shape(svg, 'g'), () => shape(null, 'text', { class: 'strong' }))
    const table = createTable(figure, t('The letters at this place'), [t('letter'), t('bet'), t('comes')])

    return {
      render({ run, sample, sampling: now, picked, training }) {
        const rules = { ...FREE, ...now }
        spins.topK.limit(run?.vocabulary.symbols.length ?? 1)
        for (const name of names) spins[name].set(rules[name])
        free.disabled = Object.entries(FREE).every(([name, value]) => rules[/** @type {keyof typeof FREE} */ (name)] === value)
        const symbols = run?.vocabulary.symbols ?? []
        const distribution = sample?.distributions?.[picked]
        if (!sample || !distribution || distribution.length !== symbols.length) return
        const bets = Array.from(distribution)
        const comes = chances(run?.vocabulary.tokens === 'words' ? [0, ...bets.slice(1)] : bets, rules) // the unknown word is not written
        const order = [...bets.keys()].sort((a, b) => bets[b] - bets[a] || a - b)
        const left = order.filter((k) => comes[k] > 0)
        const covered = left.reduce((sum, k) => sum + bets[k], 0)
        const before = [...givenOf(sample, symbols), ...Array.from(sample.symbols).slice(0, picked).map((k) => symbols[k])].slice(-8).map(glyph).join('')
        claim(left.length === 1 ? phrase`After ${{ letter: before }} only ${{ letter: glyph(symbols[left[0]]) }} may come; the network bets ${percent(covered)} % on it.`
          : left.length === symbols.length ? phrase`After ${{ letter: before }} any of ${{ strong: String(left.length) }} letters may come.`
          : phrase`After ${{ letter: before }} any of ${{ strong: String(left.length) }} letters of ${String(symbols.length)} may come; the network bets ${percent(covered)} % on them together.`)
        const rows = order.slice(0, ROWS)
        const edge = rows.some((k) => symbols[k].length > 3) ? LONG : NARROW
        plot.draw((width) => {
          const most = Math.max(...rows.map((k) => Math.max(bets[k], comes[k])))
          const x = (/** @type {number} */ p) => Math.max(0, p / most * (width - edge - RIGHT))
          const faces = [chanceBars(rows.length), betBars(rows.length), signs(rows.length), ends(rows.length)]
          rows.forEach((k, i) => {
            const y = 10 + i * PITCH
            const out = comes[k] === 0
            put(faces[0][i], { x: edge, y: y + 4, width: x(comes[k]) })
            faces[0][i].style.fill = shade('value', 1).background
            put(faces[1][i], { x: edge, y, width: Math.max(1, x(bets[k])), class: out ? 'bet-outline out' : 'bet-outline' })
            put(faces[2][i], { x: edge / 2, y: y + 17, class: out ? 'sign middle out' : 'sign middle' })
            say(faces[2][i], clipped(glyph(symbols[k]), MOST))
            put(faces[3][i], { x: edge + x(Math.max(bets[k], comes[k])) + 8, y: y + 16, class: out ? 'out' : 'strong' })
            say(faces[3][i], out ? t`${share(bets[k])}, never comes` : `${share(bets[k])} → ${share(comes[k])}`)
          })
        })
        say(title, t`What the network bets on each letter, and how often it comes: ${rows.map((k) => `${glyph(symbols[k])}, ${share(bets[k])}, ${share(comes[k])}`).join('; ')}`)
        table(training, () => order.map((k) => [glyph(symbols[k]), share(bets[k]), share(comes[k])]))
      },
      destroy() {
        plot.destroy()
        root.replaceChildren()
      },
    }
  },
}
