/** Sees to it that what the tests start ends with them, however they end. */

/** @type {Set<number>} leaders of process groups */
const running = new Set()

process.on('exit', () => running.forEach(killGroup))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

/** @param {import('node:child_process').ChildProcess | null} child started detached, so that it leads a group */
export function endWithTests(child) {
  const pid = child?.pid
  if (!pid) return
  running.add(pid)
  child.once('exit', () => running.delete(pid))
}

/** Ends a process and all that it started. @param {number | undefined} pid */
export function killGroup(pid) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It had ended already.
  }
}
