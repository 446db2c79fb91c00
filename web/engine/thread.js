/**
 * One thread of a team: an instance of the core in the team's memory, with a stack of its own. It says 'ready', then
 * computes until the team is dismissed; it hears no message any more, so it is ended from outside.
 */

/** @typedef {{ script: string, module: WebAssembly.Module, memory: WebAssembly.Memory, stack: number, team: number, index: number }} Place  script: this file */

/** @param {Place} place  @param {() => void} ready */
async function serve({ module, memory, stack, team, index }, ready) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } })
  const { __stack_pointer: pointer, team_serve } = /** @type {{ __stack_pointer: WebAssembly.Global, team_serve: (team: number, index: number) => void }} */ (/** @type {unknown} */ (exports))
  pointer.value = stack
  ready()
  team_serve(team, index)
}

if (typeof postMessage === 'function') {
  onmessage = ({ data }) => void serve(data, () => postMessage('ready'))
} else {
  import('node:worker_threads').then(({ parentPort }) =>
    parentPort?.once('message', (place) => void serve(place, () => parentPort.postMessage('ready'))))
}
