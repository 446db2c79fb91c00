/** What comes when the first drawing is done: the arithmetic of the score, the drawers, what lies below the transport, the tour, and the drawings of all but the smallest networks. */
import { createDragging } from '../held/dragging.js'
import { createHeldList } from '../held/list.js'
import { answers } from './answers/index.js'
import { createCaptions } from './captions.js'
import { createDataDrawer } from './data-drawer.js'
import { createDrop } from './drop.js'
import { createEquation } from './equation.js'
import { inspect } from './inspect.js'
import { createLessonMenu } from './lesson-menu.js'
import { lessons } from './lessons.js'
import { createNarration } from './narration.js'
import { drawings } from './score.js'
import { createAsking } from './score/asking.js'
import { createFolded } from './score/folded.js'
import { foldedSpan } from './score/folded/geometry.js'
import { gatedSpan } from './score/gated-geometry.js'
import { spans } from './score/geometry.js'
import { blending } from './score/blending.js'
import { createLstm } from './score/lstm.js'
import { createTaskMenu } from './task-menu.js'
import { createTaskData } from './task-data.js'
import { createSettingsDrawer } from './settings-drawer.js'
import { tour } from './tour.js'
import { createWhat } from './what.js'
import { folded } from '../words/folded.js'
import { gated } from '../words/gated.js'
import { asked } from '../words/asked.js'
import { headlines } from '../words/headline.js'
import { sentences } from '../words/reading.js'
import { taskHeadline } from '../words/tasks.js'

Object.assign(drawings, { lstm: createLstm, ...blending, folded: createFolded })
Object.assign(sentences, { ...gated, folded, task: asked })
Object.assign(headlines, { task: taskHeadline })
Object.assign(spans, { ...Object.fromEntries(Object.keys(gated).map((cell) => [cell, gatedSpan])), folded: foldedSpan })

/** What asks nothing. @param {string} id @param {import('../types.js').CreateView} create @returns {import('../types.js').Below} */
const quiet = (id, create) => ({ id, create, questionsOf: () => [] })

/** What stands beside the others. */
const LAST = [quiet('bar', createLessonMenu), quiet('bar', createTaskMenu), quiet('stage', createWhat), quiet('stage', createCaptions), quiet('stage', createNarration)]

/** @type {readonly import('../types.js').Below[]} */
export const all = [quiet('score', createDragging), quiet('score', createAsking), quiet('reading', createEquation), quiet('reading', createHeldList), quiet('data', createDataDrawer), quiet('data', createTaskData), quiet('settings', createSettingsDrawer), quiet('drop', createDrop), answers, inspect, lessons, tour, ...LAST]
