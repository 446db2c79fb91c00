/** WebKitGTK's MiniBrowser, driven by WebKitWebDriver over HTTP, on an X server that nobody sees. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { withPrelude } from '../../web/serve.js'
import { endWithTests, killGroup } from './processes.js'

/** @typedef {import('./drive.js').Json} Json */
/** @typedef {Record<string, string>} Answer the part of WebDriver's answers that is read here */
/** @typedef {(method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>} Ask */

const LIBRARIES = process.arch === 'arm64' ? '/usr/lib/aarch64-linux-gnu' : '/usr/lib/x86_64-linux-gnu'

/**
 * WebDriver tells nothing of a page's console, so under WebKit a page collects its errors itself, from
 * its first line on. Serve it with `serve(root, { prelude: WATCH })`; a page from file:// gets it here.
 */
export const WATCH = `<script>{
  const errors = window.watchedErrors = []
  const { error } = console
  console.error = (...args) => { errors.push(args.map(String).join(' ')); error(...args) }
  // That a size is told a frame later is no fault.
  addEventListener('error', ({ message, target }) => message?.startsWith('ResizeObserver loop') || errors.push(message ?? 'not loaded: ' + (target.src ?? target.href)), true)
  addEventListener('unhandledrejection', ({ reason }) => errors.push('unhandled rejection: ' + reason))
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => errors.push(violatedDirective + ' refused ' + blockedURI))
}</script>`

/** WebDriver's codes for keys that have no character. @type {Record<string, string>} */
const KEYS = {
  Backspace: '\uE003', Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Control: '\uE009', Alt: '\uE00A',
  Escape: '\uE00C', PageUp: '\uE00E', PageDown: '\uE00F', End: '\uE010', Home: '\uE011',
  ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Delete: '\uE017',
}

/** An X server with room for any window; each page has a browser process, since a driver has one session. */
export async function hostWebKit() {
  const xvfb = start('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp', '-screen', '0', '2560x1600x24'])
  const [number] = await once(xvfb.output, 'data', { signal: AbortSignal.timeout(10_000) })
  /** @type {import('./drive.js').Driven[]} */
  const pages = []
  return {
    /** @param {Required<import('./drive.js').View>} view */
    async open(view) {
      const page = await openWebKit(`:${String(number).trim()}`, view)
      pages.push(page)
      return page
    },
    async close() {
      await Promise.all(pages.map((page) => page.close()))
      await xvfb.end()
    },
  }
}

/** The driver hangs now and then before it has a browser, on a machine that is busy; another one does not. @type {typeof startWebKit} */
async function openWebKit(display, view) {
  try {
    return await startWebKit(display, view)
  } catch (error) {
    if (/** @type {Error} */ (error).name !== 'TimeoutError') throw error
    return startWebKit(display, view)
  }
}

/**
 * @param {string} display
 * @param {Required<import('./drive.js').View>} view
 * @returns {Promise<import('./drive.js').Driven>}
 */
