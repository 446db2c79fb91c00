/** What can be taken along as a file: the network for this page and for other programs, its losses, its text, pictures. */
import { element } from '../draw/dom.js'
import { createPhrase } from '../draw/phrase.js'
import { phrase, t } from '../language/index.js'

/** @typedef {import('../types.js').Emit} Emit */
/** @typedef {import('../files.js').FileKind} FileKind */

/** A word that saves. @param {Emit} emit @param {FileKind} kind @param {string} text @param {string} [of]  selector, of a picture @param {string} [name] */
const save = (emit, kind, text, of, name = text) => ({ node: element('button', { class: 'mini', 'aria-label': name, click: () => emit({ type: 'save', kind, ...(of && { of }) }) }, text) })

/** @param {string} style @param {import('../draw/phrase.js').Part[]} parts */
function line(style, parts) {
  const node = element('p', { class: style })
  createPhrase(node)(parts)
  return node
}

/** Of what is seen there. @param {string} of  selector @param {Emit} emit */
export const pictureOf = (of, emit) => line('take', phrase`Picture: ${save(emit, 'svg', 'SVG', of, t('Picture: SVG'))}, ${save(emit, 'png', 'PNG', of, t('Picture: PNG'))}`)

/** @param {Emit} emit @param {boolean} [writes]  whether it writes a text */
export function takeAlong(emit, writes = true) {
  const [network, losses, written] = [save(emit, 'network', t('the network')), save(emit, 'losses', t('its losses')), save(emit, 'text', t('what it writes'))]
  const [onnx, pytorch] = [save(emit, 'onnx', 'ONNX'), save(emit, 'pytorch', 'PyTorch')]
  const score = [save(emit, 'svg', 'SVG', '#score', t('The network as a picture: SVG')), save(emit, 'png', 'PNG', '#score', t('The network as a picture: PNG'))]
  const curve = [save(emit, 'svg', 'SVG', '.curve-box', t('Its losses as a picture: SVG')), save(emit, 'png', 'PNG', '.curve-box', t('Its losses as a picture: PNG'))]
  return element('div', {},
    line('dropzone', writes ? phrase`Take along: ${network}, ${losses}, ${written}. A network that was saved is opened as a text is.`
      : phrase`Take along: ${network}, ${losses}. A network that was saved is opened as a text is.`),
    line('dropzone', phrase`For other programs: ${onnx}, ${pytorch}. The network as a picture: ${score[0]}, ${score[1]}. Its losses as a picture: ${curve[0]}, ${curve[1]}.`))
}
