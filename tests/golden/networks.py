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
NORMED = {
    "normed_vanilla": dict(ODD, cell="vanilla", layer_norm=1),
    "normed_lstm": dict(ODD, hidden=9, cell="lstm", layer_norm=1, input=EMBEDDING, input_size=4, bidirectional=1),
    "normed_peepholes": dict(ODD, cell="lstm", layer_norm=1, candidate="sigmoid", peephole=1, hidden=9),
    "normed_gru": dict(ODD, cell="gru", layer_norm=1, bidirectional=1, pool=LAST, outputs=3),
    "normed_gru_before": dict(ODD, cell="gru", layer_norm=1, reset="before", input=VECTOR, input_size=3, hidden=8),
}
RNNS = {"vanilla": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Gain(nn.Module):
    """Layer normalisation of each gate's units for themselves, in n gates, without a bias."""

    def __init__(self, gates, hidden):
        super().__init__()
        self.weight, self.hidden = nn.Parameter(torch.ones(gates * hidden)), hidden

    def forward(self, x):
        return torch.cat([nn.functional.layer_norm(a, (self.hidden,)) for a in x.split(self.hidden, -1)], -1) * self.weight


class Normed(nn.Module):
    """Cells with layer normalisation (Ba, Kiros and Hinton 2016), of W_ih x, of W_hh h, and of c before its tanh."""

    def __init__(self, c, inputs):
        super().__init__()
        self.c, H = c, c["hidden"]
        self.gates, self.directions = {"vanilla": 1, "lstm": 4, "gru": 3}[c["cell"]], 1 + c.get("bidirectional", 0)
        for l, suffix in self.strands():
            shapes = {"weight_ih": (self.gates * H, inputs if l == 0 else self.directions * H),
                      "weight_hh": (self.gates * H, H), "bias_ih": (self.gates * H,), "bias_hh": (self.gates * H,)}
            if c.get("peephole"):
                shapes["weight_peephole"] = (3 * H,)
            for name, shape in shapes.items():
                self.register_parameter(f"{name}_{suffix}", nn.Parameter(torch.zeros(shape)))
            for name in ("norm_ih", "norm_hh"):
                self.add_module(f"{name}_{suffix}", Gain(self.gates, H))
            if c["cell"] == "lstm":
                self.add_module(f"norm_c_{suffix}", nn.LayerNorm(H))

    def strands(self):
        return [(l, f"l{l}{end}") for l in range(self.c["layers"]) for end in ("", "_reverse")[:self.directions]]

    def step(self, x, h, c, own):
        a = own("norm_ih")(x @ own("weight_ih").T) + own("bias_ih")
        if self.c["cell"] == "gru" and self.c.get("reset") == "before":
            H = self.c["hidden"]
            W, B = own("weight_hh").split(H), own("bias_hh").split(H)
            gains = own("norm_hh").weight.split(H)
            seen = [lambda s, w=w, b=b, g=g: nn.functional.layer_norm(s @ w.T, (H,)) * g + b for w, b, g in zip(W, B, gains)]
            r, z = ((part + see(h)).sigmoid() for part, see in zip(a.split(H, 1), seen[:2]))
            n = (a.split(H, 1)[2] + seen[2](r * h)).tanh()
            return (1 - z) * n + z * h, c
        u = own("norm_hh")(h @ own("weight_hh").T) + own("bias_hh")
        if self.c["cell"] == "vanilla":
            return (a + u).tanh(), c
        if self.c["cell"] == "gru":
            (ar, az, an), (ur, uz, un) = a.chunk(3, 1), u.chunk(3, 1)
            z = (az + uz).sigmoid()
            return (1 - z) * (an + (ar + ur).sigmoid() * un).tanh() + z * h, c
        i, f, g, o = (a + u).chunk(4, 1)
        p_i, p_f, p_o = own("weight_peephole").chunk(3) if self.c.get("peephole") else (0, 0, 0)
        g = g.sigmoid() if self.c.get("candidate") == "sigmoid" else g.tanh()
        c = (f + p_f * c).sigmoid() * c + (i + p_i * c).sigmoid() * g
        return (o + p_o * c).sigmoid() * own("norm_c")(c).tanh(), c

    def forward(self, packed):
        y, lengths = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        last, said = [], []
        for l, suffix in self.strands():
            h = c = torch.zeros(y.shape[0], self.c["hidden"])
            steps, states = list(y.unbind(1)), []
            for x in steps[::-1] if suffix.endswith("reverse") else steps:
                h, c = self.step(x, h, c, lambda name: getattr(self, f"{name}_{suffix}"))
                states.append(h)
            last.append(h)
            said.append(torch.stack(states[::-1] if suffix.endswith("reverse") else states, 1))
            if len(said) == self.directions:
                y, said = torch.cat(said, 2), []
        return nn.utils.rnn.pack_padded_sequence(y, lengths, batch_first=True), torch.stack(last)


class Network(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = self.config = c
        inputs = c["input_size"] if c.get("input") else c["vocabulary"]
        width, outputs = c["hidden"] * (1 + c.get("bidirectional", 0)), c.get("outputs", c["vocabulary"])
        if c.get("input") == EMBEDDING:
            self.embedding = nn.Embedding(c["vocabulary"], inputs)
        self.rnn = Normed(c, inputs) if c.get("layer_norm") else \
            RNNS[c["cell"]](inputs, c["hidden"], c["layers"], batch_first=True, bidirectional=bool(c.get("bidirectional")))
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
    for seed, (name, c) in enumerate((CASES | NORMED).items(), start=100):
        write(FOLDER / f"{name}.txt", records_of(c, seed))
