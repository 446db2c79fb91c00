/** Tasks on the page, in three browsers: each learns as it does under Node, to the last bit, and what it answers is what the network there says. */
import assert from 'node:assert/strict'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { learn, tasks, weigh } from '../../build/unroll/tasks.js'
import { presets } from '../../web/presets.js'
import { glyph, three } from '../../web/page/draw/numbers.js'
import { serve } from '../../web/serve.js'
import { inEachBrowser } from './each.js'
import { WATCH } from './drive.js'
import { engine, lossInNode } from './in-node.js'
import { opened, tasksIn } from './learned.js'
import { choose, complete, drop, learnTable, lookInside, marks, press, reaches, setNumber, takeFile } from './use.js'

/** @typedef {import('./drive.js').Page} Page */
/** @typedef {ReturnType<typeof learn>} Learning */
/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */
/** Of the table of runs; drawn: null where it cannot be. @typedef {{ name: string, lowest: string, held: string, drawn: boolean | null }} Row */
/** @typedef {{ batch: number, steps: number, fresh: boolean, inputs?: number[], vectors?: number[], targets?: number[], values?: number[] }} One  sequence */

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const ROUNDS = 12
const STILL = { reducedMotion: true }

/** A table of one's own: words, and what their vowel makes of them. @param {number} rows @param {number} letters  of a word, at least */
const rhymes = (rows, letters) => `word,kind\n${Array.from({ length: rows }, (_, i) => `${i.toString(36).padStart(letters, 'k')}${i % 2 ? 'o' : 'e'},${i % 2 ? 'dark' : 'bright'}`).join('\n')}\n`

/** How often what is held out is looked at until a network has come nearer its goal; of large data, less often. @type {Record<string, number>} */
const LOOKS = { cmudict: 3, spam: 3 }

/** A learning of the same task, after as many rounds; who asks for it disposes of its model. @param {string} name @param {number} rounds @param {{ fields?: Record<string, number>, config?: Parameters<typeof engine.createModel>[0] }} [options] */
function twin(name, rounds, options = {}) {
  const learning = learn(engine, opened.get(name) ?? name, options)
  let loss = NaN
  for (let i = 0; i < rounds; i++) ({ loss } = learning.step())
  return { learning, loss: String(loss) }
}

/** One of what is held out, as numbers. @param {Batch} held @param {number} b @returns {One} */
function sequence({ batch, steps, inputs, vectors, targets, values, lengths }, b) {
  const one = (/** @type {ArrayLike<number> | undefined} */ all) => all && /** @type {number[]} */ (Array.prototype.slice.call(all, b * all.length / batch, (b + 1) * all.length / batch))
  const length = lengths?.[b] ?? steps
  const cut = (/** @type {number[] | undefined} */ all) => all?.slice(0, all.length / steps * length)
  const each = targets?.length === batch * steps || values?.length === batch * steps
  const kept = { inputs: cut(one(inputs)), vectors: cut(one(vectors)), targets: each ? cut(one(targets)) : one(targets), values: each ? cut(one(values)) : one(values) }
  return { batch: 1, steps: length, fresh: true, ...Object.fromEntries(Object.entries(kept).filter(([, all]) => all)) }
}

/** What the network says to one sequence, row by row. @param {Learning} learning @param {number} b */
function outputs({ model, held }, b) {
  const batch = sequence(held, b)
  const asked = { ...batch, ...(batch.targets && { targets: batch.targets.map((target) => Math.max(0, target)) }) }
  return { batch, rows: model.trace(asked).get(model.config.loss === 'squared' ? 'logits' : 'p').data }
}

const percent = (/** @type {number} */ p) => (p > 0.995 && p < 1 ? '99' : String(Math.round(100 * p)))
const written = (/** @type {number} */ v) => Math.abs(v).toFixed(2).replace(/^/, Number(v.toFixed(2)) < 0 ? '\u2212' : '')

