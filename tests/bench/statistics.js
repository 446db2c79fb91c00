/** @param {readonly number[]} values @param {number} share 0 … 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (at - low)
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5)

/** The mean of the middle three quarters: steadier than the median where values are spread evenly. @param {readonly number[]} values */
export function middle(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length / 8)
  const kept = sorted.slice(cut, sorted.length - cut)
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}

/** From the 10th to the 90th percentile. @param {readonly number[]} values @returns {[number, number]} */
export const spread = (values) => [quantile(values, 0.1), quantile(values, 0.9)]
