/** The tasks in the menu of what can be learned, with what one will see. */
import { presets } from '../../presets.js'
import { element } from '../draw/dom.js'
import { t } from '../language/index.js'
import { TASKS } from '../words/tasks.js'

/** @type {import('../types.js').CreateView} */
export function createTaskMenu(root) {
  const options = Object.values(presets).flatMap(({ name, task }) => {
    if (!task) return []
    const [title, see] = TASKS[task]
    return [element('option', { value: name }, t`${t(title)}: ${t(see)}`)]
  })
  const group = element('optgroup', { label: t('Tasks') }, ...options)
  const join = () => /** @type {HTMLSelectElement | null} */ (root.querySelector('#preset'))?.append(group)
  join()
  return {
    render(state) {
      if (group.isConnected) return
      join() // the menu has been made anew, in another language
      const menu = group.closest('select')
      if (menu) menu.value = state.pending?.preset ?? state.preset
    },
    destroy() { group.remove() },
  }
}
