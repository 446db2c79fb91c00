/** The results as text. */
import { CONFIGURATIONS, WORKS } from './configurations.js'
import { nameOf } from './subjects.js'

/** @typedef {import('./measure.js').Row} Row */

/** 1234567 → "1.23M" @param {number} value */
function short(value) {
  const [unit, by] = value >= 999.5e6 ? ['G', 1e9] : value >= 999_500 ? ['M', 1e6] : value >= 999.5 ? ['k', 1e3] : ['', 1]
  return (value / Number(by)).toPrecision(value < 1 ? 1 : 3).replace(/^(\d{3})\.$/, '$1') + unit
}

/** @param {Row | undefined} row */
function cell(row) {
  if (!row) return '–'
  const wide = Math.round(Math.max(row.spread[1] / row.charsPerSecond - 1, 1 - row.spread[0] / row.charsPerSecond) * 100)
  const share = row.peakShare === null || row.peer ? '' : ` ${Math.round(100 * row.peakShare)}%${row.peakShare > 1 ? '!' : ''}`
  return `${short(row.charsPerSecond)} ±${wide}${share}`
}

/** @param {string[][]} lines */
function aligned(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  return lines.map((line) => line.map((text, column) => (column ? text.padStart(widths[column]) : text.padEnd(widths[column]))).join('  ')).join('\n')
}

/** @param {Row[]} rows */
export function mainTable(rows) {
  const configurations = CONFIGURATIONS.filter(({ name }) => rows.some(({ config }) => config === name))
  const lines = WORKS.flatMap((work) => {
    const those = rows.filter((row) => row.work === work)
    const names = [...new Set(those.map(nameOf))]
    return [
      [`${work}, symbols/s`, ...configurations.map(({ name }) => name)],
      ...names.map((name) => [`  ${name}`, ...configurations.map(({ name: config }) => cell(those.find((row) => nameOf(row) === name && row.config === config)))]),
    ]
  })
  const legend = configurations.map(({ name, label }) => `${name}  ${label}`).join('\n')
  return `${aligned(lines)}\n\n${legend}\n±: the 10th or 90th percentile, in %; then the share of the peak of a loop in registers (!: above it, so the peak was not reached)`
}

/** @param {import('./growth.js').Growth[]} growth */
export function growthTable(growth) {
  return aligned([
    ['LSTM H=128 T=50 B=32, but for', 'symbols/s', 'GFLOP/s', 'of peak', 'MB', 'setText ms'],
    ...growth.map(({ by, value, charsPerSecond, gflops, peakShare, bytes, setTextMilliseconds }) => [
      `${by} ${short(value)}${by === 'steps' ? ', B=4' : ''}`, short(charsPerSecond), gflops ? gflops.toFixed(1) : '', peakShare ? `${Math.round(100 * peakShare)}%` : '',
      bytes ? (bytes / 1e6).toFixed(1) : '', setTextMilliseconds?.toFixed(1) ?? '',
    ]),
  ])
}

/** @param {Awaited<ReturnType<typeof import('./page-load.js').measurePage>>} page */
export function pageLines({ wasmBytes, compressedBytes, requests, firstStepMilliseconds, spread, loads }) {
  return `rnn.wasm ${(wasmBytes / 1e3).toFixed(1)} kB; the page with all it loads ${(compressedBytes / 1e3).toFixed(1)} kB as gzip (${Object.keys(requests).length} requests)
first training step ${Math.round(firstStepMilliseconds)} ms after navigation (${spread.map(Math.round).join('–')}, ${loads} new profiles of Chromium)`
}
