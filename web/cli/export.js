/** `unroll export`: a saved model for other programs. */
import { writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { toOnnx, toPyTorch } from '../../build/unroll/export.js'
import { checkWritable, open } from './model-file.js'
import { JSON_LINES, UsageError } from './options.js'
import { conclude, grouped, say, speakJson, tell } from './terminal.js'

/** @typedef {import('../../build/unroll/unroll.js').Engine} Engine */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('./options.js').Given} Given */
/** @typedef {import('./options.js').Option} Option */

/** How a model is written for each option. @type {Readonly<Record<string, { help: string, write: (model: Model, from: string, to: string) => string | Uint8Array }>>} */
const FORMATS = {
  onnx: { help: 'An ONNX file: the forward pass, with the states before and after.', write: toOnnx },
  pytorch: {
    help: 'A Python program that loads FILE into torch.nn and computes the loss of a batch.',
    write: (model, from, to) => toPyTorch(model, { file: relative(dirname(resolve(to)), resolve(from)) }),
  },
  weights: { help: 'A safetensors file of the weights alone: the state_dict of the torch.nn model.', write: (model) => model.exportWeights() },
}

/** @type {Option[]} */
export const EXPORT_OPTIONS = [...Object.entries(FORMATS).map(([name, { help }]) => /** @type {Option} */ ({ name, kind: 'file', help })), JSON_LINES]

/** @param {Engine} engine  @param {Given} given */
export async function exportModel(engine, { positionals: [file], text, flag }) {
  const start = performance.now()
  if (flag('json')) speakJson()
  const wanted = Object.keys(FORMATS).flatMap((name) => {
    const to = text(name)
    return to === undefined ? [] : [{ name, to }]
  })
  if (!wanted.length) throw new UsageError(`nothing to write; name a file with ${Object.keys(FORMATS).map((name) => `--${name}`).join(', ')}`)
  const { model } = await open(engine, file)
  for (const { name, to } of wanted) {
    await checkWritable(to)
    const written = FORMATS[name].write(model, file, to)
    await writeFile(to, written)
    say(`Wrote ${to} (${grouped(Buffer.byteLength(written))} bytes).`)
    tell({ format: name, file: to, bytes: Buffer.byteLength(written) })
  }
  conclude(model, start)
}
