/** The only wiring: views emit intents, the state changes, effects reach the trainer, and views are drawn once per frame. */
import * as assets from './assets.js'
import { onThemeChange } from './draw/colour.js'
import { columnsFor, drawingFor } from './drawing.js'
import { isolateNextVisit } from './isolation.js'
import { noun, t, wanted } from './language/index.js'
import { presetPending } from './opening.js'
import { openTrainer } from './open-trainer.js'
import { textOfPreset } from './preset-text.js'
import { createSession } from './session.js'
import { initialState, roundOf, update } from './state.js'
import { createBar } from './views/bar.js'
import { createHeadline } from './views/headline.js'
import { createReading } from './views/reading.js'
import { createRuler } from './views/ruler.js'
import { createScore } from './views/score.js'
import { createTransport } from './views/transport.js'
import { createWrites } from './views/writes.js'
import { weightsOf } from './watch.js'

/** @typedef {import('./types.js').Intent} Intent */
/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').CreateView} CreateView */
/** @typedef {import('./types.js').Below} Below */

/** Until then the page waits for something to show, and leaves the time to the network. In ms since navigation. */
const FIRST_DRAWING = 1000

/** Below this many rounds per second, each round is a sweep forward and a sweep back. */
const SWEEP_BELOW = 3

const VIEWS = /** @type {[string, CreateView][]} */ ([
  ['bar', createBar], ['headline', createHeadline], ['writes', createWrites], ['score', createScore], ['ruler', createRuler], ['reading', createReading],
  ['transport', createTransport],
])

let state = initialState
/** @type {Frame | null} */
let frame = null
/** What was told last, to whoever asked. @type {readonly import('./types.js').Inspection[]} */
let answers = []
let drawn = false
let waiting = false
let roundBegan = 0

/** What lies below the transport or in a drawer. It comes when the first drawing is done: nobody has looked for it before. @type {readonly (Below & { view: ReturnType<Below['create']> })[]} */
let below = []

/** @type {Promise<ReturnType<typeof import('./share.js')['createSharing']>> | undefined} */
let sharing
/** What heeds all that happens: see upkeep.js. @type {Promise<ReturnType<typeof import('./upkeep.js')['createUpkeep']>> | undefined} */
let keeping
/** @type {Awaited<typeof keeping>} */
let upkeep
/** What it has missed until it is there. @type {Intent[]} */
let early = []
/** The link that the page was opened with, until it is followed. */
let arriving = location.hash

const stage = mount('stage')
const marks = document.documentElement.dataset
/** @type {import('./types.js').View[] | null} */
let views = null
const still = matchMedia('(prefers-reduced-motion: reduce)')

/** @param {string} id */
function mount(id) {
  const node = document.getElementById(id)
  if (!node) throw new Error(`the page has no element #${id}`)
  return node
}

/** @type {Awaited<ReturnType<typeof createSession>> | null} */
let session = null
/** A second network, while one looks at how it compares. @type {ReturnType<typeof import('./twin.js').createTwin> | null} */
let twin = null
const report = {
  /** @param {import('./types.js').Progress} progress */
  progress(progress) {
    take(progress)
    roundBegan = performance.now()
    dispatch({ type: 'progress', progress, now: roundBegan })
  },
  /** @param {import('./types.js').Seen} seen */
  look(seen) {
    take(seen)
    dispatch({ type: 'looked', sample: seen.sample })
  },
  /** @param {import('./types.js').Rewound} to @param {number} asked */
  rewound: (to, asked) => dispatch({ type: 'rewound', to, asked }),
  /** @param {import('./opening.js').Goal} goal @param {import('../engine/session.js').Identity | null} identity @param {import('./types.js').Config} config */
  repeated: (goal, identity, config) => identity
    ? loadSharing().then(({ compare }) => dispatch({ type: 'repeated', goal: null, config, notice: compare(goal, identity) }))
    : dispatch({ type: 'repeated', goal, config, notice: null }),
  /** @param {unknown} error */
  async fail(error) {
    const upkeep = await loadUpkeep().catch(() => null)
    if (upkeep) upkeep.fail(error)
    else dispatch({ type: 'failed', notice: { tone: 'error', text: t`Something went wrong: ${String(error)}. Reload the page to begin again.` }, training: false })
  },
}

