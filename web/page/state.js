/** Everything the page knows besides the numbers of the network, as one plain object, and how an intent changes it. */
import { presets } from '../presets.js'
import { emptyCurve, extendCurve, secondsAt } from './curve.js'
import { CLOSE, columnsFor, drawingFor, FAR } from './drawing.js'
import { mistakeIn } from './fields.js'
import { again, opened, ownPending, presetPending, started } from './opening.js'
import { withTokens } from './tokens.js'

/** @typedef {import('./types.js').Config} Config */
/** @typedef {import('./types.js').Setting} Setting */
/** @typedef {import('./types.js').Hold} Hold */
/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('./types.js').Sample} Sample */
/** @typedef {import('./types.js').Progress} Progress */
/** @typedef {import('../presets.js').Sampling} Sampling */
/** @typedef {{ tone: 'error' | 'note', text: string, remedy?: { label: string, intent: Intent } }} Notice */
/** @typedef {import('./runs.js').Kept} Kept */
/** @typedef {{ name: string, text: string, asText?: boolean }} Draft   what might be learned next; asText: it is a text, also where a task reads files */
/** @typedef {Pick<Progress, 'iteration' | 'loss' | 'gradientNorm' | 'symbols' | 'charactersPerSecond'>} Figures */
/** @typedef {import('./opening.js').Pending} Pending */
/** @typedef {import('./opening.js').Goal} Goal */

/**
 * @typedef {object} State
 * @property {number} width            of the stage, in pixels
 * @property {string} preset           key of the preset table
 * @property {string} label            what the text is called
 * @property {string} text
 * @property {Config} config           as asked for
 * @property {Run | null} run          the model that answers now
 * @property {boolean} opening         a text is being read or a model made
 * @property {Pending | null} pending  what is being opened; everything else stays as it was until it has succeeded
 * @property {Goal | null} goal         the shared run that is being repeated
 * @property {boolean} training
 * @property {number} rate             rounds per second
 * @property {number} seconds          spent training
 * @property {number | null} clock     when the last progress came, while training
 * @property {Figures | null} progress  of the last round, where one was trained
 * @property {import('./curve.js').Curve} curve
 * @property {import('./curve.js').Curve} validation   the loss on what is not learned
 * @property {import('../tasks/task.js').Metrics | null} metrics   of a task, on what is not learned, when that was looked at last
 * @property {readonly number[]} kept  rounds to which one can return at once
 * @property {number | null} seeking   the round that was asked for, until the network is as it was then
 * @property {readonly { iteration: number, text: string }[]} drafts   what it wrote, and when
 * @property {Sample | null} sample
 * @property {Sampling & { seed: number }} sampling
 * @property {number} picked           letter of the sample whose alternatives are shown
 * @property {'forward' | 'backward'} direction
 * @property {number} step             the yellow column, from 0
 * @property {boolean} rolled          the steps lie on one another
 * @property {import('./arithmetic/place.js').Spot | null} spot   the number whose arithmetic is shown
 * @property {boolean} pinned          it stays
 * @property {boolean} held            the reader chose the step or the direction: no sweep moves it
 * @property {readonly Hold[]} holds   numbers of the drawing that are held by hand, the last one at the end
 * @property {number} from             first letter of the text in the drawing
 * @property {number} layer            of the opened neuron
 * @property {number} neuron
 * @property {boolean} reverse         it is of the pass that reads backward
 * @property {string} showing          trace name shown in the heat map, '' for the state itself
 * @property {number} zoom             of the heat map: below 0 more letters, above 0 fewer rows
 * @property {{ by: string, times: number }} sort   the order of its rows, and how often it was asked for
 * @property {'' | 'data' | 'settings'} drawer
 * @property {Readonly<Record<string, Setting>>} edits      settings that wait for a new network
 * @property {number | null} foreseen  bytes of the network that the edits ask for
 * @property {Readonly<Record<string, string>>} mistakes    settings that cannot be, and why
 * @property {Draft | null} draft
 * @property {Draft | null} own        the last text of one's own that was learned
 * @property {Notice | null} notice
 * @property {string} panel            the look inside that is open
 * @property {number | null} tour      the stop of the tour, while one takes it
 * @property {readonly string[]} inView   what of the things below the transport one sees
 * @property {{ list: readonly Kept[], forgotten: Kept | null, kept: boolean | null }} runs   of this visit and earlier ones; kept: beyond this visit, null until it is known
 * @property {Readonly<Record<string, Config>>} chosen      in each panel, where it differs from what it begins with
 * @property {import('./twin.js').Twin | null} twin   another network, to compare
 */

