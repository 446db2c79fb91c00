/** How well answers agree with what was wanted. A share of nothing is 0. */

/** @typedef {ArrayLike<number>} Numbers */

/** @param {number} part  @param {number} whole */
const share = (part, whole) => whole ? part / whole : 0

/** Mean of the squares of all differences. @param {Numbers} answers  @param {Numbers} wanted */
export function meanSquaredError(answers, wanted) {
  let sum = 0
  for (let i = 0; i < wanted.length; i++) sum += (answers[i] - wanted[i]) ** 2
  return share(sum, wanted.length)
}

/** Precision, recall and F1 of one class. @param {Numbers} answers  @param {Numbers} wanted  @param {number} which */
export function ofClass(answers, wanted, which) {
  let [hits, told, there] = [0, 0, 0]
  for (let i = 0; i < wanted.length; i++) {
    const [said, is] = [answers[i] === which, wanted[i] === which]
    hits += Number(said && is)
    told += Number(said)
    there += Number(is)
  }
  return { precision: share(hits, told), recall: share(hits, there), f1: share(2 * hits, told + there) }
}

/** @param {Numbers} answers  @param {Numbers} wanted */
export function accuracy(answers, wanted) {
  let right = 0
  for (let i = 0; i < wanted.length; i++) right += Number(answers[i] === wanted[i])
  return share(right, wanted.length)
}

/** Accuracy, and the mean over classes of the rest (macro average). @param {Numbers} answers  @param {Numbers} wanted  @param {number} classes */
export function ofClasses(answers, wanted, classes) {
  const each = Array.from({ length: classes }, (_, which) => ofClass(answers, wanted, which))
  /** @param {'precision' | 'recall' | 'f1'} name */
  const mean = (name) => share(each.reduce((sum, one) => sum + one[name], 0), classes)
  return { accuracy: accuracy(answers, wanted), precision: mean('precision'), recall: mean('recall'), f1: mean('f1') }
}

/** Symbols to change, insert or drop to make one sequence of another (Levenshtein 1966). @param {ArrayLike<unknown>} a  @param {ArrayLike<unknown>} b */
export function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]))
    row = next
  }
  return row[b.length]
}
