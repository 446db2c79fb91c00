/** What host.js is under Node. The handler comes first: an engine may lose a message that arrives before it. */
import { answering } from '../answer.js'

const path = new URLSearchParams(location.search).get('module') ?? ''
const answer = import(path).then(async ({ create }) => answering(await create()))

onmessage = async ({ data }) => {
  try {
    postMessage({ result: await (await answer)(data) })
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
}