/**
 * @typedef {{ type: 'resize', width: number }
 *   | { type: 'preset', name: string }
 *   | { type: 'open', pending: Pending }
 *   | { type: 'started', run: Run }
 *   | { type: 'failed', notice: Notice, training: boolean }
 *   | { type: 'progress', progress: Progress, now: number }
 *   | { type: 'looked', sample: Sample | undefined }
 *   | { type: 'train' } | { type: 'pause' } | { type: 'single' } | { type: 'reset' }
 *   | { type: 'rate', value: number }
 *   | { type: 'sampling', change: import('../presets.js').Rules & { temperature?: number } }
 *   | { type: 'again' }
 *   | { type: 'pick', index: number }
 *   | { type: 'direction', value: 'forward' | 'backward' }
 *   | { type: 'step', value: number }
 *   | { type: 'ask', spot: State['spot'], follow: boolean }
 *   | { type: 'roll', value: boolean }
 *   | { type: 'pin', spot: State['spot'] }
 *   | { type: 'hold', holds: readonly Hold[] }
 *   | { type: 'sweep', direction: 'forward' | 'backward', step: number }
 *   | { type: 'pan', from: number }
 *   | { type: 'neuron', layer: number, neuron: number, reverse?: boolean }
 *   | { type: 'showing', name: string }
 *   | { type: 'zoom', value: number }
 *   | { type: 'sort', by: string }
 *   | { type: 'drawer', name: '' | 'data' | 'settings' }
 *   | { type: 'edit', field: string, value: Setting }
 *   | { type: 'foreseen', bytes: number | null }
 *   | { type: 'forget-edits' } | { type: 'defaults' } | { type: 'apply' }
 *   | { type: 'draft', draft: Draft | null }
 *   | { type: 'learn', table?: string }
 *   | { type: 'panel', name: string }
 *   | { type: 'tour', stop: number | null }
 *   | { type: 'in-view', name: string, value: boolean }
 *   | { type: 'choose', panel: string, name: string, value: Setting }
 *   | { type: 'runs', list: readonly Kept[], kept: boolean | null }
 *   | { type: 'forget-run', id: string } | { type: 'unforget-run' }
 *   | { type: 'poke', name: string, index: number, value: number }
 *   | { type: 'scale', layer: number, gate: string, radius: number | null }
 *   | { type: 'compare', change: Config, questions: readonly import('./types.js').Question[] }
 *   | { type: 'twin', twin: import('./twin.js').Twin }
 *   | { type: 'no-twin' }
 *   | { type: 'rewind', iteration: number }
 *   | { type: 'rewound', to: import('./types.js').Rewound, asked: number }
 *   | { type: 'share' }
 *   | { type: 'language', code: string }
 *   | { type: 'save', kind: import('./files.js').FileKind, of?: string }
 *   | { type: 'load', name: string, bytes: Uint8Array }
 *   | { type: 'repeated', goal: Goal | null, config: Config, notice: Notice | null }
 *   | { type: 'notice', notice: Notice | null }} Intent
 */

/** @type {State} */
export const initialState = {
  width: 1224, preset: 'hello', label: presets.hello.label, text: '', config: presets.hello.config, run: null, opening: true, pending: null, goal: null,
  training: false, rate: presets.hello.rate, seconds: 0, clock: null, progress: null, curve: emptyCurve, validation: emptyCurve, metrics: null, kept: [], seeking: null, drafts: [],
  sample: null, sampling: { ...presets.hello.sample, seed: 1 }, picked: 3,
  direction: 'forward', step: 0, held: false, holds: [], rolled: false, spot: null, pinned: false, from: 0, layer: 0, neuron: 0, reverse: false, showing: '', zoom: 0, sort: { by: 'number', times: 0 },
  drawer: '', edits: {}, foreseen: null, mistakes: {}, draft: null, own: null, notice: null,
  panel: 'gradients', tour: null, inView: [], runs: { list: [], forgotten: null, kept: null }, chosen: {}, twin: null,
}

