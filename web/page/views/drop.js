/** A text dropped or pasted anywhere on the page becomes the next text to learn, after a look at it. */
import { element, show } from '../draw/dom.js'
import { t } from '../language/index.js'

/** Where a paste belongs to the field itself. */
const FIELDS = 'input, textarea, select'

/**
 * @param {File} file
 * @param {import('../types.js').Emit} emit
 */
export async function readFile(file, emit) {
  if (/\.safetensors$/i.test(file.name)) return emit({ type: 'load', name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  const text = await file.text()
  const strange = text.slice(0, 4000).match(/[\0\uFFFD]/g)?.length ?? 0
  emit({ type: 'draft', draft: { name: file.name.replace(/\.[^.]*$/, '') || file.name, text } })
  if (strange > 20) emit({ type: 'notice', notice: { tone: 'note', text: t`“${file.name}” does not look like text in UTF-8: choose another file, or learn it as it is.` } })
}

/** @type {import('../types.js').CreateView} */
export function createDrop(root, emit) {
  root.append(element('p', {}, t('Drop the text here. It stays on this computer.')))
  const stop = new AbortController()
  const { signal } = stop
  let depth = 0

  const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.some((type) => type === 'Files' || type === 'text/plain') ?? false
  addEventListener('dragenter', (event) => { if (carries(event)) { depth++; show(root, true) } }, { signal })
  addEventListener('dragleave', () => { depth = Math.max(0, depth - 1); if (depth === 0) show(root, false) }, { signal })
  addEventListener('dragover', (event) => { if (carries(event)) event.preventDefault() }, { signal })
  addEventListener('drop', (event) => {
    depth = 0
    show(root, false)
    if (!carries(event)) return
    event.preventDefault()
    const file = event.dataTransfer?.files[0]
    const text = event.dataTransfer?.getData('text/plain')
    if (file) void readFile(file, emit)
    else if (text) emit({ type: 'draft', draft: { name: t('your text'), text } })
  }, { signal })
  addEventListener('paste', (event) => {
    if (event.target instanceof Element && event.target.closest(FIELDS)) return
    const file = event.clipboardData?.files[0]
    const text = event.clipboardData?.getData('text/plain')
    if (file) void readFile(file, emit)
    else if (text) emit({ type: 'draft', draft: { name: t('your text'), text } })
  }, { signal })

  return { render() {}, destroy() { stop.abort(); root.replaceChildren() } }
}
