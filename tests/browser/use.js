/** What people do on the page, and what it says of itself. */

/** @typedef {import('./drive.js').Page} Page */

/** What the page says of itself. @param {Page} page */
export const marks = (page) => page.evaluate(() => ({ ...document.documentElement.dataset }))

/** @param {Page} page @param {number} iteration */
export const reaches = (page, iteration) => page.waitFor((least) => Number(document.documentElement.dataset.iteration) >= least, { timeout: 60_000 }, iteration)

/** Stops the training after some rounds; answers the round it rests at. @param {Page} page @param {number} [rounds]  at least */
export async function pauseAfter(page, rounds = 0) {
  await reaches(page, rounds)
  await press(page, 'Pause training')
  await page.waitFor(() => document.documentElement.dataset.training === 'paused')
  // A report may still be on its way.
  for (let last = ''; ;) {
    const { iteration = '' } = await marks(page)
    if (iteration === last) return Number(iteration)
    last = iteration
    await new Promise((next) => setTimeout(next, 400))
  }
}

/** Looks at another tab, and waits until the browser has kept this round of the run. @param {Page} page @param {number} round */
export async function keptAt(page, round) {
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  await page.waitFor((round) => document.documentElement.dataset.saved === round, { timeout: 60_000 }, String(round))
}

/** Presses the button of this name that is seen, as soon as one can. @param {Page} page @param {string} name */
export const press = (page, name) => page.waitFor((name) => {
  const button = [...document.querySelectorAll('button')].find((node) => (node.getAttribute('aria-label') ?? node.textContent) === name && node.checkVisibility())
  if (!button || button.disabled) return false
  button.click()
  return true
}, {}, name)

/** Chooses in a menu, as a hand would, as soon as that can be chosen there. @param {Page} page @param {string} selector @param {string} value */
export const choose = (page, selector, value) => page.waitFor((selector, value) => {
  const menu = /** @type {HTMLSelectElement | null} */ (document.querySelector(selector))
  if (!menu || ![...menu.options].some((option) => option.value === value)) return false
  menu.value = value
  menu.dispatchEvent(new Event('input', { bubbles: true }))
  menu.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}, {}, selector, value)

/** Gives a file to the page, as if it were dropped. @param {Page} page @param {string} name @param {string} text */
export const drop = (page, name, text) => page.waitFor((name, text) => {
  const data = new DataTransfer()
  data.items.add(new File([text], name, { type: 'text/csv' }))
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector('#table-file'))
  if (!input) return false
  input.files = data.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}, {}, name, text)

/** Learns a table of one's own, whose columns are as their names say, in place of a task's data. @param {Page} page @param {string} name @param {string} text */
export async function learnTable(page, name, text) {
  await press(page, 'Data')
  await drop(page, name, text)
  await page.waitFor((label) => document.querySelector('.task-data .lead')?.textContent?.includes(label), {}, `“${name.replace('.csv', '')}” would take`)
  await press(page, 'Start learning this table')
  await page.waitFor(() => !(/** @type {HTMLDialogElement} */ (document.querySelector('#data')).open))
}

/** Waits until the settings are closed. @param {Page} page */
export const closed = (page) => page.waitFor(() => !(/** @type {HTMLDialogElement} */ (document.querySelector('#settings')).open))

/** Waits until what the page loads after its first drawing is there: drawers, looks inside, lesson, tour. @param {Page} page */
export const complete = (page) => page.waitFor(() => document.querySelector('#inspect .tab') !== null && document.querySelector('#data textarea') !== null)

/** Presses the button and answers the file, instead of keeping it. @param {Page} page @param {string} name */
export async function takeFile(page, name) {
  await page.evaluate(() => {
    const holder = /** @type {{ taken?: Blob }} */ (window)
    delete holder.taken
    URL.createObjectURL = (blob) => {
      holder.taken = /** @type {Blob} */ (blob)
      return '#transport'
    }
  })
  await press(page, name)
  const bytes = await page.waitFor(async () => {
    const { taken } = /** @type {{ taken?: Blob }} */ (window)
    return taken && [...new Uint8Array(await taken.arrayBuffer())]
  })
  return Uint8Array.from(bytes)
}

/** Begins the tour, by the menu of lessons. @param {Page} page */
export const takeTour = (page) => page.waitFor(() => {
  const take = /** @type {HTMLButtonElement | undefined} */ ([...document.querySelectorAll('.menu button')].find((node) => node.textContent?.startsWith('Take the tour')))
  const menu = /** @type {HTMLButtonElement | null} */ (document.querySelector('.lessons-button'))
  if (!take || !menu) return false
  menu.click()
  take.click()
  return true
})

/** Opens a look inside, and waits until it tells something. @param {Page} page @param {string} panel */
export const lookInside = (page, panel) => page.waitFor((panel) => {
  document.getElementById(`tab-${panel}`)?.click()
  document.getElementById('inspect')?.scrollIntoView()
  const node = document.getElementById(`panel-${panel}`)
  return node !== null && !node.hidden && node.innerText.length > 80 && [...node.querySelectorAll('title')].every(({ textContent }) => textContent)
}, {}, panel)

/** The looks inside there are, in their order. @param {Page} page @returns {Promise<string[]>} */
export async function looksInside(page) {
  await complete(page)
  return page.evaluate(() => [...document.querySelectorAll('#inspect [role="tab"]:not([hidden])')].map(({ id }) => id.slice('tab-'.length)))
}

/** Types into a yellow number, as soon as it is there. @param {Page} page @param {string} selector @param {string} value */
export const setNumber = (page, selector, value) => page.waitFor((selector, value) => {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector(selector))
  if (!input) return false
  input.focus()
  input.value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
  input.blur()
  return true
}, {}, selector, value)