/** @param {import('./types.js').Seen} seen */
function take(seen) {
  frame = seen.frame ?? frame
  // A sequence of a task may end before the step that one looked at.
  if (frame && state.run?.task && state.step >= frame.inputs.length) state = update(state, { type: 'sweep', direction: state.direction, step: frame.inputs.length - 1 })
  answers = seen.inspections ?? answers
}

/** @param {Intent} intent */
function dispatch(intent) {
  const before = state
  state = update(state, intent)
  act(intent, before)
  if (upkeep) upkeep.heed(intent)
  else early.push(intent)
  publish()
  schedule()
}

/** What an intent does beyond the state. @param {Intent} intent @param {import('./types.js').State} before */
function act(intent, before) {
  if (before.twin && !state.twin) twin?.end()
  switch (intent.type) {
    case 'preset': return void open(intent.name)
    case 'open': case 'learn': case 'apply': return void start(true)
    case 'reset': return void start(false)
    case 'load': return void loadUpkeep().then((upkeep) => upkeep.load(intent.name, intent.bytes)).catch(report.fail)
    case 'train': case 'pause': return session?.follow()
    case 'scale': return session?.scale(intent)
    case 'compare': return void compare(intent.questions)
    case 'share': return void loadSharing().then((sharing) => sharing.share()).catch(report.fail)
    case 'save': return void loadUpkeep().then((upkeep) => upkeep.save(intent.kind, intent.of)).catch(report.fail)
    case 'draft': return void (intent.draft && sharing?.then((sharing) => sharing.meet(intent.draft?.text ?? '')))
    case 'single': return void session?.single()
    case 'hold': return session?.hold()
    case 'rewind': return session?.rewind(intent.iteration)
    case 'poke': return session?.poke(intent.name, intent.index, intent.value)
    case 'tour': return void (intent.stop === 0 && (state.preset !== 'hello' || state.run?.config.cell !== 'vanilla') && open('hello'))
    case 'panel': case 'in-view': case 'choose': return session?.refresh()
    case 'neuron': if (state.inView.includes('inspect')) session?.refresh(); return
    case 'edit': return live(intent.field, before)
    case 'defaults': return void foresee()
    case 'language': return void change(intent.code)
    case 'rate': case 'sampling': case 'again': return session?.refresh()
    case 'pan': case 'resize': case 'zoom': case 'ask': case 'pin': if (watched(state) !== watched(before)) session?.refresh()
  }
}

/** @param {import('./types.js').State} s  what decides which letters are traced */
const watched = (s) => (s.run ? `${s.from} ${columnsFor(s.run, s.width, s.zoom)} ${drawingFor(s.run, s.width) === 'folded' && weightsOf(s)}` : '')

/** @param {string} name */
async function open(name) {
  try {
    dispatch({ type: 'open', pending: presetPending(name, await textOfPreset(name)) })
  } catch (error) {
    void report.fail(error)
  }
}

/** @param {boolean} train  whether it may begin by itself */
async function start(train) {
  await session?.start(async (run, before) => {
    const renamed = await rename(run)
    frame = null
    answers = []
    const { saved, after } = state.pending ?? {}
    dispatch({ type: 'started', run })
    if (renamed) sayAnew()
    if (arriving) return void follow(arriving)
    if (after?.training ?? (!still.matches && (saved?.training ?? train))) dispatch({ type: 'train' })
    if (after?.notice) dispatch({ type: 'notice', notice: after.notice })
    if (before) void loadUpkeep().then((upkeep) => upkeep.left(before))
    if (drawn && !saved) void loadSharing().then((sharing) => sharing.address())
  })
}

/** What texts call what it reads, where that is not what hello reads. @param {import('./types.js').Run} run @returns {Promise<boolean>} whether that has changed; where it cannot be had, it has not */
const rename = async (run) => (run.task || run.vocabulary.tokens !== 'characters' || noun !== 'letter') && import('./language/nouns.js').then(({ follow }) => follow(run)).catch(() => false)

/** What others have shared; where it cannot be had, the page stays with what it has. @param {string} hash */
async function follow(hash) {
  const first = arriving !== ''
  arriving = ''
  const anchor = document.getElementById(hash.slice(1)) !== null
  const notice = anchor ? null : await (await loadSharing()).open(hash)
  if (!anchor && !notice) return
  if (first && !still.matches) dispatch({ type: 'train' })
  if (notice) dispatch({ type: 'notice', notice })
}

