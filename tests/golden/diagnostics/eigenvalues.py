#!/usr/bin/env python3
"""Writes eigenvalues.txt beside this script: what LAPACK (numpy.linalg.eigvals, float64) finds.

Lines are `name count value value …`. For each case:

    CASE.matrix n² …      row-major, each number exact in float32; or
    CASE.seed 2 n s       the matrix is n² numbers in ±1 of the generator below, from seed s
    CASE.scale n …        where there is one: powers of 2 that balance it, D⁻¹ A D
    CASE.real n …  CASE.imaginary n …
    CASE.allowed n …      how far another good algorithm may be from each of these

Good algorithms find the exact eigenvalues of a matrix A + E with ‖E‖ of some ε ‖A‖, A balanced. An eigenvalue with
left and right eigenvectors y, x then moves by at most κ ‖E‖, κ = ‖x‖ ‖y‖ / |yᴴx| (Golub and Van Loan, 7.2.2). Allowed are
64 ε ‖A‖_F κ. One that is m-fold with a single eigenvector moves by about ‖E‖^(1/m): there, allowed are (64 ε ‖A‖_F)^(1/m).
"""

import pathlib

import numpy as np

EPSILON = np.finfo(float).eps
PATH = pathlib.Path(__file__).with_suffix(".txt")


def uniform(n, seed):
    """xorshift32 (Marsaglia 2003), as `numbers` in tests/engine/helpers.js."""
    state, values = (seed * 2654435761 + 1) & 0xFFFFFFFF, []
    for _ in range(n * n):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        values.append(state / 2**31 - 1)
    return single(np.reshape(values, (n, n)))


def single(a):
    return np.asarray(a, np.float32).astype(float)


def jordan(value, sizes):
    """Jordan blocks, hidden by a similarity of small whole numbers."""
    n = sum(sizes)
    j = value * np.eye(n) + np.diag([0 if i + 1 in np.cumsum(sizes) else 1 for i in range(n - 1)], 1)
    l = np.tril(np.fromfunction(lambda i, k: (i * 2 + k) % 3 - 1, (n, n)), -1) + np.eye(n)
    inverse = np.round(np.linalg.inv(l @ l.T))
    assert np.array_equal(inverse @ l @ l.T, np.eye(n))
    a = l @ l.T @ j @ inverse
    assert np.array_equal(a, single(a))
    return a


def nearly_triangular(n):
    return np.triu(uniform(n, 5)) + np.diag(np.full(n - 1, 2.0**-24), -1)


def cases():
    yield "one", [[0.75]], {}
    yield "two_real", [[1, 2], [3, -4]], {}
    yield "two_complex", [[0.5, -0.75], [0.75, 0.5]], {}
    yield "three", [[0, 1, 0], [0, 0, 1], [0.5, -0.25, 0.125]], {}
    yield "zero", np.zeros((4, 4)), {}
    yield "identity", np.eye(9), {}
    yield "permutation", np.roll(np.eye(17), 1, 0), {}
    yield "orthogonal", single(np.linalg.qr(uniform(17, 3))[0]), {}
    yield "symmetric", single(uniform(12, 4) + uniform(12, 4).T), {}
    yield "jordan", jordan(0.5, [5]), {"fold": 5}
    yield "jordan_pair", jordan(-1, [3, 2]), {"fold": 3}
    yield "nearly_triangular", nearly_triangular(17), {}
    scale = 2.0 ** np.array([40, -36, 11, 0, -29, 33, -3, 8, -17])
    yield "badly_scaled", scale[:, None] * uniform(9, 6) / scale, {"scale": scale}
    yield "random_17", None, {"seed": (17, 7)}
    yield "random_64", None, {"seed": (64, 8)}
    yield "random_512", None, {"seed": (512, 9)}


def allowed(a, fold=0):
    margin = 64 * EPSILON * np.linalg.norm(a)
    values, right = np.linalg.eig(a)
    if fold:
        return values, np.full(len(a), margin ** (1 / fold))
    left = np.linalg.inv(right)
    return values, margin * np.linalg.norm(right, axis=0) * np.linalg.norm(left, axis=1)


def records():
    for name, a, options in cases():
        if "seed" in options:
            a = uniform(*options["seed"])
            yield f"{name}.seed", options["seed"]
        else:
            a = np.asarray(a, float)
            assert np.array_equal(a, single(a))
            yield f"{name}.matrix", a
        if "scale" in options:
            scale = options["scale"]
            yield f"{name}.scale", scale
            values, limits = allowed(a * scale / scale[:, None])
        else:
            values, limits = allowed(a, options.get("fold", 0))
        yield f"{name}.real", values.real
        yield f"{name}.imaginary", values.imag
        yield f"{name}.allowed", [float(f"{limit:.1e}") for limit in limits]


def main():
    def line(name, values):
        numbers = np.ravel(values).tolist()
        return " ".join([name, str(len(numbers)), *(repr(int(v)) if v == int(v) else repr(v) for v in numbers)])
    PATH.write_text("".join(line(*record) + "\n" for record in records()))


if __name__ == "__main__":
    main()
