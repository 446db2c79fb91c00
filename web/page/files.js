/** What can be taken along as a file. Loaded when it is asked for. */

/** @typedef {import('./types.js').State} State */
/** @typedef {'network' | 'losses' | 'text'} FileKind */

/** @param {State} state */
function losses({ curve, validation }) {
  const unseen = new Map(validation.iterations.map((iteration, i) => [iteration, validation.losses[i]]))
  const rounds = [...new Set([...curve.iterations, ...validation.iterations])].sort((a, b) => a - b)
  const learned = new Map(curve.iterations.map((iteration, i) => [iteration, curve.losses[i]]))
  return ['round,loss_nats,validation_loss_nats', ...rounds.map((round) => `${round},${learned.get(round) ?? ''},${unseen.get(round) ?? ''}`)].join('\n') + '\n'
}

/** @type {Record<FileKind, { ending: string, type: string, write(state: State, copy: () => Promise<Uint8Array>): Promise<Uint8Array | string> }>} */
const KINDS = {
  network: { ending: 'safetensors', type: 'application/octet-stream', write: (_, copy) => copy() },
  losses: { ending: 'csv', type: 'text/csv', write: async (state) => losses(state) },
  text: { ending: 'txt', type: 'text/plain', write: async ({ sampling, sample }) => sampling.prompt + (sample?.text ?? '') },
}

/** @param {FileKind} kind @param {State} state @param {() => Promise<Uint8Array>} copy */
export async function saveFile(kind, state, copy) {
  const { ending, type, write } = KINDS[kind]
  const blob = new Blob([/** @type {BlobPart} */ (await write(state, copy))], { type })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${state.label.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'unroll'}.${ending}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
