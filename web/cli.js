#!/usr/bin/env node
/** The terminal program: `unroll help` tells what it can do. */
try {
  const { main } = await import('./cli/main.js')
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
  const unbuilt = code === 'ERR_MODULE_NOT_FOUND' && message.includes('build')
  console.error(`unroll: ${unbuilt ? 'the engine is not built yet; "make build" builds it' : message}`)
  process.exitCode = 1
}
