/** What is drawn on the page is taken along as a picture: as an SVG that stands alone, or in pixels. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'
import { complete, lookInside, looksInside, press, reaches, takeFile } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const MOBY_DICK = '#v=1&preset=moby-dick&hidden=32'

/** Presses the button and answers the SVG. @param {Page} page @param {string} name */
const takeSvg = async (page, name) => new TextDecoder().decode(await takeFile(page, name))

/** What an SVG is made of, seen by a document that knows nothing of the page. @param {Page} page @param {string} svg */
const lookAt = (page, svg) => page.evaluate(async (svg) => {
  const { documentElement: root } = new DOMParser().parseFromString(svg, 'image/svg+xml')
  const all = [...root.querySelectorAll('*')]
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  const [width, height] = [canvas.width, canvas.height] = ['width', 'height'].map((name) => Number(root.getAttribute(name)))
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  context.drawImage(image, 0, 0)
  await new Promise((next) => setTimeout(next, 200)) // images in the image may come late
  context.drawImage(image, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  return {
    root: root.localName, width, height, names: [...new Set(all.map((node) => node.localName))],
    words: root.textContent ?? '',
    foreign: all.flatMap((node) => [...node.attributes].filter(({ name, value }) => /^(class|id|data-.*|on.*|aria-.*)$/.test(name) && node.localName !== 'linearGradient' || /var\(|light-dark|url\((?!#)/.test(value) || (name === 'href' && !/^(#|data:image\/png)/.test(value))).map(({ name, value }) => `${node.localName} ${name}=${value.slice(0, 80)}`)),
    faceless: all.filter((node) => node.localName === 'text' && !node.closest('[font-family]')).length,
    colours: new Set(pixels).size, paper: pixels[0], drawn: pixels.filter((pixel) => pixel !== pixels[0]).length / pixels.length,
  }
}, svg)

inEachBrowser(({ name, open, url }) => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`${name} draws the network, its losses and each look inside as an SVG that stands alone, ${colorScheme}`, async (t) => {
      const page = await open(t, { colorScheme })
      await reaches(page, 30)
      await complete(page)
      await press(page, 'Pause training')
      await press(page, 'Data')
      const svg = await takeSvg(page, 'The network as a picture: SVG')
      const network = await lookAt(page, svg)
      assert.deepEqual([network.root, network.foreign, network.faceless], ['svg', [], 0])
      assert.deepEqual([network.names.includes('path'), network.names.includes('rect')], [true, true])
      assert.ok(network.words.includes('remembers') && network.words.includes('target'), network.words)
      assert.ok(network.colours > 50 && network.drawn > 0.05, `${network.colours} colours, ${network.drawn} drawn`)
      assert.ok(network.width > 1000 && network.height > 300)
      const [red] = new Uint8Array(new Uint32Array([network.paper]).buffer)
      assert.ok(colorScheme === 'dark' ? red < 60 : red > 230, `the paper has red ${red}`)

      const losses = await lookAt(page, await takeSvg(page, 'Its losses as a picture: SVG'))
      assert.deepEqual([losses.foreign, losses.words.includes('pure guessing'), losses.colours > 2], [[], true, true])

      await press(page, 'Close')
      const panels = await looksInside(page)
      assert.ok(panels.length >= 8)
      for (const panel of panels) {
        await lookInside(page, panel)
        const look = await lookAt(page, await takeSvg(page, 'Picture: SVG'))
        assert.deepEqual([look.root, look.foreign, look.faceless], ['svg', [], 0], panel)
        assert.ok(look.colours > 2 && look.height > 40, `${panel}: ${look.colours} colours, ${look.height} high`)
      }
      assert.deepEqual(await page.errors(), [])
    })
  }

  test(`${name} draws the heat maps of a large network as images, and all of it in pixels, twice as fine`, async (t) => {
    const page = await open(t, { url: url + MOBY_DICK })
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded', { timeout: 60_000 })
    await reaches(page, 2)
    await complete(page)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await page.waitFor(() => document.querySelector('#score .heat canvas') !== null)
    await press(page, 'Data')
    const network = await lookAt(page, await takeSvg(page, 'The network as a picture: SVG'))
    assert.deepEqual([network.foreign, network.names.includes('image')], [[], true])
    assert.ok(network.colours > 100, `${network.colours} colours`)
    const png = await takeFile(page, 'The network as a picture: PNG')
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const header = new DataView(png.buffer, png.byteOffset)
    assert.deepEqual([header.getUint32(16), header.getUint32(20)], [2 * network.width, 2 * network.height])
    const colours = await page.evaluate(async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
      context.drawImage(bitmap, 0, 0)
      return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size
    }, [...png])
    assert.ok(colours > 100, `${colours} colours`)
    assert.deepEqual(await page.errors(), [])
  })
})
