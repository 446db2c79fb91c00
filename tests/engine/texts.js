/**
 * What the page says, read from its sources: the keys of all texts that are looked up in a table of a language, and the texts
 * that are not looked up but look as if they were shown.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  isArrayLiteralExpression, isCallExpression, isConditionalExpression, isExportDeclaration, isFunctionLikeDeclaration, isIdentifier, isImportDeclaration, isNewExpression, isParenthesizedExpression,
  isPropertyAccessExpression, isPropertyAssignment, isSpreadElement, isStringLiteral, isTaggedTemplateExpression, SyntaxKind,
} from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'
import { reword } from '../../web/engine/fields.js'

/** @typedef {import('typescript/unstable/ast').Node} Node */
/**
 * @typedef {{ keys: Map<string, string>, untold: string[], early: string[] }} Texts
 *   keys: and where each is said first; untold: what is not looked up, and where; early: what is, as soon as its module is there
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Attributes that are no words. */
const NO_WORDS = ['class', 'd', 'style', 'viewBox', 'transform', 'accept', 'target']
/** Functions whose texts are no words that one reads. */
const NO_READERS = ['querySelector', 'querySelectorAll', 'closest', 'matches', 'matchMedia']

/** @param {Node} node  a literal, or a template without its values @returns {string | null} */
function textOf(node) {
  if (node.kind === SyntaxKind.StringLiteral || node.kind === SyntaxKind.NoSubstitutionTemplateLiteral) return /** @type {import('typescript/unstable/ast').StringLiteral} */ (node).text
  if (node.kind !== SyntaxKind.TemplateExpression) return null
  const { head, templateSpans } = /** @type {import('typescript/unstable/ast').TemplateExpression} */ (node)
  return templateSpans.reduce((text, { literal }, i) => `${text}{${i}}${literal.text}`, head.text)
}

/** What a name, a call or a property is called. @param {Node | undefined} node @returns {string} */
function nameOf(node) {
  if (!node) return ''
  if (isIdentifier(node) || isStringLiteral(node)) return node.text
  if (isPropertyAccessExpression(node)) return node.name.text
  if (isCallExpression(node) || isNewExpression(node)) return nameOf(node.expression)
  return isPropertyAssignment(node) ? nameOf(node.name) : ''
}

/** Whether a text in this place is no text of the page. @param {Node} node @param {Node} parent */
function isNoText(node, parent) {
  if (isImportDeclaration(parent) || isExportDeclaration(parent) || isNewExpression(parent)) return true
  if (isPropertyAssignment(parent)) return parent.name === node
  return isCallExpression(parent) && NO_READERS.includes(nameOf(parent))
}

/** The arguments of a call that are shown, whatever they are. @param {import('typescript/unstable/ast').CallExpression} call @returns {readonly Node[]} */
function shownBy(call) {
  const place = { say: 1, element: 2, shape: 3, createFigure: 1, createTable: 1, createDataTable: 1, createDrawer: 2, createPassage: 1 }[nameOf(call)]
  return place === undefined ? [] : call.arguments.slice(place)
}

/** Attributes that are shown or read out. */
const SHOWN = ['title', 'question', 'label', 'help', 'placeholder', 'aria-label', 'aria-valuetext', 'text']

/**
 * @param {Node} node @param {Node} parent @param {boolean} shown  where any word is one that is shown; elsewhere two of them are
 * @param {(key: string, node: Node) => void} key @param {(text: string, node: Node) => void} untold
 */