async function startWebKit(display, { width, height, colorScheme, reducedMotion }) {
  const home = mkdtempSync(join(tmpdir(), 'unroll-webkit-'))
  mkdirSync(join(home, 'gtk-3.0'))
  // WebKit takes "no animations" of the desktop for the wish for reduced motion.
  writeFileSync(join(home, 'gtk-3.0/settings.ini'), `[Settings]\ngtk-enable-animations=${reducedMotion ? 0 : 1}\n`)

  const port = await freePort()
  const driver = start('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
    DISPLAY: display,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    XDG_DATA_HOME: home,
    JSC_useSharedArrayBuffer: '1',
    // With threads of its own, Mesa's llvmpipe crashes in WebKit's compositor now and then, and the page with it.
    LP_NUM_THREADS: '0',
    WEBKIT_SKIA_ENABLE_CPU_RENDERING: '1',
    // Neither root nor a container can have a sandbox.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  })
  async function close() {
    await driver.end()
    rmSync(home, { recursive: true, force: true })
  }

  /** @type {Ask} */
  async function ask(method, path, body) {
    const signal = AbortSignal.timeout(60_000)
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body), signal })
    const { value } = await response.json()
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }

  try {
    await answering(port)
    // --full-screen hides the toolbar, which would keep the window from being as narrow as a phone's.
    const args = ['--automation', '--full-screen', ...(colorScheme === 'dark' ? ['--dark-mode'] : [])]
    const binary = `${LIBRARIES}/webkit2gtk-4.1/MiniBrowser`
    const { sessionId } = await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } },
    })
    const session = `/session/${sessionId}`
    await ask('POST', `${session}/window/rect`, { width, height })
    return { ...commands(session, ask, home), close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * @param {string} session
 * @param {Ask} ask
 * @param {string} home
 * @returns {Omit<import('./drive.js').Driven, 'close'>}
 */
function commands(session, ask, home) {
  /** @type {string[]} errors of the pages that were left */
  const past = []
  let opened = false

  /** @param {string} source @param {Json[]} args @returns {Promise<Json>} */
  async function run(source, args) {
    // The source stands in the script itself: a page's security policy may forbid eval.
    const script = `const [args, done] = arguments
      Promise.resolve().then(() => (${source})(...args)).then((result) => done({ result }), (error) => done({ error: String(error) }))`
    const { result, error } = await ask('POST', `${session}/execute/async`, { script, args: [args] })
    if (error !== undefined) throw new Error(error)
    return result
  }

  /** @returns {Promise<string[]>} */
  async function errors() {
    const present = /** @type {string[] | null} */ (await run('() => window.watchedErrors', []))
    if (!present) throw new Error('this page does not watch its errors: serve it with { prelude: WATCH }')
    return [...past, ...present]
  }

  /** @param {string} selector @returns {Promise<string>} the path of an element */
  async function element(selector) {
    const found = await ask('POST', `${session}/element`, { using: 'css selector', value: selector })
    return `${session}/element/${Object.values(found)[0]}`
  }

  /** @param {string[]} keys one after the other */
  async function strike(keys) {
    const actions = keys.flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }])
    await ask('POST', `${session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  return {
    run,
    errors,
    async goto(url) {
      if (opened) past.splice(0, Infinity, ...(await errors()))
      await ask('POST', `${session}/url`, { url: url.startsWith('file:') ? watched(url, home) : url })
      opened = true
    },
    async click(selector) {
      await ask('POST', `${await element(selector)}/click`, {})
    },
    async drag(...way) {
      const moves = way.map(([x, y]) => ({ type: 'pointerMove', duration: 50, x: Math.round(x), y: Math.round(y) }))
      const actions = [moves[0], { type: 'pointerDown', button: 0 }, ...moves.slice(1), { type: 'pointerUp', button: 0 }]
      await ask('POST', `${session}/actions`, { actions: [{ type: 'pointer', id: 'mouse', actions }] })
    },
    write: (text) => strike([...text]),
    press: (key) => strike([KEYS[key] ?? key]),
    async setFile(selector, path) {
      await ask('POST', `${await element(selector)}/value`, { text: path })
    },
    async resize(width, height) {
      await ask('POST', `${session}/window/rect`, { width, height })
    },
    async screenshot(path) {
      writeFileSync(path, String(await ask('GET', `${session}/screenshot`)), 'base64')
    },
  }
}

/** Copies a page that needs no other file, with the watch in front. @param {string} url @param {string} folder */
function watched(url, folder) {
  const copy = join(folder, basename(fileURLToPath(url)))
  writeFileSync(copy, withPrelude(readFileSync(new URL(url), 'utf8'), WATCH))
  return pathToFileURL(copy).href
}

/** @param {string} program @param {string[]} args @param {Record<string, string>} [env] */
function start(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  endWithTests(child)
  return {
    output: child.stdout,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      killGroup(child.pid)
      await once(child, 'exit')
    },
  }
}

/** Waits until a port of this machine answers. @param {number} port */
async function answering(port) {
  for (const end = Date.now() + 10_000; ; await sleep(20)) {
    try {
      return await fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(10_000) })
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  return port
}
