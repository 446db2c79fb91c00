/**
 * Which lines of src/ the C tests run: `make coverage`. GCC's native programs have counted them (see the Makefile).
 *
 * What hosts the core in WebAssembly (src/*wasm.c) is in no native program.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

/** @typedef {{ file: string, lines: { line_number: number, count: number }[] }} Counted */

const LEAST = 95
const FOLDER = 'build/native/gcc'

/** The lines of each file and how often they ran, in float and in double together. */
function count() {
  const counts = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.gcda') && path.includes('/src/'))
  if (!counts.length) throw new Error(`there are no counts in ${FOLDER}: run \`make coverage\``)
  const said = execFileSync('gcov', ['--json-format', '--stdout', ...counts.map((path) => `${FOLDER}/${path}`)], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  /** @type {Map<string, Map<number, number>>} */
  const files = new Map()
  for (const json of said.split('\n').filter(Boolean)) {
    for (const { file, lines } of /** @type {{ files: Counted[] }} */ (JSON.parse(json)).files.filter(({ file }) => file.startsWith('src/'))) {
      const all = files.get(file) ?? new Map()
      for (const { line_number: line, count } of lines) all.set(line, (all.get(line) ?? 0) + count)
      files.set(file, all)
    }
  }
  return files
}

/** 3, 4, 5, 9 as 3–5, 9. @param {number[]} lines */
function ranges(lines) {
  return lines.filter((line) => !lines.includes(line - 1)).map((from) => {
    let to = from
    while (lines.includes(to + 1)) to++
    return to > from ? `${from}–${to}` : from
  }).join(', ')
}

let [ran, all] = [0, 0]
for (const [file, lines] of [...count()].sort()) {
  const missed = [...lines].filter(([, times]) => !times).map(([line]) => line).sort((a, b) => a - b)
  if (missed.length) console.log(`  ${(100 * (1 - missed.length / lines.size)).toFixed(1).padStart(5)} % of ${file}, not line ${ranges(missed)}`)
  ran += lines.size - missed.length
  all += lines.size
}
const share = 100 * ran / all
console.log(`# the C tests run ${share.toFixed(1)} % of the lines of src/: ${ran} of ${all}`)
const sentence = `the C tests run at least ${LEAST} % of the lines of src/`
console.log(share >= LEAST ? `ok - ${sentence}` : `not ok - ${sentence}: they run ${share.toFixed(1)} %`)
process.exitCode = share >= LEAST ? 0 : 1
