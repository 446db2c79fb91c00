/** Help, made from the tables of commands and options. */
/** @typedef {import('./main.js').Command} Command */
/** @typedef {import('./options.js').Option} Option */

const WIDTH = 80
const COLUMN = 30

/** @param {string} text  @param {number} width  @returns {string[]} */
function wrap(text, width) {
  const lines = ['']
  for (const word of text.split(' ')) {
    if (lines[lines.length - 1].length + 1 + word.length > width) lines.push('')
    lines[lines.length - 1] += (lines.at(-1) && ' ') + word
  }
  return lines
}

/** A label, and where its choices do not fit a line, others. @param {string} label */
const folded = (label) => wrap(label.replaceAll('|', '| '), WIDTH - 4).map((line, i) => `${i ? '    ' : '  '}${line.replaceAll('| ', '|')}`)

/** @param {string} label  @param {string} text */
function row(label, text) {
  const [first, ...rest] = wrap(text, WIDTH - COLUMN)
  const lines = label.length + 4 > COLUMN ? [...folded(label), `${' '.repeat(COLUMN)}${first}`] : [`  ${label.padEnd(COLUMN - 2)}${first}`]
  return [...lines, ...rest.map((line) => ' '.repeat(COLUMN) + line)].join('\n')
}

/** @param {Option} option */
function describe({ name, kind, help, choices = [], minimum, maximum, field, taskField, ...option }) {
  const value = { integer: ' N', real: ' X', file: ' FILE', text: ' TEXT', choice: ` ${choices.join('|')}`, flag: '' }[kind]
  const label = kind === 'flag' && field ? `--${name}, --no-${name}` : `--${name}${value}`
  const shown = kind === 'flag' ? (option.default ? 'on' : '') : String(option.default ?? '')
  const range = (field ?? taskField) && (kind === 'integer' || kind === 'real') ? `${minimum} … ${maximum}` : ''
  const notes = [range, shown && `default ${shown}`].filter(Boolean).join(', ')
  return row(label, help + (notes && ` (${notes})`))
}

/** @param {Command} command  @param {import('../../build/unroll/unroll.js').Engine} engine */
export function help({ usage, summary, more = [], options }, engine) {
  const lines = [`unroll ${usage}`, '', ...wrap(summary, WIDTH), ...more.flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)])]
  /** @type {string | undefined | null} */
  let group = null
  for (const option of options(engine)) {
    if (option.group !== group) lines.push('', ...(option.group ? [`${option.group}:`] : []))
    group = option.group
    lines.push(describe(option))
  }
  console.log(lines.join('\n'))
}

/** @param {Readonly<Record<string, Command>>} commands */
export function overview(commands) {
  console.log(['unroll: recurrent networks that learn while you watch', '',
    ...Object.values(commands).map(({ usage, summary }) => row(usage, summary)), '',
    '"unroll help COMMAND" tells more.'].join('\n'))
}
