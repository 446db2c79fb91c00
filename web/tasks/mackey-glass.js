/**
 * The equation of Mackey and Glass (1977) for the blood cells of a patient, whose production answers late:
 *
 *   dx/dt = β x(t−τ) / (1 + x(t−τ)ⁿ) − γ x,   β = 0.2, γ = 0.1, n = 10
 *
 * chaotic from about τ = 16.8. x is 1.2 up to t = 0. Integrated by Runge and Kutta's method of fourth order; what the delay asks between
 * two points is of the cubic through them and their slopes (Hermite).
 */
import { forecasting } from './series.js'
import { integer } from './task.js'

const [BETA, GAMMA, INITIAL] = [0.2, 0.1, 1.2]
const PER_UNIT = 10 // steps of the integration in a unit of time
const SETTLING = 300 // units of time before the series begins

/** @param {number} x  @param {number} late */
function slope(x, late) {
  const fifth = late * late * late * late * late
  return BETA * late / (1 + fifth * fifth) - GAMMA * x
}

/**
 * x at the times 0, 1, 2, …
 * @param {number} tau
 * @param {number} points
 * @param {number} [perUnit]
 * @returns {number[]}
 */
export function mackeyGlassSeries(tau, points, perUnit = PER_UNIT) {
  const [h, delay] = [1 / perUnit, tau * perUnit]
  const [x, slopes] = [[INITIAL], /** @type {number[]} */ ([])]
  /** @param {number} i */
  const at = (i) => i < 0 ? INITIAL : x[i]
  /** Half a step after point i. @param {number} i */
  const halfway = (i) => i < 0 ? INITIAL : (x[i] + x[i + 1]) / 2 + h * (slopes[i] - slopes[i + 1]) / 8
  for (let i = 0; i < (points - 1) * perUnit; i++) {
    const [late, half, next] = [at(i - delay), halfway(i - delay), at(i - delay + 1)]
    const a = slope(x[i], late)
    slopes.push(a)
    const b = slope(x[i] + h / 2 * a, half)
    const c = slope(x[i] + h / 2 * b, half)
    const d = slope(x[i] + h * c, next)
    x.push(x[i] + h / 6 * (a + 2 * b + 2 * c + d))
  }
  return Array.from({ length: points }, (_, t) => x[t * perUnit])
}

export const mackeyGlass = forecasting(
  { name: 'mackey-glass', label: 'what comes later in a chaotic series', goal: { metric: 'meanSquaredError', atMost: 0.005, iterations: 600 } },
  ({ tau, points }) => mackeyGlassSeries(tau, points + SETTLING).slice(SETTLING).map((x) => [x]),
  [
    integer('tau', 17, 1, 200, 'Delay of the equation.'),
    integer('points', 3000, 100, 100_000, 'Numbers in the series, one for each unit of time.'),
  ],
)