/** What stands where it answers, as a text, and what it is to be. @type {Record<string, { selector: string, says: (learning: Learning) => string }>} */
const FACES = {
  adding: { selector: '.key-list li:last-child b', says: (learning) => written(outputs(learning, 0).rows[0]) },
  copy: { selector: '.aligned .says', says: (learning) => `says${classes(learning).map((best, t) => (outputs(learning, 0).batch.targets?.[t] === -1 ? '' : String.fromCodePoint(97 + best))).join('')}` },
  sine: { selector: '.key-list li:nth-child(2) b', says: (learning) => foreseen(learning, 1) },
  brackets: { selector: '.tagged', says: (learning) => tagged(learning, '([)]') },
  tagging: { selector: '.tagged.words', says: (learning) => {
    const { batch, rows } = outputs(learning, 0)
    const words = learning.task.spelled?.(learning.values)[0] ?? []
    return /** @type {number[]} */ (batch.inputs).map((_, t) => `${words[t]} ${percent(rows[t])} `).join('')
  } },
  names: { selector: '.asked .sequence', says: ({ held }) => sequence(held, 0).inputs?.map((symbol) => lettersOfNames()[symbol]).join('') ?? '' },
  spam: { selector: '.asked .sequence', says: ({ held, task, values }) => sequence(held, 0).inputs?.map((symbol) => glyph(task.symbols?.(values).reads?.[symbol] ?? '')).join(' ') ?? '' },
  parity: { selector: '.tagged', says: (learning) => tagged(learning, '01', learning.values.lag + learning.values.window - 1) },
  'mackey-glass': { selector: '.key-list li:nth-child(2) b', says: (learning) => foreseen(learning, learning.values.horizon) },
  ...Object.fromEntries(Object.values(tasks).filter(({ shape }) => shape === 'sequence-to-sequence').map(({ name }) => [name, { selector: '.rewritten .free', says: writtenAlone }])),
  drawing: { selector: '.asked-of', says: ({ held, task, values }) => task.symbols?.(values).sources?.[held.sources?.[0] ?? 0] ?? '' },
  depth: { selector: '.aligned .says', says: (learning) => `says${classes(learning).join('')}` },
  motion: { selector: '.frames', says: (learning) => classes(learning).map((way, t) => (t ? `${'·←→↑↓'[way]}${percent(outputs(learning, 0).rows[5 * t + way])}` : '')).join('') },
  morphing: { selector: '.pad', says: ({ task }) => task.corners?.join('') ?? '' },
  digits: { selector: '.picture-read title', says: ({ held }) => `A picture of ${held.targets?.[wholeDigit(held)]}.` },
}

/** The likeliest class at each step of the first sequence. @param {Learning} learning */
function classes(learning) {
  const { rows } = outputs(learning, 0)
  const V = Number(learning.model.config.outputs)
  return Array.from({ length: rows.length / V }, (_, t) => [...Array(V).keys()].reduce((a, k) => (rows[t * V + k] > rows[t * V + a] ? k : a), 0))
}

/** The first source that is a vector. @param {Batch} held @returns {number[]} */
const firstVector = ({ batch, sourceVectors = [] }) => Array.prototype.slice.call(sourceVectors, 0, sourceVectors.length / batch)

/** What it writes to the first source. @param {Learning} learning */
function writtenAlone({ model, held, task, values }) {
  const { says = [] } = task.symbols?.(values) ?? {}
  const { sources = [], sourceLengths = [], sourceVectors } = held
  const symbols = model.generate({
    source: sourceVectors ? firstVector(held) : Array.prototype.slice.call(sources, 0, sourceLengths[0]), prompt: [says.length - 2], length: Number(model.config.steps), stops: [[says.length - 1]], strategy: 'greedy',
  }).symbols
  return `writes alone${Array.from(symbols).filter((symbol) => symbol >= 0 && symbol < says.length - 1).map((symbol) => glyph(says[symbol])).join('')}`
}

/** The first of the digits that does not end early: the others are not measured. @param {Batch} held */
const wholeDigit = ({ lengths }) => Array.from(lengths ?? []).findIndex((length) => length === 8)

