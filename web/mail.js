/**
 * What people read of a mail: its subject, and the text of its body. Encodings of transfer are undone (RFC 2045, 2047), parts that are no
 * text and the tags of HTML are left out.
 */

/** @typedef {{ header: (name: string) => string, body: string }} Part */

/** The first blank line ends the header, whose lines go on where the next begins with a blank. @param {string} text  @returns {Part} */
function partOf(text) {
  const [head] = text.split(/\r?\n\r?\n/, 1)
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  return {
    header: (name) => lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1).trim() ?? '',
    body: text.slice(head.length).trim(),
  }
}

/** @param {Uint8Array} bytes  @param {string} charset */
const decoded = (bytes, charset) => new TextDecoder(/utf-?8/i.test(charset) ? 'utf-8' : 'latin1').decode(bytes)

/** @param {string} text  with =41 for A  @param {string} charset */
function fromQuoted(text, charset) {
  const bytes = text.replace(/=\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)))
  return decoded(Buffer.from(bytes, 'latin1'), charset)
}

/** @param {string} text  @param {string} encoding  of its transfer  @param {string} charset */
function undone(text, encoding, charset) {
  if (/^base64/i.test(encoding)) return decoded(Buffer.from(text, 'base64'), charset)
  return /^quoted-printable/i.test(encoding) ? fromQuoted(text, charset) : text
}

/** @param {string} html */
const withoutTags = (html) => html
  .replace(/<(style|script|title)\b[^]*?(<\/\1\s*>|$)/gi, ' ').replace(/<!--[^]*?(-->|$)/g, ' ').replace(/<\/?[a-z!][^>]*(>|$)/gi, ' ').replace(/&(#?\w+);/g, ' ')

/** The text of a part, and of those that it is made of; of the same text in two forms, the first. @param {Part} part  @returns {string} */
function textOf({ header, body }) {
  const type = header('content-type')
  const [, boundary] = /boundary="?([^";]+)/i.exec(type) ?? []
  if (boundary) {
    const texts = body.split(`--${boundary}`).slice(1).filter((piece) => !piece.startsWith('--')).map((piece) => textOf(partOf(piece.replace(/^\s*\n/, ''))))
    return /^multipart\/alternative/i.test(type) ? texts.find((text) => text.trim()) ?? '' : texts.join(' ')
  }
  if (type && !/^(text|message|multipart)\b/i.test(type)) return ''
  const text = undone(body, header('content-transfer-encoding'), type)
  return /^text\/html/i.test(type) || /<html|<body|<font/i.test(text) ? withoutTags(text) : text
}

/** @param {string} subject */
const subjectOf = (subject) => subject.replace(/=\?([\w-]+)\?([bq])\?([^?]*)\?=/gi, (_, charset, kind, text) =>
  undone(kind.toLowerCase() === 'q' ? text.replaceAll('_', ' ') : text, kind.toLowerCase() === 'q' ? 'quoted-printable' : 'base64', charset))

/** In one line. @param {string} mail  as it was sent */
export function readMail(mail) {
  const part = partOf(mail)
  return `${subjectOf(part.header('subject'))} ${textOf(part)}`.replace(/[\s\u0000-\u001f\u007f-\u00a0\u00ad\ufffd]+/g, ' ').trim()
}

/** Words for which a mail is not shown to everybody. */
const EXPLICIT = /\b(cocks?|cum|erecti\w*|erotic\w*|fuck\w*|hardcore|horny|incest|naked|nude\w*|orgasm\w*|penis\w*|porn\w*|pussy|rape\w*|sex\w*|sluts?|teens?|tits|vagina\w*|whor\w*|xxx\w*)\b/i

/** Whether a page may show it to children. @param {string} text */
export const isFit = (text) => !EXPLICIT.test(text)
