/**
 * One way to drive Chromium, Firefox and WebKitGTK in tests.
 *
 *     const browser = await launch('webkit')
 *     const page = await browser.open(url, { width: 1280, height: 800 })
 *     assert.equal(await page.evaluate(() => document.title), 'Unroll')
 *     assert.deepEqual(await page.errors(), [])
 *     await browser.close()
 *
 * Serve pages with `serve(root, { port: 0, prelude: WATCH })`, or WebKit cannot tell their errors.
 * Every page has storage of its own. Chromium and Firefox are driven by puppeteer-core, WebKitGTK
 * by its own driver (webdriver.js).
 */
import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import { endProfile, newProfile } from './firefox-profile.js'
import { endWithTests, killGroup } from './processes.js'
import { hostWebKit } from './webdriver.js'

export { WATCH } from './webdriver.js'

/** @typedef {'chromium' | 'firefox' | 'webkit'} BrowserName */
/** @typedef {string | number | boolean | null | undefined | { [key: string]: Json } | Json[]} Json */

/**
 * @typedef {object} View
 * @property {number} [width]
 * @property {number} [height]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {boolean} [reducedMotion]
 */

/**
 * What each kind of page brings; `launch` adds the rest.
 * @typedef {object} Driven
 * @property {(url: string) => Promise<unknown>} goto
 * @property {(source: string, args: Json[]) => Promise<Json>} run calls the function of this source in the page
 * @property {(selector: string) => Promise<void>} click
 * @property {(...way: [number, number][]) => Promise<void>} drag presses a mouse at the first point in view, and lets go at the last
 * @property {(text: string) => Promise<void>} write types into what has the focus
 * @property {(key: string) => Promise<void>} press a key by its name in KeyboardEvent.key
 * @property {(selector: string, path: string) => Promise<void>} setFile
 * @property {(width: number, height: number) => Promise<void>} resize the window
 * @property {(path: string) => Promise<void>} screenshot a PNG of what is in view
 * @property {() => Promise<string[]>} errors console errors, uncaught exceptions, unhandled rejections so far
 * @property {() => Promise<void>} close
 */

/** @type {BrowserName[]} */
export const BROWSERS = ['chromium', 'firefox', 'webkit']

/** What must be installed, and the Debian package that brings it. */
const NEEDS = {
  chromium: [['/usr/bin/chromium', 'chromium']],
  firefox: [['/usr/bin/firefox-esr', 'firefox-esr']],
  webkit: [['/usr/bin/WebKitWebDriver', 'webkit2gtk-driver'], ['/usr/bin/Xvfb', 'xvfb']],
}

// Left to processes.js: of several browsers, puppeteer ends only one when this process exits.
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }

const PATIENCE = 30_000 // ms, for any single thing asked of a browser

/**
 * Throws at once when the browser is not installed; its first page starts it.
 * @param {BrowserName} name
 * @param {{ extraPrefs?: Record<string, Json> }} [options] extraPrefs: Firefox's preferences
 */
export async function launch(name, { extraPrefs = {} } = {}) {
  for (const [path, debian] of NEEDS[name]) {
    if (!existsSync(path)) throw new Error(`${name} cannot run: ${path} is missing (apt-get install ${debian})`)
  }
  const host = name === 'webkit' ? await hostWebKit() : hostWithPuppeteer(name, extraPrefs)
  return {
    name,

    /** @param {string} url @param {View} [view] */
    async open(url, { width = 1280, height = 800, colorScheme = 'light', reducedMotion = false } = {}) {
      const driven = await host.open({ width, height, colorScheme, reducedMotion })
      await driven.goto(url)
      return withHelpers(driven)
    },

    /** Ends every process that was started here. */
    close: () => host.close(),
  }
}

/** @typedef {Awaited<ReturnType<typeof launch>>} Browser */
/** @typedef {ReturnType<typeof withHelpers>} Page */

/** What all pages do alike. @param {Driven} driven */
function withHelpers(driven) {
  /**
   * Calls `fn` in the page and answers its result, which must be JSON. It may be async; it sees nothing of the test but `args`.
   * @template {Json[]} A
   * @template R
   * @param {(...args: A) => R | Promise<R>} fn
   * @param {A} args
   * @returns {Promise<R>}
   */
  const evaluate = async (fn, ...args) => /** @type {R} */ (await within(driven.run(fn.toString(), args), `evaluating ${fn}`))
  /** @type {Promise<void> | undefined} */
  let closing

  return {
    ...driven,
    evaluate,
    close: () => (closing ??= driven.close()),

    /**
     * Waits until `fn` answers something true in the page, and answers that.
     * @template {Json[]} A
     * @template R
     * @param {(...args: A) => R | Promise<R>} fn
     * @param {{ timeout?: number }} [options] ms
     * @param {A} args
     */
    async waitFor(fn, { timeout = PATIENCE } = {}, ...args) {
      const end = Date.now() + timeout
      for (;;) {
        const result = await evaluate(fn, ...args)
        if (result) return result
        if (Date.now() > end) {
          const errors = (await driven.errors()).join('\n  ') || 'none'
          throw new Error(`not true within ${timeout} ms: ${fn}\nerrors of the page: ${errors}`)
        }
        await new Promise((next) => setTimeout(next, 50))
      }
    },

    /** Replaces what a field holds, key by key. @param {string} selector @param {string} text */
    async type(selector, text) {
      await evaluate((selector) => {
        const field = /** @type {HTMLInputElement} */ (document.querySelector(selector))
        field.focus()
        field.select()
      }, selector)
      await driven.write(text)
    },
  }
}

