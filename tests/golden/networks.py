#!/usr/bin/env python3
"""Writes tests/golden/networks/*.txt: what PyTorch computes in float64 of networks of many parts.

    python3 tests/golden/networks.py            (made with PyTorch 1.13)

The format is that of generate.py, for one batch and without trajectories. Besides:

    vectors B·T·I …             inputs that are numbers, instead of `inputs`
    values R·O …                targets that are numbers; R is B·T, or B where the output comes once a sequence
    lengths B …                 steps of each sequence, packed by PyTorch
    logits R·O …                (B, T, O) or (B, O)
"""

import pathlib

import torch
from torch import nn

from generate import config_records, draw_parameters, parameter_records, write

FOLDER = pathlib.Path(__file__).parent / "networks"
ONE_HOT, EMBEDDING, VECTOR = range(3)
EACH, LAST, MEAN, MAX = range(4)
CROSS_ENTROPY, BINARY, SQUARED = range(3)

ODD = dict(vocabulary=7, hidden=5, layers=2, batch=3, steps=6)
CASES = {
    "two_directions": dict(ODD, cell="lstm", input=EMBEDDING, input_size=4, bidirectional=1),
    "one_hot_directions": dict(ODD, cell="gru", bidirectional=1, lengths=[6, 4, 1]),
    "last": dict(ODD, cell="gru", input=EMBEDDING, input_size=9, pool=LAST, outputs=4, head_layers=1,
                         head_size=6),
    "packed": dict(ODD, cell="lstm", bidirectional=1, pool=LAST, outputs=3, lengths=[6, 2, 5]),
    "mean_labels": dict(ODD, cell="vanilla", bidirectional=1, pool=MEAN, outputs=5, loss=BINARY),
    "max": dict(ODD, cell="lstm", input=VECTOR, input_size=3, pool=MAX, outputs=2, head_layers=2, head_size=9),
    "numbers": dict(ODD, cell="gru", input=VECTOR, input_size=9, outputs=3, loss=SQUARED),
    "tied_smoothed": dict(ODD, cell="gru", input=EMBEDDING, input_size=5, tie=1, label_smoothing=0.125),
}
RNNS = {"vanilla": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Network(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        inputs = c["input_size"] if c.get("input") else c["vocabulary"]
        width, outputs = c["hidden"] * (1 + c.get("bidirectional", 0)), c.get("outputs", c["vocabulary"])
        if c.get("input") == EMBEDDING:
            self.embedding = nn.Embedding(c["vocabulary"], inputs)
        self.rnn = RNNS[c["cell"]](inputs, c["hidden"], c["layers"], batch_first=True,
                                   bidirectional=bool(c.get("bidirectional")))
        self.head = nn.ModuleList()
        for _ in range(c.get("head_layers", 0)):
            self.head.append(nn.Linear(width, c["head_size"]))
            width = c["head_size"]
        self.output = nn.Linear(width, outputs)
        if c.get("tie"):
            self.output.weight = self.embedding.weight

    def read(self, x):
        if self.c.get("input") == EMBEDDING:
            return self.embedding(x)
        return x if self.c.get("input") == VECTOR else nn.functional.one_hot(x, self.c["vocabulary"]).double()

    def forward(self, x):
        lengths = torch.tensor(self.c.get("lengths", [self.c["steps"]] * self.c["batch"]))
        packed = nn.utils.rnn.pack_padded_sequence(self.read(x), lengths, batch_first=True, enforce_sorted=False)
        packed, state = self.rnn(packed)
        y, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=self.c["steps"])
        h = state[0] if isinstance(state, tuple) else state
        z = {EACH: lambda: y, LAST: lambda: torch.cat(list(h[-(1 + self.c.get("bidirectional", 0)):]), 1),
             MEAN: lambda: y.mean(1), MAX: lambda: y.max(1).values}[self.c.get("pool", EACH)]()
        for layer in self.head:
            z = layer(z).relu()
        return self.output(z)


def loss_of(c, logits, targets, values):
    if c.get("loss") == BINARY:
        return nn.functional.binary_cross_entropy_with_logits(logits, values)
    if c.get("loss") == SQUARED:
        return nn.functional.mse_loss(logits, values)
    return nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.flatten(), ignore_index=-1,
                                       label_smoothing=c.get("label_smoothing", 0))


def draw_batch(c, generator):
    """Inputs of any kind, and targets of any kind; what follows a sequence's end is not counted."""
    B, T = c["batch"], c["steps"]
    outputs = c.get("outputs", c["vocabulary"])
    rows = (B,) if c.get("pool") else (B, T)
    if c.get("input") == VECTOR:
        x = torch.randint(-4096, 4097, (B, T, c["input_size"]), generator=generator) / 4096
    else:
        x = torch.randint(0, c["vocabulary"], (B, T), generator=generator)
    targets = torch.randint(0, outputs, rows, generator=generator)
    if not c.get("pool"):
        for b, length in enumerate(c.get("lengths", [])):
            targets[b, length:] = -1
    values = torch.randint(0, 4097, (*rows, outputs), generator=generator) / 4096
    return x, targets, values


def records_of(c, seed):
    generator = torch.Generator().manual_seed(seed)
    network = Network(c)
    draw_parameters(network, generator)
    x, targets, values = draw_batch(c, generator)
    logits = network(x)
    loss = loss_of(c, logits, targets, values)
    loss.backward()
    gradients = {f"gradient.{name}": p.grad for name, p in network.named_parameters()}
    norm = torch.cat([gradient.flatten() for gradient in gradients.values()]).norm()
    config = {name: value for name, value in c.items() if name != "lengths"}
    batch = {"vectors" if c.get("input") == VECTOR else "inputs": x,
             **({"values": values} if c.get("loss") else {"targets": targets}),
             **({"lengths": torch.tensor(c["lengths"])} if "lengths" in c else {})}
    known = {} if "lengths" in c and not c.get("pool") else {"logits": logits}  # beyond the lengths they differ
    return dict(config_records(config), **parameter_records(network), **batch, loss=loss, **known, **gradients,
                gradient_norm=norm)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    for seed, (name, c) in enumerate(CASES.items(), start=100):
        write(FOLDER / f"{name}.txt", records_of(c, seed))
