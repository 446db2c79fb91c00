/** Eigenvalues of recurrent weights against LAPACK's: tests/golden/diagnostics, where eigenvalues.py says how they were made. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertFails, CELLS, engine, gatesOf, numbers } from './helpers.js'

const records = new Map(readFileSync(new URL('../golden/diagnostics/eigenvalues.txt', import.meta.url), 'utf8').trimEnd().split('\n').map((line) => {
  const [name, , ...values] = line.split(' ')
  return /** @type {const} */ ([name, values.map(Number)])
}))

/** @param {string} name */
function record(name) {
  const values = records.get(name)
  assert.ok(values, `there is a record ${name}`)
  return values
}

/** The matrix of a case, as its file or its seed tells. @param {string} name */
function matrixOf(name) {
  if (records.has(`${name}.matrix`)) return record(`${name}.matrix`)
  const [n, seed] = record(`${name}.seed`)
  const next = numbers(seed)
  return Array.from({ length: n * n }, next)
}

/** @param {import('./helpers.js').Config} config */
const make = (config) => engine.createModel({ vocabulary: 2, batch: 1, steps: 2, ...config })

/** Each of LAPACK's has one of these for itself. @param {string} name  @param {import('../../build/unroll/types/probe.js').Eigenvalues} found */
function assertFound(name, { real, imaginary, radius }) {
  const [re, im, allowed] = ['real', 'imaginary', 'allowed'].map((part) => record(`${name}.${part}`))
  assert.equal(real.length, re.length)
  const left = new Set(real.keys())
  re.forEach((x, i) => {
    const distance = (/** @type {number} */ j) => Math.hypot(real[j] - x, imaginary[j] - im[i])
    const nearest = [...left].reduce((best, j) => distance(j) < distance(best) ? j : best)
    assert.ok(distance(nearest) <= allowed[i], `${name}: ${x} + ${im[i]} i is off by ${distance(nearest)}, allowed are ${allowed[i]}`)
    left.delete(nearest)
  })
  const moduli = real.map((x, i) => Math.hypot(x, imaginary[i]))
  assert.ok(moduli.every((modulus, i) => i === 0 || modulus <= moduli[i - 1]), `${name}: the largest come first`)
  assert.equal(radius, Math.max(...moduli))
}

test('eigenvalues of a vanilla layer are LAPACK\'s, from 1 unit to 512', () => {
  const cases = [...records.keys()].filter((name) => name.endsWith('.real')).map((name) => name.replace('.real', ''))
  assert.ok([1, 2, 3, 17, 64, 512].every((n) => cases.some((name) => record(`${name}.real`).length === n)))
  for (const name of cases) {
    const model = make({ cell: 'vanilla', hidden: record(`${name}.real`).length })
    model.setParameter('rnn.weight_hh_l0', matrixOf(name))
    assertFound(name, model.eigenvalues())
    model.dispose()
  }
})

test('each gate, layer and direction has eigenvalues of its own', () => {
  const [H, matrix] = [17, matrixOf('random_17')]
  for (const { name, config } of CELLS) {
    const model = make({ ...config, hidden: H, layers: 2, bidirectional: true })
    const gates = gatesOf(model)
    if (!model.parameters.some((parameter) => parameter.name === 'rnn.weight_hh_l1_reverse')) {
      assertFails(() => model.eigenvalues({ gate: gates[0] }), 'invalid-config', /no recurrent weights/)
      model.dispose()
      continue
    }
    const [layer, direction] = [1, /** @type {const} */ ('reverse')]
    for (const [g, gate] of [...gates].entries()) {
      const weights = model.getParameter('rnn.weight_hh_l1_reverse').fill(0)
      weights.set(matrix, g * H * H)
      model.setParameter('rnn.weight_hh_l1_reverse', weights)
      for (const other of gates) {
        const found = model.eigenvalues({ layer, direction, gate: other })
        if (other === gate) assertFound('random_17', found)
        else assert.equal(found.radius, 0, `${name}: ${other} beside ${gate}`)
      }
      assert.ok(model.eigenvalues({ gate }).radius < 1, `${name}: ${gate} of another layer`)
    }
    model.dispose()
  }
})

test('the first weights of each gate, layer and direction have the spectral radius that was chosen, to what float tells', () => {
  for (const { name, config } of CELLS) {
    const chosen = { ...config, hidden: 17, layers: 2, bidirectional: true, spectralRadius: 1.25 }
    if (String(config.cell).startsWith('min')) {
      assertFails(() => make(chosen), 'invalid-config', /spectral_radius 1\.25 .* cell min/)
      continue
    }
    const model = make(chosen)
    for (const gate of gatesOf(model))
      for (const layer of [0, 1])
        for (const direction of /** @type {const} */ (['forward', 'reverse'])) {
          const { radius } = model.eigenvalues({ layer, direction, gate })
          assert.ok(Math.abs(radius / 1.25 - 1) < 1e-6, `${name}, ${gate}, layer ${layer}, ${direction}: ${radius}`)
        }
    model.dispose()
  }
  assertFails(() => make({ hidden: 513, spectralRadius: 1 }), 'invalid-config', /spectral_radius 1 .* 512, not 513/)
})

test('a layer, gate or direction that is not there, and more than 512 units, are refused', () => {
  const model = make({ cell: 'lstm', hidden: 4, layers: 2 })
  assertFails(() => model.eigenvalues({ layer: 3, gate: 'f' }), 'invalid-config', /no layer 3; there are 2/)
  assertFails(() => model.eigenvalues({ layer: -1, gate: 'f' }), 'invalid-config', /layer -1/)
  for (const gate of ['', 'z', 'if']) assertFails(() => model.eigenvalues({ gate }), 'invalid-config', /lstm.*"ifgo"/)
  assertFails(() => model.eigenvalues({ gate: 'f', direction: 'reverse' }), 'invalid-config', /direction 1; there are 1/)
  const large = make({ cell: 'vanilla', hidden: 513 })
  assertFails(() => large.eigenvalues(), 'invalid-config', /512 units, not 513/)
  for (const one of [model, large]) one.dispose()
  assertFails(() => model.eigenvalues(), 'disposed')
})
