/** What can be taken along as a file. Loaded when it is asked for. */
import { t } from './language/index.js'
import { unitOf } from './loss-unit.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./state.js').Notice} Notice */
/** @typedef {'network' | 'losses' | 'text' | 'onnx' | 'pytorch' | 'svg' | 'png'} FileKind */
/** @typedef {{ state: State, copy: () => Promise<Uint8Array>, name: string, of: string }} Asked   of: a selector, where a picture is asked for */

/** @param {State} state */
function losses({ run, curve, validation }) {
  const { column } = unitOf(run?.config ?? {})
  const unseen = new Map(validation.iterations.map((iteration, i) => [iteration, validation.losses[i]]))
  const rounds = [...new Set([...curve.iterations, ...validation.iterations])].sort((a, b) => a - b)
  const learned = new Map(curve.iterations.map((iteration, i) => [iteration, curve.losses[i]]))
  return [`round,loss_${column},validation_loss_${column}`, ...rounds.map((round) => `${round},${learned.get(round) ?? ''},${unseen.get(round) ?? ''}`)].join('\n') + '\n'
}

/** @param {'onnx' | 'pytorch'} format @param {Asked} asked */
async function exported(format, { state, copy, name }) {
  const { exportAs } = await import('./exports.js')
  return exportAs(format, await copy(), String(state.run?.config.arithmetic), `${name}.safetensors`)
}

/** @param {string} of @param {State} state */
async function picture(of, { label }) {
  const { pictureOf } = await import('./picture/index.js')
  const node = document.querySelector(of) ?? document.body
  const figure = node.querySelector('.picture')
  return pictureOf(figure?.checkVisibility() ? figure : node, label)
}

/** @returns {Notice['remedy']} */
const saving = () => ({ label: t('Save the network'), intent: { type: 'save', kind: 'network' } })

/** @type {Record<FileKind, { ending: string, type: string, write(asked: Asked): Promise<Uint8Array | string | Blob>, then?: (name: string) => Notice }>} */
const KINDS = {
  network: { ending: 'safetensors', type: 'application/octet-stream', write: ({ copy }) => copy() },
  losses: { ending: 'csv', type: 'text/csv', write: async ({ state }) => losses(state) },
  text: { ending: 'txt', type: 'text/plain', write: async ({ state: { sampling, sample } }) => sampling.prompt + (sample?.text ?? '') },
  onnx: { ending: 'onnx', type: 'application/octet-stream', write: (asked) => exported('onnx', asked) },
  pytorch: {
    ending: 'py', type: 'text/x-python', write: (asked) => exported('pytorch', asked),
    then: (name) => ({ tone: 'note', text: t`The program reads the weights from ${name}.safetensors beside it: save the network there too.`, remedy: saving() }),
  },
  svg: { ending: 'svg', type: 'image/svg+xml', write: async ({ of, state }) => (await picture(of, state)).svg },
  png: { ending: 'png', type: 'image/png', write: async ({ of, state }) => (await import('./picture/index.js')).pixelsOf(await picture(of, state)) },
}

/** @param {unknown} error @returns {Notice} */
function refused(error) {
  const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
  if (code !== 'unsupported') throw error
  return { tone: 'error', text: t`${message.charAt(0).toUpperCase() + message.slice(1)}: save the network as it is, or make one without that in Settings.`, remedy: saving() }
}

/** @param {FileKind} kind @param {State} state @param {() => Promise<Uint8Array>} copy @param {string} [of] @returns {Promise<Notice | undefined>} what there is to say */
export async function saveFile(kind, state, copy, of = '') {
  const { ending, type, write, then } = KINDS[kind]
  const name = state.label.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'unroll'
  try {
    const blob = new Blob([/** @type {BlobPart} */ (await write({ state, copy, name, of }))], { type })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `${name}.${ending}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  } catch (error) {
    return refused(error)
  }
  return then?.(name)
}
