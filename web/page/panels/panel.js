/** What shows a panel, and asks for it while one sees it. */

/** @typedef {import('../types.js').Panel} Panel */
/** @typedef {import('../types.js').State} State */

/** @param {Panel} panel @param {State} state */
export const choicesOf = (panel, state) => ({ ...panel.choices, ...state.chosen[panel.name] })

/** What a panel wants to be told, where its place on the page is in view. @param {Panel} panel @param {State} state @param {string} place */
export function questionsFrom(panel, state, place) {
  if (!state.run || !state.inView.includes(place)) return []
  return panel.asks(state, choicesOf(panel, state)).map((question) => ({ ...question, asker: panel.name }))
}

/** @param {Panel} panel @param {readonly import('../types.js').Inspection[]} answers */
export const answersFor = (panel, answers) => answers.filter(({ asker }) => asker === panel.name)

/** Tells when a place comes into view, and when it leaves. @param {HTMLElement} root @param {string} name @param {import('../types.js').Emit} emit */
export function watchView(root, name, emit) {
  const observer = new IntersectionObserver((entries) => emit({ type: 'in-view', name, value: entries.some(({ isIntersecting }) => isIntersecting) }))
  observer.observe(root)
  return () => observer.disconnect()
}
