/** The results as text. */
import { CONFIGURATIONS, WORKS } from './configurations.js'
import { nameOf } from './subjects.js'

/** @typedef {import('./measure.js').Row} Row */

/** 1234567 → "1.23M" @param {number} value */
export function short(value) {
  const [unit, by] = value >= 999.5e6 ? ['G', 1e9] : value >= 999_500 ? ['M', 1e6] : value >= 999.5 ? ['k', 1e3] : ['', 1]
  return (value / Number(by)).toPrecision(value < 1 ? 1 : 3).replace(/^(\d{3})\.$/, '$1') + unit
}

/** Of the nearer bound, or what threads bring. @param {Pick<Row, 'peer' | 'peakShare' | 'boundShare' | 'speedup'>} row */
export function shareOf({ peer, peakShare, boundShare, speedup }) {
  if (speedup) return `${speedup.toFixed(2)}×`
  if (peer) return ''
  const [peak, bandwidth] = [peakShare ?? 0, boundShare ?? 0]
  const share = Math.max(peak, bandwidth)
  return share ? `${Math.round(100 * share)}%${bandwidth > peak ? 'bw' : ''}${share > 1 ? '!' : ''}` : ''
}

/** @param {Row | undefined} row */
function cell(row) {
  if (!row) return '–'
  const wide = Math.round(Math.max(row.spread[1] / row.charsPerSecond - 1, 1 - row.spread[0] / row.charsPerSecond) * 100)
  return `${short(row.charsPerSecond)} ±${wide} ${shareOf(row)}`.trimEnd()
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
  return `${aligned(lines)}\n\n${legend}\n±: the 10th or 90th percentile, in %; then the share of the peak of a loop in registers, or (×) times one thread, or\n(bw) of what generating can reach when it reads each weight once for each symbol (!: above it, so it was not reached)`
}

/** @type {Record<string, string>} */
const ALSO = { steps: ', B=4', streams: ' written, H=512' }

/** @param {import('./growth.js').Growth[]} growth */
export function growthTable(growth) {
  return aligned([
    ['LSTM H=128 T=50 B=32, but for', 'symbols/s', 'GFLOP/s', 'share', 'MB', 'setText ms'],
    ...growth.map((row) => {
      const { by, value, charsPerSecond, gflops, bytes, setTextMilliseconds } = row
      return [
        `${by} ${short(value)}${ALSO[by] ?? ''}`, short(charsPerSecond), gflops ? gflops.toFixed(1) : '', shareOf(row),
        bytes ? (bytes / 1e6).toFixed(1) : '', setTextMilliseconds?.toFixed(1) ?? '',
      ]
    }),
  ])
}

/** @param {Awaited<ReturnType<typeof import('./page-load.js').measurePage>>} page */
export function pageLines({ wasmBytes, compressedBytes, requests, firstStepMilliseconds, spread, loads }) {
  return `rnn.wasm ${(wasmBytes / 1e3).toFixed(1)} kB; the page with all it loads ${(compressedBytes / 1e3).toFixed(1)} kB as gzip (${Object.keys(requests).length} requests)
first training step ${Math.round(firstStepMilliseconds)} ms after navigation (${spread.map(Math.round).join('–')}, ${loads} new profiles of Chromium)`
}
