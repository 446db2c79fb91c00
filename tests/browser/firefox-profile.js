/**
 * Profiles for Firefox: each is new, but for what Firefox makes of its own code when it starts for the first time, which
 * takes longer than the rest of the start. Firefox makes it anew where it is of another version.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const KEPT = 'build/firefox'
const PARTS = ['startupCache', 'compatibility.ini']

/** Its folder. */
export function newProfile() {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-firefox-'))
  if (existsSync(KEPT)) cpSync(KEPT, folder, { recursive: true })
  return folder
}

/** Removes a profile whose browser has ended. @param {string} folder */
export function endProfile(folder) {
  if (!existsSync(KEPT)) keep(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** @param {string} folder */
function keep(folder) {
  mkdirSync('build', { recursive: true })
  const copy = mkdtempSync('build/firefox-')
  try {
    for (const part of PARTS) cpSync(join(folder, part), join(copy, part), { recursive: true })
    renameSync(copy, KEPT)
  } catch { // it ended early, or another one was kept meanwhile
    rmSync(copy, { recursive: true, force: true })
  }
}
