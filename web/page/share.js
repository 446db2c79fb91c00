/** Sharing a run as a link, and opening what others shared. Loaded when it is needed. */
import { fingerprintOf } from '../engine/fingerprint.js'
import { presets } from '../presets.js'
import { count, fixed } from './draw/numbers.js'
import { t } from './language/index.js'
import { FREE } from './choosing.js'
import { differences, presetIn, readLink, SAMPLED, SHORT, writeLink } from './link.js'
import { ownPending, presetPending } from './opening.js'
import { isOwn, textOfPreset } from './preset-text.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('./state.js').Notice} Notice */
/** @typedef {import('./opening.js').Pending} Pending */
/** @typedef {import('./opening.js').Goal} Goal */
/** @typedef {import('./link.js').Link} Link */
/** @typedef {(task: string | undefined) => Promise<readonly import('./types.js').Field[]>} FieldsOf   what can be chosen: for a task, or for a text */
/** @typedef {import('../engine/session.js').Identity} Identity */

/** @param {string} text @returns {Notice} */
const note = (text) => ({ tone: 'note', text })

/** @param {State} state @param {Config} config  the first one @param {Identity} [identity]  to go to where it is @returns {string} */
function linkOf(state, config, identity) {
  const { preset, label, text, run, sampling } = state
  const usual = preset === 'own' ? ownPending(label, text) : presetPending(preset, text)
  const [writing, usually] = [{ ...FREE, ...sampling }, { ...FREE, seed: 1, ...usual.sampling }]
  const own = !isOwn(state) ? {} : text.length <= SHORT ? { text } : { file: { name: label, length: text.length, print: fingerprintOf(text) } }
  return writeLink({
    preset, ...own, config: differences(config, usual.config, run?.fields ?? []),
    sampling: Object.fromEntries(SAMPLED.filter((name) => writing[name] !== usually[name]).map((name) => [name, writing[name]])),
    changes: identity?.origin?.changes ?? [],
    ...(identity?.figures && { round: { iteration: identity.iteration, loss: Number(identity.figures.loss.toPrecision(9)), weights: identity.weights } }),
  })
}

/** In the address bar; the pages of some files may not. @param {string} hash */
function putInAddress(hash) {
  try {
    history.replaceState(history.state, '', hash || location.pathname + location.search)
  } catch { /* the link is copied all the same */ }
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

/** @param {State} state @param {Identity} identity @returns {Promise<Notice>} what came of it */
async function share(state, identity) {
  if (!identity.origin) return note(t('How this network came to have its weights cannot be told in a link. Save it as a file instead.'))
  const hash = linkOf(state, { ...state.run?.config, ...identity.origin.config }, identity)
  putInAddress(hash)
  const copied = await copy(location.href.replace(/#.*/, '') + hash)
  const where = copied ? t('The link is copied.') : t('This browser keeps the clipboard to itself: the link is in the address bar, to be copied there.')
  const what = identity.iteration === 0 ? t('It makes this network, before any training.') : t`It repeats this run up to round ${count(identity.iteration)}, number for number.`
  const needs = isOwn(state) && state.text.length > SHORT ? t('Whoever opens it needs the same text, which stays here.') : ''
  return note(`${where} ${what} ${needs}`.trim())
}

/** What a link asks for; a notice where nothing can be opened yet. @param {string} hash @param {FieldsOf} fieldsOf @returns {Promise<{ link: Link, pending: Pending } | { link?: Link, notice: Notice }>} */
async function openLink(hash, fieldsOf) {
  try {
    const link = readLink(hash, await fieldsOf(presets[presetIn(hash)]?.task))
    if (link.file) return { link, notice: note(t`This link is of “${link.file.name}”, a text of ${count(link.file.length)} characters that stayed where it was shared: drop the file here to repeat the run.`) }
    return { link, pending: pendingOf(link, link.text ?? await textOfPreset(link.preset)) }
  } catch (error) {
    return { notice: { tone: 'error', text: t`This link cannot be read: ${/** @type {Error} */ (error).message}. Here is hello instead; ask for the link once more.` } }
  }
}

/** Whether this is the text that a link was made with. @param {Link} link @param {string} text */
const isFileOf = ({ file }, text) => file !== undefined && file.length === text.length && file.print === fingerprintOf(text)

/** @param {Link} link @param {string} text @returns {Pending} */
function pendingOf({ preset, file, config, sampling, changes, round }, text) {
  const usual = preset === 'own' ? ownPending(file?.name ?? '', text) : presetPending(preset, text, file?.name)
  const strategy = sampling.temperature === undefined ? usual.sampling.strategy : sampling.temperature === 0 ? 'greedy' : 'sample'
  return {
    ...usual, config: { ...usual.config, ...config }, sampling: { ...usual.sampling, ...sampling, strategy },
    ...(round && { goal: { iteration: round.iteration, changes, loss: round.loss, weights: round.weights } }),
  }
}

/** Whether a repeated run came out as it was. @param {Goal} goal @param {Identity} identity @returns {Notice} */
function compare(goal, identity) {
  const round = t`Round ${count(goal.iteration)}`
  if (identity.weights === goal.weights) return note(t`${round}: the same numbers as when it was shared, to the last bit.`)
  const loss = identity.figures?.loss ?? NaN
  const differs = Number(loss.toPrecision(9)) === goal.loss ? t`the loss is the same, ${fixed(loss, 4)}, but some weights differ` : t`the loss is ${fixed(loss, 4)} here and was ${fixed(goal.loss, 4)} there`
  return note(t`${round}: not the same numbers as when it was shared; ${differs}.`)
}

/**
 * @param {() => State} current
 * @param {import('./types.js').Emit} emit
 * @param {() => Promise<Identity>} identity
 * @param {FieldsOf} fieldsOf
 */
export function createSharing(current, emit, identity, fieldsOf) {
  /** A link whose text is not here yet. @type {Link | undefined} */
  let awaited
  return {
    async share() {
      emit({ type: 'notice', notice: await share(current(), await identity()) })
    },
    /** @param {string} hash @returns {Promise<Notice | null>} what to say where nothing is opened */
    async open(hash) {
      const opened = await openLink(hash, fieldsOf)
      awaited = 'pending' in opened ? undefined : opened.link
      if ('notice' in opened) return opened.notice
      emit({ type: 'open', pending: opened.pending })
      return null
    },
    /** A text has come: perhaps that of a link. @param {string} text */
    meet(text) {
      if (!awaited || !isFileOf(awaited, text)) return
      emit({ type: 'open', pending: pendingOf(awaited, text) })
      awaited = undefined
    },
    /** The address tells what has just been started. */
    address() {
      const { run } = current()
      const hash = run ? linkOf(current(), run.config) : ''
      putInAddress(hash === '#v=1&preset=hello' ? '' : hash)
    },
    compare,
  }
}