/**
 * @param {State} state
 * @param {Intent} intent
 * @returns {State}
 */
export function update(state, intent) {
  switch (intent.type) {
    case 'resize': return clamped({ ...state, width: intent.width })
    case 'preset': case 'load': return { ...state, opening: true, training: false, clock: null, notice: null }
    case 'open': return opened(state, intent.pending)
    case 'started': return clamped(started(state, intent.run))
    case 'failed': return { ...state, opening: false, seeking: null, pending: null, training: intent.training, clock: null, notice: intent.notice }
    case 'progress': return progressed(state, intent.progress, intent.now)
    case 'looked': return intent.sample ? written(state, intent.sample, roundOf(state)) : state
    case 'train': return state.run ? { ...state, training: true, held: false, notice: null } : state
    case 'pause': return { ...state, training: false, clock: null }
    case 'single': return { ...state, training: false, clock: null, notice: null, goal: null }
    case 'reset': return opened(state, again(state))
    case 'rate': return { ...state, rate: intent.value, held: false }
    case 'sampling': {
      const sampling = { ...state.sampling, ...intent.change }
      return { ...state, sampling: { ...sampling, strategy: sampling.temperature === 0 ? 'greedy' : 'sample' } }
    }
    case 'again': return { ...state, sampling: { ...state.sampling, seed: state.sampling.seed + 1 } }
    case 'pick': return { ...state, picked: intent.index }
    case 'direction': return clamped({ ...state, direction: intent.value, held: true, step: turned(state, intent.value) })
    case 'step': return clamped({ ...state, step: intent.value, held: true })
    case 'ask': return state.pinned ? state : follow({ ...state, spot: intent.spot }, intent.follow)
    case 'roll': return { ...state, rolled: intent.value }
    case 'pin': return follow({ ...state, spot: intent.spot, pinned: intent.spot !== null }, true)
    case 'hold': return clamped({ ...state, holds: intent.holds, ...(intent.holds.length && { direction: /** @type {const} */ ('forward'), step: Infinity, held: true }) })
    case 'sweep': return clamped({ ...state, direction: intent.direction, step: intent.step })
    case 'pan': return clamped({ ...state, from: intent.from, holds: [] })
    case 'neuron': return clamped({ ...state, layer: intent.layer, neuron: intent.neuron, reverse: intent.reverse ?? state.reverse })
    case 'showing': return { ...state, showing: intent.name }
    case 'zoom': return zoomed(state, intent.value)
    case 'sort': return { ...state, sort: { by: intent.by, times: state.sort.times + 1 } }
    case 'drawer': return { ...state, drawer: intent.name }
    case 'edit': return edited(state, intent.field, intent.value)
    case 'foreseen': return { ...state, foreseen: intent.bytes }
    case 'forget-edits': return { ...state, edits: {}, mistakes: {} }
    case 'defaults': return defaulted(state)
    case 'apply': return opened(state, { ...again(state), config: { ...state.config, ...state.edits } })
    case 'draft': return { ...state, draft: intent.draft && { ...intent.draft, ...(state.draft?.asText && { asText: true }) }, drawer: intent.draft ? 'data' : state.drawer }
    case 'learn': return state.draft ? opened(state, isData(state) ? presetPending(state.preset, intent.table ?? state.draft.text, state.draft.name) : ownPending(state.draft.name, state.draft.text, cutAsked(state))) : state
    case 'panel': return { ...state, panel: intent.name, twin: null }
    case 'compare': return { ...state, twin: { change: intent.change, rounds: roundOf(state), iteration: 0, answers: [], metrics: null, error: '' } }
    case 'twin': return { ...state, twin: intent.twin }
    case 'no-twin': return { ...state, twin: null }
    case 'tour': return { ...state, tour: intent.stop, drawer: '' }
    case 'in-view': return { ...state, inView: [...state.inView.filter((name) => name !== intent.name), ...(intent.value ? [intent.name] : [])] }
    case 'choose': return { ...state, chosen: { ...state.chosen, [intent.panel]: { ...state.chosen[intent.panel], [intent.name]: intent.value } } }
    case 'runs': return { ...state, runs: { ...state.runs, list: intent.list, kept: intent.kept } }
    case 'forget-run': case 'unforget-run': return { ...state, runs: forgotten(state.runs, intent) }
    case 'poke': return { ...state, notice: null, goal: null }
    case 'scale': return { ...state, training: false, clock: null, notice: null, goal: null }
    case 'rewind': return { ...state, training: false, clock: null, notice: null, goal: null, seeking: intent.iteration }
    case 'rewound': return rewound(state, intent.to, intent.asked)
    case 'share': case 'save': case 'language': return state
    case 'repeated': return repeated(state, intent)
    case 'notice': return { ...state, notice: intent.notice }
  }
}

