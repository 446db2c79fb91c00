/** The same tests in each browser. */
import { after, describe } from 'node:test'
import { serve } from '../../web/serve.js'
import { BROWSERS, launch, WATCH } from './drive.js'

/** @typedef {import('./drive.js').Page} Page */
/** @typedef {import('./drive.js').View} View */
/** @typedef {import('node:test').TestContext} TestContext */
/**
 * @typedef {object} Place
 * @property {import('./drive.js').BrowserName} name
 * @property {import('./drive.js').Browser} browser
 * @property {string} url    of the site
 * @property {(t: TestContext, view?: View & { url?: string }) => Promise<Page>} open   a page, of the site unless told, that is closed when the test ends
 */

/**
 * Declares tests in a suite for each browser, which ends all that it has started.
 * @param {(place: Place) => unknown} declare
 * @param {{ browsers?: readonly import('./drive.js').BrowserName[], root?: string, prelude?: string, together?: boolean }} [options]
 *   fewer browsers, where a page plays what it is to meet; what is served, and what stands at the head of its pages; all
 *   browsers and tests at a time, where these wait more than they work
 */
export function inEachBrowser(declare, { browsers = BROWSERS, root = 'build/site', prelude = '', together = false } = {}) {
  describe('browsers', { concurrency: together }, () => {
    for (const name of browsers) inBrowser(name, declare, { root, prelude, together })
  })
}

/** @param {import('./drive.js').BrowserName} name @param {(place: Place) => unknown} declare @param {{ root: string, prelude: string, together: boolean }} how */
function inBrowser(name, declare, { root, prelude, together }) {
  describe(name, { concurrency: together }, async () => {
    const browser = await launch(name)
    const site = await serve(root, { port: 0, prelude: WATCH + prelude })
    after(async () => {
      await browser.close()
      await site.close()
    })
    await declare({
      name, browser, url: site.url,
      async open(t, { url = site.url, ...view } = {}) {
        const page = await browser.open(url, view)
        t.after(() => page.close())
        return page
      },
    })
  })
}
