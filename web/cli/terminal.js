/** What is shown: numbers as people read them, colours, and one line that is written over. Escape codes go to terminals only. */

const rich = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR && process.env.TERM !== 'dumb'

/** Whether lines can be written over and coloured. */
export const isRich = () => rich

/** @param {number} code of the colour  @param {string} text */
const paint = (code, text) => rich ? `\x1b[${code}m${text}\x1b[0m` : text
/** @param {string} text */
export const green = (text) => paint(32, text)
/** @param {string} text */
export const dim = (text) => paint(2, text)
/** @param {string} text */
export const bold = (text) => paint(1, text)

let machine = false

/** From now on what is said is for machines: an object a line, and nothing else. */
export const speakJson = () => { machine = true }

/** For machines only. @param {Record<string, unknown>} line */
export function tell(line) {
  if (machine) process.stdout.write(`${JSON.stringify(line)}\n`)
}

/**
 * The last line for machines.
 * @param {{ iteration: number, extra: Readonly<Record<string, string>> }} model
 * @param {number} start  of the command, by the clock of `performance`
 * @param {{ metrics?: Readonly<Record<string, number>> } & Record<string, unknown>} [more]
 */
export function conclude({ iteration, extra }, start, { metrics = {}, ...more } = {}) {
  tell({ done: true, preset: extra.preset ?? null, metrics, ...more, iterations: iteration, seconds: (performance.now() - start) / 1000 })
}

/** @param {string} text that stays */
export function say(text = '') {
  if (!machine) process.stdout.write(`${rich ? '\r\x1b[K' : ''}${text}\n`)
}

/** A line that the next one replaces; nothing where that cannot be. @param {string} text */
export function show(text) {
  if (rich && !machine) process.stdout.write(`\r\x1b[K${text}`)
}

/** A bar of `width` letters, filled by a share from 0 to 1 in steps of an eighth. @param {number} share  @param {number} width */
export function bar(share, width) {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  return ('█'.repeat(eighths >> 3) + ' ▏▎▍▌▋▊▉'.charAt(eighths & 7).trim()).padEnd(width)
}

/** 1191159 → 1,191,159 @param {number} number */
export const grouped = (number) => String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',')

/** @param {number} nats  a symbol  @param {number} characters  a symbol */
export const losses = (nats, characters) => `${nats.toFixed(3)} nats, ${(nats / Math.LN2 / characters).toFixed(3)} bits/char`

/** 3725 → 1:02:05 @param {number} seconds */
export function duration(seconds) {
  const whole = Math.round(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h ? `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}` : `${m}:${String(s).padStart(2, '0')}`
}

/** A text on one line, without what a terminal would obey. @param {string} text */
export const oneLine = (text) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')

/** What became of what a vocabulary lacks. @param {string} tokens  @param {ReadonlyMap<string, number>} unknown */
export function lost(tokens, unknown) {
  if (tokens === 'words') return `Read as one unknown word: ${tally(unknown)}.`
  return tokens === 'bytes' ? `Read as U+FFFD, since they are no Unicode characters: ${tally(unknown)}.` : `Left out, since this model has never read them: ${tally(unknown)}.`
}

/** Symbols with how often they came: "é" (2), "ß" (1) and 3 others. @param {ReadonlyMap<string, number>} counts */
export function tally(counts) {
  const most = [...counts].sort((a, b) => b[1] - a[1])
  const named = most.slice(0, 8).map(([symbol, count]) => `${JSON.stringify(symbol)} (${count})`).join(', ')
  return most.length > 8 ? `${named} and ${most.length - 8} others` : named
}
