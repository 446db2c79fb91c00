/**
 * The first script of the page, inside its head: while all else is on its way, the network of "hello" is made and takes its
 * first step. The page asks its trainer as if nothing had been done, and finds the answers waiting.
 */
import { hello } from '../hello.js'
import { intervalOf, watchOf } from './watch.js'
import { workerScript } from './worker-script.js'

/** @typedef {{ name: import('../engine/worker.js').RequestName, options: unknown }} Request */
/** @typedef {Request & { id: number }} Message */

/** Whether two requests are for the same. @param {Request} a @param {Request} b */
const same = (a, b) => a.name === b.name && JSON.stringify(a.options) === JSON.stringify(b.options)

/** A worker that can be asked ahead. */
class EagerWorker extends Worker {
  /** What has been asked ahead and not by the page, first things first. @type {{ request: Message, answer: Promise<object> }[]} */
  #ahead = []
  /** What the page asked last of that. @type {Message | undefined} */
  #taken

  /** Ahead of the trainer, whose ids are positive. @param {Request[]} requests */
  askAhead(requests) {
    this.#ahead = requests.map((each, i) => {
      const request = { ...each, id: -1 - i }
      super.postMessage(request)
      const answer = new Promise((resolve) => this.addEventListener('message', ({ data }) => { if (data.id === request.id) resolve(data) }))
      return { request, answer }
    })
  }

  /** @override @param {Message} message */
  postMessage(message) {
    if (!message.name) return super.postMessage(message) // no request
    const next = this.#ahead.shift()
    if (next && same(next.request, message)) {
      this.#taken = next.request
      next.answer.then((answer) => this.dispatchEvent(new MessageEvent('message', { data: { ...answer, id: message.id } })))
    } else {
      if (next) this.#undo()
      super.postMessage(message)
    }
  }

  /** Where the page goes another way, its network is made again, so that nothing has been done to it. */
  #undo() {
    this.#ahead = []
    if (this.#taken?.name === 'start') super.postMessage(this.#taken)
  }
}

const { text, config, sample } = hello()
const watch = watchOf({ whole: true, from: 0, length: Number(config.steps), sampling: { ...sample, seed: 1 } })
const step = { iterations: 1, interval: intervalOf(true), watch }
/** Whether the page will not begin to train by itself, or follow a link to something else. */
const waits = matchMedia('(prefers-reduced-motion: reduce)').matches || location.hash !== ''

const wasm = WebAssembly.compileStreaming(fetch('rnn.wasm')).catch(() => new URL('rnn.wasm', document.baseURI).href) // then the worker says why
const worker = new EagerWorker(workerScript, { name: document.baseURI })
wasm.then((wasm) => worker.askAhead([
  { name: 'open', options: { wasm } }, { name: 'start', options: { config, text } }, ...(waits ? [] : [{ name: /** @type {const} */ ('train'), options: step }]),
]))
// assets.js takes them over.
Object.assign(globalThis, { early: { worker, wasm } })
