/**
 * Runs the suites, all but the long one or those named: `node tests/run.js [suite…]`. Goes on after failures
 * and closes with `N passed, N failed`.
 *
 * A suite is some commands. They report line by line, `ok - name` or `not ok - name: why`; a command
 * that fails without such a line, that runs no test or takes too long, is one failed test itself.
 * Commands marked `check` report by their exit code alone. Lines that begin with # are shown in any case.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/** @typedef {{ run: string[], check?: string }} Command */
/** @typedef {{ minutes: number, commands: Command[], beside?: boolean }} Suite   beside: it takes what the others leave of the processor */

/** What takes longest, in this order, which comes first so that none of it is left to the end. */
const LONGEST = ['presets', 'tasks', 'worker-loss', 'layout', 'folded', 'panels', 'score', 'cli']

/** @param {string} path */
const rankOf = (path) => (LONGEST.indexOf(basename(path, '.test.js')) + 1 || LONGEST.length + 1)

/** @type {Record<string, Suite>} */
const suites = {
  format: {
    minutes: 1,
    commands: [{ check: 'the C files are formatted', run: ['clang-format', '--dry-run', '-Werror', ...list('src', /\.[ch]$/), ...list('tests/c', /\.[ch]$/)] }],
  },
  build: { minutes: 3, commands: [{ check: 'the site builds', run: ['make', '--no-print-directory', '-j2', 'build'] }] },
  types: { minutes: 2, commands: [{ check: 'the types hold', run: ['node_modules/.bin/tsc', '-b'] }] },
  gcc: native('gcc'),
  coverage: { minutes: 5, beside: true, commands: [{ run: ['node', 'tests/coverage.js'] }] },
  clang: native('clang'),
  engine: nodeTests('tests/engine', 10),
  browser: nodeTests('tests/browser', 45),
  long: nodeTests('tests/long', 90),
}

/** @param {string} compiler @returns {Suite} */
function native(compiler) {
  const programs = list('tests/c', /\/test_\w+\.c$/).map((path) => path.slice('tests/c/'.length, -'.c'.length))
  return {
    minutes: 30,
    beside: true,
    commands: [
      { check: `the C tests compile with ${compiler}`, run: ['make', '--no-print-directory', '-j2', `native-${compiler}`] },
      ...programs.map((program) => ({ run: [`build/native/${compiler}/${program}`] })),
    ],
  }
}

/** @param {string} folder @param {number} minutes @returns {Suite} */
function nodeTests(folder, minutes) {
  const files = list(folder, /\.test\.js$/).sort((a, b) => rankOf(a) - rankOf(b))
  return { minutes, commands: files.map((file) => ({ run: ['node', '--test-reporter=./tests/reporter.js', file] })) }
}

/** The files under a folder. @param {string} folder @param {RegExp} pattern @returns {string[]} */
function list(folder, pattern) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? list(path, pattern) : pattern.test(path) ? [path] : []
  }).sort()
}

/** Runs a command when nothing else wants to: Linux weighs sessions first, and then what is in them. */
const LAST = ['sh', '-c', '{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 19 "$@"', 'sh']

/** @param {Command} command @param {Suite} suite @param {number} deadline when it is ended, in ms since 1970 */
async function execute({ run, check }, { beside }, deadline) {
  const [program, ...args] = beside ? [...LAST, ...run] : run
  // It leads a process group, so that what it starts can be ended with it.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    if (child.pid) process.kill(-child.pid, signal)
  }
  let late = false
  const patience = Math.max(0, deadline - Date.now())
  const timers = [
    setTimeout(() => { late = true; end('SIGTERM') }, patience),
    setTimeout(end, patience + 10_000, 'SIGKILL'),
  ]
  const stop = () => end('SIGTERM')
  running.add(stop)
  const [code, signal] = await new Promise((done) => {
    child.on('close', (...result) => done(result)).on('error', (error) => (output += error.message))
  })
  timers.forEach(clearTimeout)
  running.delete(stop)

  const passed = check ? Number(code === 0) : count(output, /^ok\b/gm)
  let failed = check ? 0 : count(output, /^not ok\b/gm)
  const wrong = late ? 'took too long' : code !== 0 ? `ended with ${signal ?? code}` : passed + failed === 0 ? 'ran no test' : ''
  if (late || (wrong && failed === 0)) {
    failed++
    output += `\nnot ok - ${check ?? run.join(' ')}: ${wrong}`
  }
  return { passed, failed, output: failed ? output : output.match(/^# .*/gm)?.join('\n') ?? '' }
}

/** @param {string} text @param {RegExp} pattern */
const count = (text, pattern) => (text.match(pattern) ?? []).length

/**
 * A command that checks goes alone, and what follows it when it fails would test something older. Others run two at a time,
 * as there may be two cores only.
 * @param {Suite} suite @param {number} deadline
 */
async function executeAll(suite, deadline) {
  const results = []
  const { commands } = suite
  const [checks, rest] = [commands.filter(({ check }) => check), commands.filter(({ check }) => !check)]
  for (const command of checks) {
    results.push(await execute(command, suite, deadline))
    if (results.at(-1)?.failed) return results
  }
  const waiting = rest.entries()
  const take = async () => {
    for (const [i, command] of waiting) results[checks.length + i] = await execute(command, suite, deadline)
  }
  await Promise.all([take(), take()])
  return results
}

// Whoever ends this program ends what it is running too.
/** @type {Set<() => void>} */
const running = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const stop of running) stop()
    process.exit(1)
  })
}

let passed = 0
let failed = 0

/** One after the other. @param {readonly string[]} names */
async function runSuites(names) {
  for (const name of names) {
    const start = Date.now()
    const results = await executeAll(suites[name], start + suites[name].minutes * 60_000)
    const good = results.reduce((sum, result) => sum + result.passed, 0)
    const bad = results.reduce((sum, result) => sum + result.failed, 0)
    console.log(`${name.padEnd(8)} ${good} passed, ${bad} failed in ${((Date.now() - start) / 1000).toFixed(1)} s`)
    for (const { output } of results) {
      const lines = output.split('\n').filter((line) => line.trim() && !/^ok\b/.test(line))
      if (lines.length) console.log(lines.slice(-200).map((line) => `  ${line}`).join('\n'))
    }
    passed += good
    failed += bad
  }
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites).filter((name) => name !== 'long')
await Promise.all([runSuites(names.filter((name) => !suites[name].beside)), runSuites(names.filter((name) => suites[name].beside))])
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0
