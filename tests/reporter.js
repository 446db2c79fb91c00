/** Makes node:test report as the C tests do: `ok - name`, or `not ok - name: why` and then the detail. */

/** @typedef {import('node:test/reporters').TestEvent} TestEvent */
/** @typedef {Error & { failureType?: string, cause?: Error }} Failure node:test's own; the test's is the cause */

/** @param {AsyncIterable<TestEvent>} events */
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message.replace(/^(?=.)/gm, '# ')
    // A group is told of by its tests, and a file comes as a test when it holds none.
    if (type === 'test:pass' && data.details.type !== 'suite' && data.name !== data.file) {
      yield data.skip === undefined ? `ok - ${data.name}\n` : `not ok - ${data.name}: skipped\n`
    }
    if (type === 'test:fail') {
      const failure = /** @type {Failure} */ (data.details.error)
      if (failure.failureType === 'subtestsFailed') continue
      const { message, stack = message } = failure.cause instanceof Error ? failure.cause : failure
      yield `not ok - ${data.name}: ${message.split('\n', 1)[0]}\n${stack.replace(/^/gm, '    ')}\n`
    }
  }
}