function read(node, parent, shown, key, untold) {
  const inside = (/** @type {Node} */ child) => void read(child, node, false, key, untold)
  if (isTaggedTemplateExpression(node) && ['t', 'phrase'].includes(nameOf(node.tag))) {
    key(textOf(node.template) ?? '', node)
    return node.template.forEachChild((span) => void span.forEachChild(inside))
  }
  if (isCallExpression(node) && nameOf(node.expression) === 't') {
    const text = textOf(node.arguments[0])
    if (text === null) inside(node.arguments[0])
    else key(text, node)
    return
  }
  if (isCallExpression(node) && nameOf(node.expression) === 'english') return node.arguments.forEach((texts) => readMarked(texts, key))
  if (isPropertyAssignment(node) && NO_WORDS.includes(nameOf(node))) return
  const text = textOf(node)
  if (text !== null && !isNoText(node, parent) && (shown ? /\p{L}{2}/u : /\p{L}{2,}[,:;]? \p{L}{2,}/u).test(text.replace(/\{\d+\}/g, '{}'))) untold(text, node)
  const listed = isCallExpression(node) ? shownBy(node) : []
  const passes = isConditionalExpression(node) || isArrayLiteralExpression(node) || isSpreadElement(node) || isParenthesizedExpression(node) || isTemplate(node)
  node.forEachChild((child) => void read(child, node, listed.includes(child) || (isPropertyAssignment(node) && SHOWN.includes(nameOf(node)) && child === node.initializer) || (shown && passes), key, untold))
}

/** All texts in a table. @param {Node} node @param {(key: string, node: Node) => void} key */
function readMarked(node, key) {
  if (isPropertyAssignment(node)) return readMarked(node.initializer, key)
  const text = textOf(node)
  if (text) key(text, node)
  node.forEachChild((child) => readMarked(child, key))
}

/** Whether it is looked up, and not in a function. @param {Node} node */
function isEarly(node) {
  if (isStringLiteral(node) || node.kind === SyntaxKind.NoSubstitutionTemplateLiteral) return false // only marked
  for (let at = node; at; at = at.parent) if (isFunctionLikeDeclaration(at)) return false
  return true
}

/** @param {Node} node */
const isTemplate = (node) => node.kind === SyntaxKind.TemplateExpression || node.kind === SyntaxKind.TemplateSpan

/** What the sources of the page say. @returns {Texts} */
export function textsOfPage() {
  const api = new API({ cwd: ROOT })
  try {
    const { program } = api.updateSnapshot({ openProject: `${ROOT}tsconfig.page.json` }).getProjects()[0]
    /** @type {Texts} */
    const texts = { keys: new Map(), untold: [], early: [] }
    for (const path of program.getSourceFileNames().filter((path) => path.includes('/web/page/') && !/language\/de[./]/.test(path)).sort()) {
      const source = program.getSourceFile(path)
      if (!source) continue
      const lines = readFileSync(path, 'utf8')
      const at = (/** @type {Node} */ node) => `${path.slice(ROOT.length)}:${lines.slice(0, node.end).split('\n').length}`
      read(source, source, false, (key, node) => {
        if (!texts.keys.has(key)) texts.keys.set(key, at(node))
        if (isEarly(node)) texts.early.push(`${at(node)} ${key}`)
      }, (text, node) => texts.untold.push(`${at(node)} ${text}`))
    }
    return texts
  } finally {
    api.close()
  }
}

/**
 * What the engine may say: the messages of some files of the core, as keys, and the texts of all of its sources with pieces
 * of strings joined.
 * @param {readonly string[]} files
 */
export function sourceOfEngine(files) {
  const joined = (/** @type {string} */ code) => code.replace(/"\s*\n?\s*"/g, '')
  const core = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.c'))
  const script = readdirSync(`${ROOT}web/engine`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
  const tasks = readdirSync(`${ROOT}web/tasks`, { encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
  const read = (/** @type {string} */ path) => joined(readFileSync(`${ROOT}${path}`, 'utf8'))
  const messages = files.flatMap((file) => [...read(`src/${file}.c`).matchAll(/(?:rnn_fail\(\w+, RNN_\w+,|\bbad\(\w+,|\bbad_at\(\w+, [^;]*?|return)\s*"((?:[^"\\]|\\.)+)"/g)]
    .map(([whole, text]) => `${whole.startsWith('bad_at') ? '%s ' : ''}${text}`).filter((text) => text.includes(' ') && text !== '%.*s %s'))
  return { messages: messages.map(asKey), source: [...core.map((name) => read(`src/${name}`)), ...script.map((name) => read(`web/engine/${name}`)), ...tasks.map((name) => read(`web/tasks/${name}`))].join('\n') }
}

/** A format of printf as the key of a text, as JavaScript words it. @param {string} format */
function asKey(format) {
  let n = 0
  return reword(format.replace(/%(?:\.\*|\.\d)?(?:ll)?[a-z]/g, () => `{${n++}}`))
}
