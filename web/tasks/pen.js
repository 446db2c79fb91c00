/** What a pen draws: distances from its lines, and pictures as rows of letters. */

/** @typedef {readonly [x: number, y: number]} Point */

/** The distance from a point to the line between two others. @param {number} x  @param {number} y  @param {Point} from  @param {Point} to */
export function distanceTo(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.sqrt((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2)
}

/** A row of points, as dark as their ink, from 0 to 1. @param {readonly number[]} ink */
export const shaded = (ink) => ink.map((value) => ' ░▒▓█'[Math.round(value * 4)].repeat(2)).join('')

/** A picture of such rows, a line each. @param {readonly number[]} ink  @param {number} across */
export const pictured = (ink, across) => Array.from({ length: ink.length / across }, (_, row) => shaded(ink.slice(row * across, (row + 1) * across))).join('\n')

/** Rows of a picture that is written, a line each. @param {string} points  @param {number} across */
export const inRows = (points, across) => `\n${(points.match(new RegExp(`.{1,${across}}`, 'g')) ?? []).join('\n')}\n`
