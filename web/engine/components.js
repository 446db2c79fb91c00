/**
 * Principal components (Hotelling 1933): the orthogonal directions in which rows of numbers differ most, the eigenvectors v of
 * their covariance C with the largest eigenvalues λ. They are looked for in a block Krylov basis, kept orthonormal (Golub and
 * Underwood 1977), which doubles until ‖C v − λ v‖ is within the tolerance; at its largest it is the whole space.
 */

/** @typedef {{ count: number, size: number, values: Float64Array }} Rows  (count, size), row-major */
/** @typedef {{ variances: Float64Array, axes: Float64Array[], residual: number }} Found  the largest first; residual: the largest ‖C v − λ v‖ */

/** Of the largest variance. */
const TOLERANCE = 1e-11
/** What is left of a vector within a basis is rounding. */
const ROUNDING = 1e-12
/** Vectors in the first basis. */
const FIRST = 16
const SWEEPS = 60

/** In four sums, none of which waits for another. @param {Float64Array} a  @param {Float64Array} b */
export function dot(a, b) {
  let [sum, second, third, fourth] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < a.length; i += 4) {
    sum += a[i] * b[i]
    second += a[i + 1] * b[i + 1]
    third += a[i + 2] * b[i + 2]
    fourth += a[i + 3] * b[i + 3]
  }
  for (; i < a.length; i++) sum += a[i] * b[i]
  return sum + second + (third + fourth)
}

/** @param {Float64Array} vector  @param {number} factor  @param {Float64Array} other */
function add(vector, factor, other) {
  for (let i = 0; i < vector.length; i++) vector[i] += factor * other[i]
}

/** The rows less their mean. @param {Rows} rows  @returns {Rows} */
export function centre({ count, size, values }) {
  const mean = new Float64Array(size)
  values.forEach((value, i) => { mean[i % size] += value / count })
  return { count, size, values: values.map((value, i) => value - mean[i % size]) }
}

/** The covariance of centred rows times a vector. @param {Rows} rows  @param {Float64Array} vector */
function timesCovariance({ count, size, values }, vector) {
  const product = new Float64Array(size)
  for (let from = 0; from < values.length; from += size) {
    const row = values.subarray(from, from + size)
    add(product, dot(row, vector) / count, row)
  }
  return product
}

/** Vectors that look random, the same each time. @param {number} count  @param {number} size */
function startingVectors(count, size) {
  let state = 1
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }))
}

/**
 * The part of a vector that no vector of a basis has, of length 1, or nothing. It is taken twice, since rounding leaves some of
 * the others the first time.
 * @param {readonly Float64Array[]} basis  @param {Float64Array} vector
 */
function orthogonal(basis, vector) {
  const rest = Float64Array.from(vector)
  const before = Math.sqrt(dot(rest, rest))
  for (let times = 0; times < 2; times++) for (const one of basis) add(rest, -dot(rest, one), one)
  const left = Math.sqrt(dot(rest, rest))
  return left > before * ROUNDING ? rest.map((value) => value / left) : undefined
}

/** @param {Float64Array[]} rows  @param {number} p  @param {number} q  @param {number} c  @param {number} s */
function rotate(rows, p, q, c, s) {
  const [first, second] = [rows[p], rows[q]]
  for (let i = 0; i < first.length; i++) {
    const a = first[i]
    const b = second[i]
    first[i] = c * a - s * b
    second[i] = s * a + c * b
  }
}

/** Sets (p, q) of a symmetric matrix to zero. @param {Float64Array[]} matrix  @param {Float64Array[]} vectors  @param {number} p  @param {number} q */
function annihilate(matrix, vectors, p, q) {
  const slope = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1))
  const c = 1 / Math.sqrt(tangent * tangent + 1)
  rotate(matrix, p, q, c, tangent * c)
  for (const row of matrix) {
    const a = row[p]
    const b = row[q]
    row[p] = c * (a - tangent * b)
    row[q] = c * (tangent * a + b)
  }
  rotate(vectors, p, q, c, tangent * c)
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, the largest first, by Jacobi's rotations (1846).
 * @param {Float64Array[]} matrix  rows, which are used up
 * @returns {{ value: number, vector: Float64Array }[]}
 */
function eigenvectors(matrix) {
  const vectors = matrix.map((_, i) => Float64Array.from(matrix, (_, j) => Number(i === j)))
  const least = Number.EPSILON * Math.sqrt(matrix.reduce((sum, row) => sum + dot(row, row), 0)) / matrix.length
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false
    for (let p = 0; p < matrix.length; p++) {
      for (let q = p + 1; q < matrix.length; q++) {
        if (Math.abs(matrix[p][q]) <= least) continue
        annihilate(matrix, vectors, p, q)
        turned = true
      }
    }
  }
  return vectors.map((vector, i) => ({ value: matrix[i][i], vector })).sort((a, b) => b.value - a.value)
}

/** @param {readonly Float64Array[]} vectors  @param {Float64Array} weights */
function combine(vectors, weights) {
  const sum = new Float64Array(vectors[0].length)
  vectors.forEach((vector, i) => add(sum, weights[i], vector))
  return sum
}

/** What a basis has of the components. @param {Float64Array[]} basis  @param {Float64Array[]} images  of it  @param {number} count  @returns {Found} */
function within(basis, images, count) {
  const found = eigenvectors(basis.map((one) => Float64Array.from(images, (image) => dot(one, image)))).slice(0, count)
  const axes = found.map(({ vector }) => combine(basis, vector))
  const residuals = found.map(({ value, vector }, i) => {
    const rest = combine(images, vector)
    add(rest, -value, axes[i])
    return Math.sqrt(dot(rest, rest))
  })
  return { variances: Float64Array.from(found, ({ value }) => Math.max(0, value)), axes, residual: Math.max(...residuals) }
}

/** An axis has two ends: its largest number is positive, the first where there are several. @param {Float64Array} axis */
function withSign(axis) {
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return largest < 0 ? axis.map((value) => -value) : axis
}

/**
 * @param {Rows} rows   centred
 * @param {number} count  at most their size
 * @returns {Found}
 */
export function principalComponents(rows, count) {
  const [basis, images] = [/** @type {Float64Array[]} */ ([]), /** @type {Float64Array[]} */ ([])]
  let next = startingVectors(count, rows.size)
  for (let most = FIRST; ; most *= 2) {
    while (next.length && basis.length < Math.min(most, rows.size)) {
      const first = basis.length
      for (const vector of next) {
        const fresh = orthogonal(basis, vector)
        if (fresh) basis.push(fresh)
      }
      next = basis.slice(first).map((vector) => timesCovariance(rows, vector))
      images.push(...next)
    }
    const found = within(basis, images, count)
    if (found.residual > TOLERANCE * found.variances[0] && next.length && basis.length < rows.size) continue
    return { ...found, axes: found.axes.map(withSign) }
  }
}