/** One can be had back: the last. @param {State['runs']} runs @param {{ type: 'forget-run', id: string } | { type: 'unforget-run' }} intent @returns {State['runs']} */
function forgotten(runs, intent) {
  if (intent.type === 'unforget-run') return { ...runs, list: runs.forgotten ? [...runs.list, runs.forgotten] : runs.list, forgotten: null }
  return { ...runs, list: runs.list.filter(({ id }) => id !== intent.id), forgotten: runs.list.find(({ id }) => id === intent.id) ?? null }
}

/** Whether the draft is a file of the task's data. @param {State} state */
export const isData = ({ run, draft }) => Boolean(run?.task?.roles.length && draft && !draft.asText)

/** How many rounds have been trained. @param {State} state */
export const roundOf = (state) => state.progress?.iteration ?? state.run?.iteration ?? 0

/** The round of what was learned last, also when it has been taken back. @param {State} state */
export const furthest = (state) => Math.max(roundOf(state), state.kept.at(-1) ?? 0, state.curve.iterations.at(-1) ?? 0)

/** A change made by hand has been made again, or all is as it was. @param {State} state @param {{ goal: Goal | null, config: Config, notice: Notice | null }} to @returns {State} */
function repeated(state, { goal, config, notice }) {
  if (!state.run || !state.goal) return state
  const next = { ...state, goal, notice, config: { ...state.config, ...config }, run: { ...state.run, config: { ...state.run.config, ...config } } }
  return goal ? next : { ...next, training: false, clock: null }
}

/** @param {State} state @param {Progress} progress @param {number} now @returns {State} */
function progressed(state, progress, now) {
  const { iteration, loss, gradientNorm, symbols, charactersPerSecond, kept, losses, sample, validation } = progress
  const seconds = state.seconds + (state.clock === null ? 0 : (now - state.clock) / 1000)
  const next = {
    ...state, progress: { iteration, loss, gradientNorm, symbols, charactersPerSecond }, kept, seconds, clock: state.training ? now : null,
    curve: extendCurve(state.curve, losses, seconds), validation: validation ? extendCurve(state.validation, validation.losses, seconds) : state.validation,
    metrics: validation?.metrics ?? state.metrics, drafts: state.drafts.filter((draft) => draft.iteration <= iteration),
  }
  const told = sample ? written(next, sample, iteration) : next
  return validation?.stopped ? { ...told, training: false, clock: null } : told
}

/** The network is as it was then; what it learned later stays on the curve until it trains again. @param {State} state @param {import('./types.js').Rewound} to @param {number} asked @returns {State} */
function rewound(state, { iteration, config, kept, figures }, asked) {
  if (!state.run) return state
  return {
    ...state, kept, run: { ...state.run, iteration, config: { ...state.run.config, ...config } }, seconds: secondsAt(state.curve, iteration),
    progress: figures ? { iteration, ...figures, charactersPerSecond: state.progress?.charactersPerSecond ?? 0 } : null,
    seeking: state.seeking === asked ? null : state.seeking,
  }
}