const lettersOfNames = () => {
  const { letters } = /** @type {{ letters: string[] }} */ (tasks.names.encoding?.(Object.fromEntries(tasks.names.fields.map((field) => [field.name, field.default]))))
  return ['\uFFFD', ...letters]
}

/** The mean squared error of what is foreseen, in three digits. @param {Learning} learning @param {number} horizon */
function foreseen(learning, horizon) {
  const { batch: { vectors = [], values = [] }, rows } = outputs(learning, 0)
  const came = [...vectors, ...values.slice(-horizon)]
  const error = rows.reduce((sum, value, t) => sum + (value - came[t + horizon]) ** 2, 0) / rows.length
  return error >= 1 ? error.toFixed(2) : error.toFixed(3)
}

/** @param {Learning} learning @param {string} symbols @param {number} [first]  step that is asked */
function tagged(learning, symbols, first = 0) {
  const { batch, rows } = outputs(learning, 0)
  return /** @type {number[]} */ (batch.inputs).map((symbol, t) => `${symbols[symbol]} ${t < first ? '' : percent(rows[t])}`).join('')
}

/** The same, with the loss of each round. @param {string | import('../../build/unroll/types/tasks/task.js').Task} task @param {number} rounds */
function lossesOf(task, rounds) {
  const learning = learn(engine, task)
  return { learning, losses: Array.from({ length: rounds }, () => learning.step().loss) }
}

/** Waits until Runs has these, the present one first, and a curve of each that is drawn. @param {Page} page @param {readonly Row[]} wanted */
async function lists(page, wanted) {
  await lookInside(page, 'runs')
  const unit = wanted[0].lowest.endsWith('bits') ? 'bits' : 'squared error'
  await page.waitFor((wanted) => {
    const rows = [...document.querySelectorAll('#panel-runs tbody tr')].map((row) => {
      const box = /** @type {HTMLInputElement} */ (row.querySelector('input'))
      return { name: row.children[1].textContent?.replace(/^\d+ +/, ''), lowest: row.children[8].textContent, held: row.children[9].textContent, drawn: box.disabled ? null : box.checked }
    })
    return JSON.stringify([rows, document.querySelector('#panel-runs .plot text')?.textContent, document.querySelectorAll('#panel-runs path.run').length]) === wanted
  }, {}, JSON.stringify([wanted, unit, wanted.filter(({ drawn }) => drawn).length]))
}

/** Opens a task where nothing moves by itself, and trains some rounds. @param {Page} page @param {string} name @param {number} rounds */
async function learned(page, name, rounds) {
  await complete(page)
  await choose(page, '#preset', name)
  await page.waitFor(() => document.querySelector('.answering') !== null && document.documentElement.dataset.drawing === 'folded')
  while (Number((await marks(page)).iteration) < rounds) {
    const { iteration } = await marks(page)
    await press(page, 'One round')
    await reaches(page, Number(iteration) + 1)
  }
  return Number((await marks(page)).iteration)
}

/** @param {Page} page @param {string} words */
const says = (page, words) => page.waitFor((words) => document.querySelector('.notice')?.textContent?.includes(words), {}, words)

