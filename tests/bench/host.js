/** A process of its own for what runs under Node: `host.js MODULE ARGUMENT…`, which exports create(). */
import { answering } from './answer.js'

const [path, ...given] = process.argv.slice(2)
/** @type {{ create: (...given: string[]) => Promise<import('./answer.js').Subject> }} */
const { create } = await import(path)
const answer = answering(await create(...given))

process.on('message', async (/** @type {import('./answer.js').Request} */ request) => {
  try {
    process.send?.({ result: await answer(request) })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) })
  }
})
process.send?.({ result: 'ready' })