/** @param {State} state @param {Sample} sample @param {number} iteration @returns {State} */
function written(state, sample, iteration) {
  const text = sample.text.slice(0, 12)
  const last = state.drafts.at(-1)
  const drafts = last && (last.text === text || last.iteration >= iteration) ? state.drafts : [...state.drafts, { iteration, text }]
  return { ...state, sample, drafts: drafts.length > 200 ? drafts.filter((_, i) => i % 2 === 0) : drafts }
}

/** The yellow column goes to the number that is asked about, unless one looks at all that follows from others; folded, the number is opened where the column is. @param {State} state @param {boolean} wanted @returns {State} */
function follow(state, wanted) {
  const whole = state.run && drawingFor(state.run, state.width) !== 'folded'
  return state.spot && wanted && whole && !state.holds.length ? clamped({ ...state, step: state.spot.step, held: true }) : state
}

/** The yellow letter stays about where it is. @param {State} state @param {number} value @returns {State} */
function zoomed(state, value) {
  const next = { ...state, zoom: Math.max(FAR, Math.min(CLOSE, value)) }
  if (!state.run) return next
  const [before, after] = [state, next].map(({ zoom }) => columnsFor(/** @type {Run} */ (state.run), state.width, zoom))
  const from = clamped({ ...next, from: state.from + state.step - Math.floor(state.step * after / before), step: 0 }).from
  return clamped({ ...next, from, step: state.from + state.step - from })
}

/** Where the yellow column goes when the direction turns. @param {State} state @param {'forward' | 'backward'} direction */
function turned(state, direction) {
  if (!state.run || drawingFor(state.run, state.width) === 'folded' || direction === state.direction) return state.step
  return direction === 'forward' ? columnsFor(state.run, state.width, state.zoom) - 1 : 0
}

/** @param {State} state @param {string} name @param {Setting} value @returns {State} */
function edited(state, name, value) {
  const field = state.run?.fields.find((row) => row.name === name)
  if (!field || !state.run) return state
  const { [name]: _, ...mistakes } = state.mistakes
  const mistake = mistakeIn(field, value)
  if (mistake) return { ...state, mistakes: { ...mistakes, [name]: mistake } }
  if (field.live) {
    const run = { ...state.run, config: { ...state.run.config, [name]: value } }
    return { ...state, mistakes, notice: null, goal: null, config: { ...state.config, [name]: value }, run }
  }
  const { [name]: __, ...kept } = state.edits
  const edits = name === 'tokens' ? { ...kept, ...changesOf(value, state.run.config) } : kept
  return { ...state, mistakes, edits: state.run.config[name] === value ? edits : { ...edits, [name]: value } }
}

/** What the network would need to read something else. @param {Setting} tokens @param {import('./types.js').Config} config */
const changesOf = (tokens, config) => Object.fromEntries(Object.entries(withTokens({ tokens })).filter(([name, value]) => name !== 'tokens' && config[name] !== value))

/** What the text that may be learned next would be cut into. @param {State} state */
export const cutAsked = ({ edits, run }) => ({ tokens: edits.tokens ?? run?.config.tokens ?? 'characters', maxVocabulary: edits.maxVocabulary ?? run?.config.maxVocabulary })

/** Every setting at its default, waiting to be applied. @param {State} state @returns {State} */
function defaulted(state) {
  if (!state.run) return state
  /** @type {Record<string, Setting>} */
  const edits = {}
  for (const field of state.run.fields) {
    if (field.name !== 'vocabulary' && field.name !== 'task' && state.run.config[field.name] !== field.default) edits[field.name] = field.default
  }
  return { ...state, edits, mistakes: {} }
}

/** Nothing points outside the drawing. @param {State} state @returns {State} */
function clamped(state) {
  const { run } = state
  if (!run) return state
  const columns = columnsFor(run, state.width, state.zoom)
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(0, Math.min(most, Math.round(value)))
  return {
    ...state, step: within(state.step, columns - 1), from: within(state.from, run.plan.length - 1 - columns),
    holds: state.holds.length && drawingFor(run, state.width) === 'folded' ? [] : state.holds,
    layer: within(state.layer, Number(run.config.layers) - 1), neuron: within(state.neuron, Number(run.config.hidden) - 1), reverse: state.reverse && run.config.bidirectional === true,
  }
}