/** @template T @param {Promise<T>} promise @param {string} what @returns {Promise<T>} */
export async function within(promise, what, patience = PATIENCE) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${patience} ms: ${what}`)), patience)
  })
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (late)])
  } finally {
    clearTimeout(timer)
  }
}

/** @param {'chromium' | 'firefox'} name @param {Record<string, Json>} extraPrefs */
function hostWithPuppeteer(name, extraPrefs) {
  /** @type {Map<string, Promise<import('puppeteer-core').Browser>>} */
  const processes = new Map()
  /** @type {string[]} */
  const profiles = []
  return {
    /** @param {Required<View>} view */
    async open(view) {
      // Firefox takes colour scheme and motion from preferences, so pages that differ in them cannot share a process.
      const key = name === 'firefox' ? `${view.colorScheme} ${view.reducedMotion}` : ''
      const browser = processes.get(key) ?? start(name === 'firefox' ? firefox(view, extraPrefs, profiles) : CHROMIUM)
      processes.set(key, browser)
      return openWithPuppeteer(await browser, view, name === 'chromium')
    },
    async close() {
      for (const starting of processes.values()) {
        const browser = await starting
        await within(browser.close(), `closing ${name}`, 10_000).catch(() => killGroup(browser.process()?.pid))
      }
      profiles.forEach(endProfile)
    },
  }
}

/** @param {import('puppeteer-core').LaunchOptions} options */
async function start(options) {
  const browser = await puppeteer.launch(options)
  endWithTests(browser.process())
  return browser
}

/** @type {import('puppeteer-core').LaunchOptions} */
const CHROMIUM = {
  ...NO_SIGNALS,
  executablePath: NEEDS.chromium[0][0],
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    // Else every window opens two more pages, hidden under its address bar.
    '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
  ],
}

/** @param {Required<View>} view @param {Record<string, Json>} extraPrefs @param {string[]} profiles  gets one more @returns {import('puppeteer-core').LaunchOptions} */
function firefox({ colorScheme, reducedMotion }, extraPrefs, profiles) {
  const userDataDir = newProfile()
  profiles.push(userDataDir)
  return {
    ...NO_SIGNALS,
    browser: 'firefox',
    executablePath: NEEDS.firefox[0][0],
    userDataDir,
    extraPrefsFirefox: {
      'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
      'ui.prefersReducedMotion': Number(reducedMotion),
      // As users have it; the driver's default lets file:// pages read what users' Firefox refuses.
      'security.fileuri.strict_origin_policy': true,
      ...extraPrefs,
    },
  }
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {Required<View>} view
 * @param {boolean} emulate whether the page itself can be told of colour scheme and motion
 * @returns {Promise<Driven>}
 */
async function openWithPuppeteer(browser, { width, height, colorScheme, reducedMotion }, emulate) {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  await page.setViewport({ width, height })
  if (emulate) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: colorScheme },
      { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
    ])
  }
  /** @type {string[]} */
  const errors = []
  page.on('console', (message) => {
    const where = message.location().url ?? ''
    // No page is at fault for lacking an icon of its own.
    if (message.type() === 'error' && !where.endsWith('/favicon.ico')) errors.push(`${message.text()} (${where})`)
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('requestfailed', (request) => errors.push(`request failed: ${request.url()}`))

  return {
    goto: (url) => page.goto(url, { timeout: PATIENCE }),
    run: (source, args) => /** @type {Promise<Json>} */ (page.evaluate(`(${source})(...${JSON.stringify(args)})`)),
    click: (selector) => page.click(selector),
    async drag([x, y], ...way) {
      await page.mouse.move(x, y)
      await page.mouse.down()
      for (const [x, y] of way) await page.mouse.move(x, y, { steps: 4 })
      await page.mouse.up()
    },
    write: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(/** @type {import('puppeteer-core').KeyInput} */ (key)),
    async setFile(selector, path) {
      const input = await page.waitForSelector(selector, { timeout: PATIENCE })
      await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(path)
    },
    resize: (width, height) => page.setViewport({ width, height }),
    async screenshot(path) {
      await page.screenshot({ path: /** @type {`${string}.png`} */ (path) })
    },
    errors: async () => [...errors],
    close: () => context.close(),
  }
}
