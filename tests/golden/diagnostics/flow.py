#!/usr/bin/env python3
"""Writes flow_*.txt beside this script: what flows back through time, by torch.autograd in float64.

    python3 tests/golden/diagnostics/flow.py     made with PyTorch 1.13

Lines are `name count value value …`, row-major:

    config.FIELD 1 v                 a field of src/fields.h; choices by their index
    parameter.NAME n …               by PyTorch's names; exact in float32
    inputs T …  targets T …          one sequence, read from zero state
    jacobian.h_lN T·H·H …            ∂h_T/∂h_t of layer N for each t; jacobian.c_lN: ∂c_T/∂c_t, of the LSTM
    spectral.h_lN T …                the largest singular value of each
    sensitivity T·V·V …              ∂logits_t/∂x_STEP, x a one-hot vector;  step 1 v
    norms_all.lN T …  norms_last.lN T …   ‖∂loss/∂h_t‖ of the mean loss, and of the last target's alone
"""

import pathlib

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent
V, H, T, L, STEP = 7, 5, 6, 2, 1
CELLS = {"lstm": (1, nn.LSTMCell, 4), "gru": (2, nn.GRUCell, 3)}
torch.set_default_dtype(torch.float64)


def draw(shape, generator):
    """Uniform in ±0.75, in steps of 2^-12, which float32 holds exactly."""
    return torch.randint(-3072, 3073, shape, generator=generator) / 4096


def jacobian(outputs, of):
    """A row for each output."""
    grads = [torch.autograd.grad(o, of, retain_graph=True, allow_unused=True)[0] for o in outputs.flatten()]
    return torch.stack([torch.zeros_like(of) if g is None else g for g in grads]).flatten(1)


def unroll(make, parameters, inputs):
    """Each step's x, states[l] = [(h, c?)] and logits."""
    cells = [make(H if l else V, H) for l in range(L)]
    for l, cell in enumerate(cells):
        cell.load_state_dict({n: parameters[f"rnn.{n}_l{l}"] for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")})
    zero = torch.zeros(1, H)
    states = [[(zero, zero) if make is nn.LSTMCell else (zero,)] for _ in range(L)]
    xs, logits = [], []
    for symbol in inputs:
        x = nn.functional.one_hot(symbol, V)[None].double().requires_grad_()
        xs.append(x)
        for l, cell in enumerate(cells):
            before = states[l][-1]
            after = cell(x, before if make is nn.LSTMCell else before[0])
            states[l].append(after if make is nn.LSTMCell else (after,))
            x = states[l][-1][0]
        logits.append(x @ parameters["output.weight"].T + parameters["output.bias"])
    return xs, [s[1:] for s in states], logits


def records(cell, seed):
    index, make, gates = CELLS[cell]
    generator = torch.Generator().manual_seed(seed)
    shapes = {}
    for l in range(L):
        shapes[f"rnn.weight_ih_l{l}"] = (gates * H, H if l else V)
        shapes[f"rnn.weight_hh_l{l}"] = (gates * H, H)
        shapes[f"rnn.bias_ih_l{l}"] = shapes[f"rnn.bias_hh_l{l}"] = (gates * H,)
    shapes.update({"output.weight": (V, H), "output.bias": (V,)})
    parameters = {name: draw(shape, generator) for name, shape in shapes.items()}
    inputs, targets = torch.randint(0, V, (2, T), generator=generator)
    for name, value in dict(cell=index, vocabulary=V, hidden=H, layers=L, batch=1, steps=T).items():
        yield f"config.{name}", torch.tensor(value)
    for name, value in parameters.items():
        yield f"parameter.{name}", value
    yield "inputs", inputs
    yield "targets", targets
    xs, states, logits = unroll(make, parameters, inputs)
    for l in range(L):
        for part, name in enumerate("hc"[:len(states[0][0])]):
            steps = [state[part] for state in states[l]]
            matrices = torch.stack([jacobian(steps[-1], at) for at in steps])
            yield f"jacobian.{name}_l{l}", matrices
            yield f"spectral.{name}_l{l}", torch.linalg.svdvals(matrices)[:, 0]
    yield "step", torch.tensor(STEP)
    yield "sensitivity", torch.stack([jacobian(o, xs[STEP]) for o in logits])
    losses = nn.functional.cross_entropy(torch.cat(logits), targets, reduction="none")
    for name, loss in ("all", losses.mean()), ("last", losses[-1]):
        for l in range(L):
            yield f"norms_{name}.l{l}", torch.stack([jacobian(loss, state[0]).norm() for state in states[l]])


def main():
    torch.set_num_threads(1)
    for seed, cell in enumerate(CELLS, start=1):
        lines = []
        for name, values in records(cell, seed):
            numbers = values.detach().flatten().tolist()
            lines.append(" ".join([name, str(len(numbers)), *(repr(int(v)) if v == int(v) else repr(v) for v in numbers)]))
        (FOLDER / f"flow_{cell}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