/** What breaks a rule of accessibility, in words. @param {Page} page @returns {Promise<string[]>} */
const violations = (page) => page.evaluate(async () => {
  const { violations } = await Reflect.get(window, 'axe').run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
  return violations.flatMap((/** @type {{ id: string, nodes: { target: string[] }[] }} */ { id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`))
})

inEachBrowser(({ name: browser, open, url }) => {
  for (const name of tasksIn(browser)) {
    test(`${browser} learns ${name} as Node does, answers as the network there, keeps the rules of accessibility, and nears its goal, on a phone without scrolling sideways`, async (t) => {
      const page = await open(t, STILL)
      const rounds = await learned(page, name, ROUNDS)
      const { learning, loss } = twin(name, rounds)
      t.after(() => learning.model.dispose())
      assert.equal((await marks(page)).loss, loss)
      const { selector, says } = FACES[name]
      const wanted = says(learning)
      await page.waitFor((selector, wanted) => document.querySelector(`.answers ${selector}`)?.textContent?.startsWith(wanted), {}, selector, wanted)
      assert.match(await page.evaluate(() => document.querySelector('#reading p')?.textContent ?? ''), /^Step \d+\. It reads/)
      if (browser !== 'webkit') assert.deepEqual(await violations(page), [])

      await page.resize(320, 640)
      await setNumber(page, '.knobs input[aria-label^="speed"]', 'full')
      await press(page, 'Train')
      const every = Math.ceil(tasks[name].goal.iterations / 20) // looks at what is held out
      const heldOut = (/** @type {number} */ below) => page.waitFor((below) => {
        const figure = [...document.querySelectorAll('.figures div')].find((node) => node.textContent?.startsWith('held out'))
        const error = Number(figure?.querySelector('b')?.textContent?.replace('\u2212', '-'))
        return error < below && error
      }, {}, below)
      await reaches(page, every + 1)
      const first = Number(await heldOut(Number.MAX_VALUE))
      await reaches(page, (LOOKS[name] ?? 5) * every + 1)
      await press(page, 'Pause training')
      assert.ok(await heldOut(first))
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false)
      assert.deepEqual(await page.errors(), [])
    })
  }

  for (const [name, fields] of /** @type {const} */ ([['parity', { lag: 3, window: 3 }], ['mackey-glass', { tau: 20 }]])) {
    test(`${browser} repeats a shared run of ${name} elsewhere, bit for bit`, async (t) => {
      const settings = new URLSearchParams({ v: '1', preset: name, ...Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, String(value)])), hidden: '12' })
      const page = await open(t, { url: `${url}#${settings}` })
      await page.waitFor(() => document.querySelector('.answering') !== null)
      await reaches(page, 5)
      await press(page, 'Pause training')
      await page.waitFor(() => document.documentElement.dataset.training === 'paused')
      await press(page, 'Share')
      await says(page, 'repeats this run')
      const hash = await page.evaluate(() => location.hash)
      assert.ok(hash.startsWith(`#v=1&preset=${name}&`) && hash.includes('&hidden=12&round='), hash)
      const { iteration, loss } = await marks(page)
      const there = twin(name, Number(iteration), { fields: { ...fields }, config: { hidden: 12 } })
      there.learning.model.dispose()
      assert.equal(loss, there.loss)
      const other = await open(t, { url: url + hash })
      await says(other, 'the same numbers as when it was shared')
      assert.deepEqual([(await marks(other)).iteration, (await marks(other)).loss], [iteration, loss])
      for (const each of [page, other]) assert.deepEqual(await each.errors(), [])
    })
  }

  test(`${browser} tells what a task lacks where its data is not there, keeps what it learns, and learns the task when the data is there`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'unroll-site-'))
    cpSync('build/site', folder, { recursive: true, filter: (file) => !file.endsWith('cmudict.txt') })
    const site = await serve(folder, { port: 0, prelude: WATCH })
    t.after(async () => {
      await site.close()
      rmSync(folder, { recursive: true })
    })
    const page = await open(t, { ...STILL, url: site.url })
    await complete(page)
    await press(page, 'One round')
    await reaches(page, 1)
    await choose(page, '#preset', 'cmudict')
    await says(page, 'could not be loaded: cmudict.txt, the data of this task: 404.')
    await press(page, 'One round')
    await reaches(page, 2)
    copyFileSync('build/site/cmudict.txt', join(folder, 'cmudict.txt'))
    await choose(page, '#preset', 'cmudict')
    await page.waitFor(() => document.querySelector('.answering') !== null)
    assert.deepEqual((await page.errors()).filter((error) => !error.includes('404')), [])
  })

  test(`${browser} says where the data of a task is that the page as one file has not`, async (t) => {
    const page = await open(t, { ...STILL, url: pathToFileURL(resolve('build/unroll.html')).href })
    await complete(page)
    await choose(page, '#preset', 'cmudict')
    await says(page, 'The data of this task, cmudict.txt, is not in this page, which is a single file; where the page is a site, it is.')
    await press(page, 'One round')
    await reaches(page, 1)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} shows where it looks, and obeys how much it is told`, async (t) => {
    const page = await open(t, STILL)
    const rounds = await learned(page, 'translation', ROUNDS)
    const { learning } = twin('translation', rounds)
    t.after(() => learning.model.dispose())
    const { held, model } = learning
    const [T, S] = [held.steps, held.sourceSteps ?? 0]
    const one = (/** @type {ArrayLike<number> | undefined} */ all, /** @type {number} */ count) => Array.prototype.slice.call(all, 0, count)
    const batch = { batch: 1, steps: T, fresh: true, inputs: one(held.inputs, T), targets: one(held.targets, T), sourceSteps: S, sources: one(held.sources, S) }
    const shares = [...model.trace(batch).get('attention').data].map((share) => (share >= 0.05 ? percent(share) : ''))
    await lookInside(page, 'attention')
    await page.waitFor((wanted) => [...document.querySelectorAll('.looks tbody td')].map((cell) => cell.textContent).join() === wanted, {}, shares.join())
    if (browser !== 'webkit') assert.deepEqual(await violations(page), [])
    await setNumber(page, '#panel-attention input.drag', '50')
    await press(page, 'One round')
    await reaches(page, rounds + 1)
    model.configure({ teacherForcing: 0.5 })
    assert.equal((await marks(page)).loss, String(learning.step().loss))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} tags a sentence of one's own, and says what a network of one direction says of it`, async (t) => {
    const page = await open(t, STILL)
    const rounds = await learned(page, 'tagging', ROUNDS)
    const text = 'Rose met Will'
    /** What stands over it, in the words of the page. @param {Learning[]} networks */
    const saysOf = (networks) => text.split(' ').map((word, at) => [word, ...networks.map(({ task, model, values }) => {
      const { batch } = /** @type {{ batch: Batch }} */ (task.read?.(text, task.encoding?.(values), values, model.config))
      return percent(model.trace(batch).get('p').data[at])
    })].join(' ')).join('')
    const [both, one] = [true, false].map((bidirectional) => twin('tagging', rounds, { config: { bidirectional } }).learning)
    t.after(() => { for (const { model } of [both, one]) model.dispose() })
    const reads = (/** @type {string} */ wanted) => page.waitFor((wanted) => [...document.querySelectorAll('.own-sentence .one')].map((node) => [...node.children].filter((child) => !(/** @type {HTMLElement} */ (child).hidden)).map((child) => child.textContent).join(' ')).join('') === wanted, {}, wanted)
    await page.type('.own-sentence input', text)
    await reads(saysOf([both]))
    await press(page, 'compare with one direction')
    await reads(saysOf([both, one]))
    await page.waitFor((words) => document.querySelector('.answers p')?.textContent?.includes(words), {}, `after ${rounds} of ${rounds}.`)
    if (browser !== 'webkit') assert.deepEqual(await violations(page), [])
    await press(page, 'without the comparison')
    await reads(saysOf([both]))
    await page.type('.own-sentence input', 'and '.repeat(30))
    await page.waitFor(() => document.querySelector('.own-sentence [role="status"]')?.textContent?.includes('30 words is outside 1 … 24'))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} answers to a text of one's own as it is typed, and not to what another task was asked`, async (t) => {
    for (const [task, text, wrong, why] of [['names', 'Zoë', 'a'.repeat(99), 'the model reads at most'], ['reversal', 'unroll', 'UNROLL', '“U” is nothing that the model reads']]) {
      const page = await open(t, STILL)
      const told = (/** @type {string} */ wanted) => page.waitFor((wanted) => document.querySelector('.own p')?.textContent === wanted, {}, wanted)
      const { learning: { model, values, task: own } } = twin(task, await learned(page, task, ROUNDS))
      const encoding = own.encoding?.(values)
      await page.type('.own input', text)
      if (own.rewrite) await told(`→ ${own.rewrite(model, text, { values, encoding }, { width: 1 })[0].text}`)
      else await told(weigh(model, own, text, { values, encoding }).map(({ label, share }) => `${label} ${percent(share)} %`).join(''))
      if (browser !== 'webkit') assert.deepEqual(await violations(page), [])
      await page.type('.own input', wrong)
      await page.waitFor((why) => document.querySelector('.own p')?.textContent?.replace(/"(.*)"/, '“$1”').includes(why), {}, why)
      await choose(page, '#preset', 'sorting')
      await page.waitFor(() => {
        const input = /** @type {HTMLInputElement | null} */ (document.querySelector('.own input'))
        return input && input.value === '' && /such as \d+$/.test(input.placeholder) && document.querySelector('.own p')?.textContent === ''
      })
      assert.deepEqual(await page.errors(), [])
      await page.close()
      model.dispose()
    }
  })

  test(`${browser} counts what is confused as one counts by hand, and shows an example`, async (t) => {
    const page = await open(t, STILL)
    const rounds = await learned(page, 'digits', 30)
    const { learning } = twin('digits', rounds)
    t.after(() => learning.model.dispose())
    const { held } = learning
    const counts = Array.from({ length: 10 }, () => new Array(10).fill(0))
    /** Among those that do not end early, in their order. @type {{ wanted: number, said: number }[]} */
    const answers = []
    for (let b = 0; b < held.batch; b++) {
      if (held.lengths?.[b] !== 8) continue
      const { batch, rows } = outputs(learning, b)
      const [wanted, said] = [Number(batch.targets?.[0]), rows.indexOf(Math.max(...rows))]
      counts[wanted][said]++
      answers.push({ wanted, said })
    }
    await lookInside(page, 'confusion')
    const shown = () => page.evaluate(() => [...document.querySelectorAll('.matrix tbody tr')].map((row) => [...row.querySelectorAll('td[data-said] button')].map((cell) => Number(cell.textContent))))
    await page.waitFor((total) => [...document.querySelectorAll('.matrix td[data-said] button')].reduce((sum, cell) => sum + Number(cell.textContent), 0) === total, {}, answers.length)
    assert.deepEqual(await shown(), counts)
    const right = counts.reduce((sum, row, digit) => sum + row[digit], 0)
    assert.match(await page.evaluate(() => document.querySelector('.confusion .claim')?.textContent ?? ''), new RegExp(`Of ${answers.length} answers, ${percent(right / answers.length)} % are right`))

    const wrong = answers.find(({ wanted, said }) => wanted !== said)
    assert.ok(wrong)
    await page.evaluate(({ wanted, said }) => /** @type {HTMLElement} */ (document.querySelectorAll('.matrix tbody tr')[wanted].querySelectorAll('td[data-said] button')[said]).click(), wrong)
    const first = answers.findIndex(({ wanted, said }) => wanted === wrong.wanted && said === wrong.said)
    await page.waitFor((words) => document.querySelector('.examples button')?.textContent === words, {}, `sequence ${first + 1}`)
    await page.click('.examples button')
    await page.waitFor((words) => document.querySelector('.answers .label')?.textContent?.includes(words), {}, `${first + 1} of`)
    if (browser !== 'webkit') assert.deepEqual(await violations(page), [])
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} draws what the network draws to a point that one chooses, by hand and by keys, beside what lies there`, async (t) => {
    const page = await open(t, STILL)
    const rounds = await learned(page, 'morphing', ROUNDS)
    const { learning: { model, held, task, values } } = twin('morphing', rounds)
    t.after(() => model.dispose())
    /** Both pictures, as they are told to those who do not see. @param {number[]} source */
    const pictures = (source) => {
      const { symbols } = model.generate({ source, prompt: [2], length: 65, stops: [[3]], strategy: 'greedy' })
      const drawn = Array.from(symbols).filter((symbol) => symbol === 0 || symbol === 1)
      return [task.right?.(source, values) ?? [], drawn].map((points) => Array.from({ length: 8 }, (_, row) => points.slice(8 * row, 8 * row + 8).map((ink) => '.#'[ink]).join('')).join(' '))
    }
    const shows = (/** @type {string[]} */ wanted) => page.waitFor((wanted) => [...document.querySelectorAll('.answers .paper')].map((node) => node.getAttribute('aria-label')?.replace(/^.*: /, '')).join('|') === wanted, {}, wanted.join('|'))
    const [x, y] = firstVector(held)
    await shows(pictures([x, y]))
    const there = [x < 0.5 ? 1 : 0, Number((y + (y < 0.5 ? 0.05 : -0.05)).toFixed(3))]
    await page.evaluate(() => /** @type {SVGElement | null} */ (document.querySelector('.pad .slide'))?.focus())
    for (const key of [x < 0.5 ? 'End' : 'Home', y < 0.5 ? 'ArrowDown' : 'ArrowUp']) await page.press(key)
    await shows(pictures(there))
    const box = await page.evaluate(() => {
      const { left, top, width, height } = /** @type {Element} */ (document.querySelector('.pad .plane')).getBoundingClientRect()
      return { left, top, width, height }
    })
    await page.drag([box.left + there[0] * box.width, box.top + there[1] * box.height], [box.left - 20, box.top + box.height + 20])
    await shows(pictures([0, 1]))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} goes on freely from where one chooses, as one does by hand`, async (t) => {
    const page = await open(t, STILL)
    const rounds = await learned(page, 'mackey-glass', ROUNDS)
    const { learning } = twin('mackey-glass', rounds)
    t.after(() => learning.model.dispose())
    const { model, held, values: { horizon } } = learning
    const start = 30
    const { vectors = [], values = [], steps } = sequence(held, 0)
    const read = vectors.slice(0, start)
    // One number at a time: what was said `horizon` steps ago is what is read now.
    for (let time = start; time < steps + horizon; time++) {
      const batch = { batch: 1, steps: time - horizon + 1, fresh: true, vectors: read.slice(0, time - horizon + 1), values: values.slice(0, time - horizon + 1) }
      read.push(model.trace(batch).get('logits').data[time - horizon])
    }
    const came = [...vectors, ...values.slice(-horizon)]
    const error = Math.sqrt(read.slice(start).reduce((sum, value, i) => sum + (value - came[start + i]) ** 2, 0) / (read.length - start))
    await lookInside(page, 'series')
    await page.type('#panel-series input.drag', String(start))
    await page.press('Enter')
    await page.waitFor((words) => document.querySelector('.series .claim')?.textContent?.includes(words), {}, `freely, by ${error >= 1 ? error.toFixed(2) : error.toFixed(3)}`)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} learns from a table of one's own, and says by its line what is wrong with one, with nothing lost`, async (t) => {
    const page = await open(t, STILL)
    const rounds = await learned(page, 'names', 3)
    await press(page, 'Data')
    await drop(page, 'broken.csv', 'word,kind\nab,x\ncd\n')
    await page.waitFor(() => document.querySelector('.task-data .wrong')?.textContent?.includes('line 3'))
    assert.equal(Number((await marks(page)).iteration), rounds)
    await drop(page, 'rhymes.csv', `kind,note,word\n${Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'dark' : 'bright'},"${i}, of 40",${'abcdefgh'[i % 8]}${'klmnp'[i % 5]}${i % 2 ? 'o' : 'e'}`).join('\n')}\n`)
    await page.waitFor(() => document.querySelector('.task-data tbody td')?.textContent === 'bright')
    const roles = () => page.evaluate(() => [...document.querySelectorAll('.task-data .role')].map((menu) => /** @type {HTMLSelectElement} */ (menu).value))
    assert.deepEqual(await roles(), ['text', 'class', ''])
    await choose(page, '.task-data td:nth-child(3) .role', 'text')
    assert.deepEqual(await roles(), ['', 'class', 'text'])
    await choose(page, '.task-data td:nth-child(1) .role', 'class')
    assert.deepEqual(await roles(), ['class', '', 'text'])
    if (browser !== 'webkit') assert.deepEqual(await violations(page), [])
    await press(page, 'Start learning this table')
    await page.waitFor(() => document.querySelector('.task-data .lead')?.textContent?.includes('rhymes') || !(/** @type {HTMLDialogElement} */ (document.querySelector('#data')).open))
    for (const round of [1, 2]) {
      await press(page, 'One round')
      await reaches(page, round)
    }
    await page.waitFor(() => /dark|bright/.test(document.querySelector('.answers')?.textContent ?? ''))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} keeps runs of tasks beside those of texts, with what was measured, draws losses of one kind, and begins each again as it was`, async (t) => {
    const page = await open(t, STILL)
    await learned(page, 'sine', Math.ceil(tasks.sine.goal.iterations / 20)) // when what is held out is looked at
    const { iteration: rounds } = await marks(page)
    const { learning, losses } = lossesOf('sine', Number(rounds))
    const sine = { name: 'Sine', lowest: three(Math.min(...losses)), held: `mean squared error ${three(learning.metrics().meanSquaredError)}`, drawn: null }
    learning.model.dispose()
    await choose(page, '#preset', 'hello')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'vanilla')
    await press(page, 'One round')
    await reaches(page, 1)
    const hello = { name: 'hello', lowest: `${(Number(lossInNode(presets.hello.config, 1)) / Math.LN2).toFixed(2)} bits`, held: '', drawn: true }
    const present = (/** @type {Row} */ row) => ({ ...row, name: `this one, ${row.name}` })
    await lists(page, [present(hello), sine])

    await learned(page, 'names', 0)
    const table = rhymes(40, 2)
    await learnTable(page, 'rhymes.csv', table)
    const trained = lossesOf(tasks.names.from?.(table) ?? '', 2)
    trained.learning.model.dispose()
    const own = { name: 'First names: rhymes', lowest: `${(Math.min(...trained.losses) / Math.LN2).toFixed(2)} bits`, held: '', drawn: true }
    /** Round by round, from the first weights. @param {readonly number[]} losses */
    const trains = async (losses) => {
      for (const [i, loss] of losses.entries()) {
        await press(page, 'One round')
        await reaches(page, i + 1)
        assert.equal((await marks(page)).loss, String(loss))
      }
    }
    await trains(trained.losses)
    await lists(page, [present(own), hello, sine])

    await new Promise((next) => setTimeout(next, 500)) // until it is written down
    await page.goto(url)
    await complete(page)
    await lists(page, [own, hello, sine])
    await press(page, 'begin again run 1')
    await page.waitFor(() => document.querySelector('.answers')?.textContent?.includes('bright'))
    await trains(trained.losses)
    await lists(page, [present(own), hello, sine])
    await press(page, 'begin again run 3')
    await page.waitFor(() => document.querySelector('.answers .chart') !== null)
    await trains(losses.slice(0, 2))
    await lists(page, [{ ...present(sine), lowest: three(Math.min(...losses.slice(0, 2))), held: '', drawn: true }, { ...own, drawn: null }, { ...hello, drawn: null }, { ...sine, drawn: true }])
    await press(page, 'Data')
    assert.equal(new TextDecoder().decode(await takeFile(page, 'its losses')).split('\n')[0], 'round,loss_squared_error,validation_loss_squared_error')
    assert.deepEqual(await page.errors(), [])
  })

  test(`${browser} says of a run whose table was too long to keep what it needs, with nothing lost`, async (t) => {
    const page = await open(t, STILL)
    await learned(page, 'names', 1)
    await learnTable(page, 'long.csv', rhymes(10_000, 16))
    await press(page, 'One round')
    await reaches(page, 1)
    await choose(page, '#preset', 'depth')
    await page.waitFor(() => document.documentElement.dataset.iteration === '0')
    await press(page, 'One round')
    await reaches(page, 1)
    await lookInside(page, 'runs')
    await page.waitFor(() => [...document.querySelectorAll('#panel-runs tbody th')].map((cell) => cell.textContent).join() === '1  this one, Nesting,2  First names: long,3  First names')
    await press(page, 'begin again run 2')
    await says(page, 'long was too long to keep. Choose First names, give it to Data once more, then choose these settings.')
    await press(page, 'One round')
    await reaches(page, 2)
    assert.deepEqual(await page.errors(), [])
  })
}, { prelude: `<script>${AXE.replaceAll('</script', '<\\/script')}</script>` })
