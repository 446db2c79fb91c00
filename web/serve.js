/** A static server for this machine only: `node web/serve.js [folder]`, or `serve()` from tests. */
import { spawn } from 'node:child_process'
import { createReadStream, promises as files } from 'node:fs'
import { createServer } from 'node:http'
import { extname, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/** What a page needs to be cross-origin isolated, and so to share memory between threads. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/**
 * Serves the files under `root` on 127.0.0.1.
 * @param {string} root
 * @param {object} [options]
 * @param {number} [options.port] the first port to try, then the ones after it; 0 takes any free one
 * @param {boolean} [options.isolated] send the headers that make pages cross-origin isolated
 * @param {string} [options.prelude] HTML that goes before every page (tests watch for errors with it)
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve(root, { port = 8000, isolated = true, prelude = '' } = {}) {
  const server = createServer(async (request, response) => {
    const headers = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff', ...(isolated && ISOLATION) }
    /** @param {number} status @param {string} text */
    const say = (status, text) => response.writeHead(status, { ...headers, 'Content-Type': TYPES['.txt'] }).end(text + '\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') return void say(405, 'Only GET and HEAD are served here.')
    const path = await find(root, request.url ?? '/')
    if (!path) return void say(404, `Nothing is at ${request.url}.`)
    const type = TYPES[extname(path)] ?? 'application/octet-stream'
    response.writeHead(200, { ...headers, 'Content-Type': type })
    if (request.method === 'HEAD') response.end()
    else if (prelude && type === TYPES['.html']) response.end(withPrelude(await files.readFile(path, 'utf8'), prelude))
    else createReadStream(path).on('error', () => response.destroy()).pipe(response)
  })
  const url = `http://127.0.0.1:${await listen(server, port)}/`
  return {
    url,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** Puts HTML before everything a page runs, yet after its doctype, which must come first.
 * @param {string} html @param {string} prelude */
export function withPrelude(html, prelude) {
  return html.replace(/^(\s*<!doctype[^>]*>)?/i, (doctype) => doctype + prelude)
}

/** The file that a request names, or null when there is none inside `root`.
 * @param {string} root @param {string} target */
async function find(root, target) {
  try {
    const base = resolve(root)
    let path = resolve(base, '.' + decodeURIComponent(new URL(target, 'http://localhost').pathname))
    if ((await files.stat(path)).isDirectory()) path = resolve(path, 'index.html')
    // Links are followed before the check, so that none of them leads outside.
    path = await files.realpath(path)
    return path.startsWith((await files.realpath(base)) + sep) ? path : null
  } catch {
    return null
  }
}

/** Listens on `port`, or on the first free one after it; answers the port taken.
 * @param {import('node:http').Server} server @param {number} port @returns {Promise<number>} */
function listen(server, port) {
  return new Promise((done, fail) => {
    /** @param {NodeJS.ErrnoException} error */
    const next = (error) => (error.code === 'EADDRINUSE' && port < 65535 ? server.listen(++port, '127.0.0.1') : fail(error))
    server.on('error', next)
    server.once('listening', () => {
      server.off('error', next)
      done(/** @type {import('node:net').AddressInfo} */ (server.address()).port)
    })
    server.listen(port, '127.0.0.1')
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await serve(process.argv[2] ?? 'build/site')
  console.log(`Unroll is at ${url} (Ctrl-C ends it)`)
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) {
    spawn('xdg-open', [url], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref()
  }
}
