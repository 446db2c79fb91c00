/**
 * What the trainer answers, as far as the page reads it, and what views are.
 *
 * @typedef {string | number | boolean} Setting
 * @typedef {Readonly<Record<string, Setting>>} Config
 * @typedef {{ shape: readonly number[], data: Float32Array }} Tensor
 *
 * @typedef {object} Frame   one traced sequence: B = 1, every tensor row-major (1, T, n)
 * @property {number} iteration
 * @property {ArrayLike<number>} inputs             −1 each where numbers are read
 * @property {ArrayLike<number>} targets            −1 is not counted; one alone where the answer comes once, none where answers are numbers
 * @property {ArrayLike<number>} [wanted]           numbers, or yes and no, in place of targets
 * @property {ArrayLike<number>} [mask]             0 where the answer is not counted
 * @property {Float32Array} [beliefs]               where the answer comes once: what it would be after each step
 * @property {{ source: readonly string[], written: readonly string[] }} [rewritten]   where sources are read: this one, and what is written after it with nobody to tell
 * @property {Record<string, Tensor>} values
 * @property {readonly Hold[]} [hold]   what was held by hand
 * @property {Record<string, Tensor>} [parameters]
 *
 * @typedef {object} Sample
 * @property {string} text
 * @property {ArrayLike<number>} given                      symbols of the prompt
 * @property {ArrayLike<number>} symbols
 * @property {ArrayLike<number>} probabilities              of the letters written, at temperature 1
 * @property {ArrayLike<number>[]} [distributions]          (length, V)
 *
 * @typedef {object} Progress
 * @property {number} iteration
 * @property {number} loss                  nats per character
 * @property {number} gradientNorm
 * @property {number} symbols               characters read in total
 * @property {number} charactersPerSecond
 * @property {Float64Array} losses          iteration, loss, iteration, loss, …
 * @property {readonly number[]} kept       rounds to which one can return at once
 * @property {Frame} [frame]
 * @property {{ losses: Float64Array, loss: number, best: number, bestIteration: number, stopped: boolean, metrics?: import('../tasks/task.js').Metrics }} [validation]   on text that is not learned, where some is kept aside and was looked at
 * @property {Sample} [sample]
 * @property {Inspection[]} [inspections]
 *
 * @typedef {Pick<Progress, 'frame' | 'sample' | 'inspections'>} Seen
 *
 * @typedef {object} Field   one row of the hyperparameter table
 * @property {string} name
 * @property {'integer' | 'real' | 'choice' | 'flag'} kind
 * @property {Setting} default
 * @property {number} minimum
 * @property {number} maximum
 * @property {readonly string[]} [choices]
 * @property {string} unit
 * @property {string} group
 * @property {boolean} live
 * @property {string} help   one sentence; empty: what src/fields.h says
 * @property {string} [note]   one more sentence, of this browser
 *
 * @typedef {object} Run     what the trainer says about a model it has just made
 * @property {Config} config
 * @property {{ tokens: import('../engine/text.js').Tokens, symbols: readonly string[] }} vocabulary   symbols as they are shown
 * @property {readonly [symbol: string, count: number][]} unknown   of the text, what is not in the vocabulary
 * @property {number} charactersPerSymbol
 * @property {readonly { name: string, shape: readonly number[] }[]} parameters
 * @property {{ length: number, batch: number, steps: number, shrunk: boolean }} plan
 * @property {{ share: number, patience: number, symbols: number }} [validation]   symbols that are kept unseen
 * @property {import('../tasks/practice.js').Told} [task]   in place of a text
 * @property {number} bytes
 * @property {number} iteration
 * @property {readonly Field[]} fields
 *
 * @typedef {import('../engine/session.js').Rewound} Rewound
 * @typedef {import('../engine/observer.js').Hold} Hold
 * @typedef {import('../engine/observer.js').Question} Question
 * @typedef {import('../engine/observer.js').Inspection} Inspection
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intent} Intent
 * @typedef {(intent: Intent) => void} Emit
 * @typedef {{ render(state: State, frame: Frame | null): void, destroy(): void }} View
 * @typedef {(root: HTMLElement, emit: Emit) => View} CreateView
 *
 * @typedef {object} Panel   one of the looks inside, below the transport
 * @property {string} name
 * @property {string} title
 * @property {string} question            under the title
 * @property {(run: Run) => boolean} [suits]   whether it makes sense of a network; of all unless told
 * @property {Config} choices             what its reader can choose, as it is at first
 * @property {(state: State, choices: Config) => readonly Question[]} asks   what it wants to be told, again and again, in this order
 * @property {(root: HTMLElement, emit: Emit) => PanelView} create
 * @typedef {{ render(state: State, frame: Frame | null, answers: readonly Inspection[], choices: Config): void, destroy(): void }} PanelView
 *
 * @typedef {object} Below   something below the transport, which may ask
 * @property {string} id     of its element
 * @property {(state: State) => readonly Question[]} questionsOf   what it wants to be told now
 * @property {(root: HTMLElement, emit: Emit) => { render(state: State, frame: Frame | null, answers: readonly Inspection[]): void, destroy(): void }} create
 */

export {}
