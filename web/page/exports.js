/** The network for other programs, by an engine of the page's own, so that the one that trains is not kept waiting. */
import { loadEngine } from '../engine/index.js'
import { toOnnx, toPyTorch } from '../engine/export/index.js'
import { engineOptions } from './assets.js'

/** @param {'onnx' | 'pytorch'} format @param {Uint8Array} bytes  of a checkpoint @param {string} arithmetic @param {string} file  of the weights, beside a program */
export async function exportAs(format, bytes, arithmetic, file) {
  const engine = await loadEngine(engineOptions({ arithmetic: /** @type {import('../engine/engine.js').Mode} */ (arithmetic) }))
  const model = engine.loadModel(bytes)
  try {
    return format === 'onnx' ? toOnnx(model) : toPyTorch(model, { file })
  } finally {
    model.dispose()
  }
}