const loadSharing = () => sharing ??= import('./share.js').then(({ createSharing }) =>
  createSharing(() => state, dispatch, () => session ? session.identity() : Promise.reject(new Error('there is no network yet')), async (task) => session?.fieldsOf(task) ?? []))

/** @param {readonly import('./types.js').Question[]} questions  to the second network */
async function compare(questions) {
  const { createTwin } = await import('./twin.js')
  twin ??= createTwin(openTrainer, (twin) => dispatch({ type: 'twin', twin }))
  twin.end()
  twin.begin(state, questions)
}

/** @param {string} field @param {import('./types.js').State} before */
function live(field, before) {
  if (state.config[field] !== before.config[field]) session?.configure({ [field]: state.config[field] })
  else void foresee()
}

/** What the edits would cost, unless they cannot be. */
async function foresee() {
  const { run, edits } = state
  const bytes = run && Object.keys(edits).length ? await session?.sizeOf({ ...run.config, ...edits }) : null
  if (edits === state.edits) dispatch({ type: 'foreseen', bytes: bytes ?? null })
}

/** What tests and style sheets may read. */
function publish() {
  marks.training = state.training ? 'running' : 'paused'
  marks.iteration = String(roundOf(state))
  marks.loss = state.progress ? String(state.progress.loss) : ''
  marks.writes = state.sample?.text ?? ''
  if (state.run) marks.drawing = drawingFor(state.run, state.width)
}

function schedule() {
  if (waiting || !(views || frame || state.notice || performance.now() > FIRST_DRAWING)) return
  waiting = true
  requestAnimationFrame(draw)
}

const createViews = () => VIEWS.map(([id, create]) => create(mount(id), dispatch))

/** @param {number} now */
function draw(now) {
  waiting = false
  const sweeping = state.training && state.rate < SWEEP_BELOW && !state.held && frame !== null
  if (sweeping && frame) sweep(now, frame.inputs.length)
  views ??= createViews()
  for (const view of views) view.render(state, frame)
  for (const { view } of below) view.render(state, frame, answers)
  if (!drawn && frame) {
    drawn = true
    marks.ready = 'true'
    isolateNextVisit()
    openBelow()
    void loadUpkeep()
  }
  if (sweeping) schedule()
}

const loadUpkeep = () => keeping ??= import('./upkeep.js').then(({ createUpkeep }) => {
  upkeep = createUpkeep(() => state, dispatch, () => session, loadSharing)
  for (const intent of early) upkeep.heed(intent)
  return upkeep
})

async function openBelow() {
  const [{ all }] = await Promise.all([import('./views/below.js'), assets.style('below.css')])
  below = all.map(made)
  schedule()
}

/** @param {Below} part */
const made = (part) => ({ ...part, view: part.create(mount(part.id), dispatch) })

/** @param {string} code  of a language */
async function change(code) {
  await (await import('./language/choice.js')).choose(code)
  sayAnew()
}

/** All that is said is said anew, and nothing else changes. */
function sayAnew() {
  const focused = document.activeElement?.id
  for (const view of views ?? []) view.destroy()
  for (const { view } of below) view.destroy()
  views = createViews()
  below = below.map(made)
  draw(performance.now())
  if (focused) document.getElementById(focused)?.focus()
}

/** The yellow column runs forward and back once per round. @param {number} now @param {number} steps */
function sweep(now, steps) {
  const phase = Math.min(2 * steps - 1, Math.floor(((now - roundBegan) / 1000) * state.rate * 2 * steps))
  const direction = phase < steps ? /** @type {const} */ ('forward') : /** @type {const} */ ('backward')
  state = update(state, { type: 'sweep', direction, step: Math.max(0, phase < steps ? phase : 2 * steps - 1 - phase) })
}

new ResizeObserver(([entry]) => {
  const width = Math.round(entry.contentRect.width)
  if (width && width !== state.width) dispatch({ type: 'resize', width })
}).observe(stage)
onThemeChange(schedule)
addEventListener('hashchange', () => { if (location.hash && session) void follow(location.hash) })
setTimeout(schedule, FIRST_DRAWING + 1)
const language = wanted()
try {
  if (language !== 'en') await (await import('./language/choice.js')).use(language)
  session = await createSession(openTrainer, () => state, (state) => below.flatMap(({ questionsOf }) => questionsOf(state)), report)
  dispatch({ type: 'preset', name: 'hello' })
} catch (error) {
  report.fail(error)
}
