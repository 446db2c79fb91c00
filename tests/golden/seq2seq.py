#!/usr/bin/env python3
"""Writes tests/golden/networks/seq2seq_*.txt: what PyTorch computes in float64 of encoders, decoders and attention.

    python3 tests/golden/seq2seq.py             (made with PyTorch 2.15)

The format is that of networks.py. Besides:

    sources B·S …               what the encoder reads
    source_vectors B·S·I …      the same, where that is numbers
    source_lengths B …          steps of each source, packed by PyTorch
    attention B·T·S …           how much each step looks at each step of the source
"""

import torch
from torch import nn
from torch.nn.functional import one_hot, softmax

from generate import config_records, draw_parameters, parameter_records, write
from networks import EMBEDDING, FOLDER, RNNS

EACH_STEP = 1
ADDITIVE, MULTIPLICATIVE = 1, 2
STEPS = {"vanilla": torch.rnn_tanh_cell, "gru": torch.gru_cell, "lstm": torch.lstm_cell}

ODD = dict(vocabulary=7, hidden=5, layers=2, batch=3, steps=4, source_vocabulary=9, source_steps=6)
LENGTHS = [6, 2, 5]
CASES = {
    "plain": dict(ODD, cell="lstm"),
    "bridge": dict(ODD, cell="lstm", source_hidden=11, input=EMBEDDING, input_size=3),
    "fed": dict(ODD, cell="gru", source_bidirectional=1, context=EACH_STEP),
    "additive": dict(ODD, cell="gru", attention=ADDITIVE, attention_size=3, source_hidden=9, source_bidirectional=1),
    "additive_embedded": dict(ODD, cell="vanilla", attention=ADDITIVE, attention_size=10, input=EMBEDDING, input_size=4),
    "multiplicative": dict(ODD, cell="lstm", attention=MULTIPLICATIVE),
    "multiplicative_fed": dict(ODD, cell="vanilla", attention=MULTIPLICATIVE, source_bidirectional=1, source_hidden=4,
                               context=EACH_STEP),
    "vectors": dict(ODD, cell="lstm", layers=1, source_size=9, source_bidirectional=1),
    "vectors_fed": dict(ODD, cell="gru", source_size=2, context=EACH_STEP, input=EMBEDDING, input_size=4, source_hidden=6),
    "vectors_attended": dict(ODD, cell="lstm", source_size=3, attention=MULTIPLICATIVE),
}


class Part(nn.Module):
    """Symbols, as embeddings or one-hot, or vectors of `size` numbers, and the layers that read them."""

    def __init__(self, c, vocabulary, hidden, directions, size=0):
        super().__init__()
        self.vocabulary, self.size, inputs = vocabulary, size, size or (c["input_size"] if c.get("input") else vocabulary)
        if c.get("input") and not size:
            self.embedding = nn.Embedding(vocabulary, inputs)
        self.rnn = RNNS[c["cell"]](inputs, hidden, c["layers"], batch_first=True, bidirectional=directions > 1)

    def read(self, symbols):
        if self.size:
            return symbols
        return self.embedding(symbols) if hasattr(self, "embedding") else one_hot(symbols, self.vocabulary).double()


class Seq2seq(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = self.config = c
        H, K = c["hidden"], c.get("attention_size") if c.get("attention") == ADDITIVE else c["hidden"]
        self.directions, width = 1 + c.get("source_bidirectional", 0), c.get("source_hidden", H)
        E = self.directions * width
        gates = {"vanilla": 1, "gru": 3, "lstm": 4}[c["cell"]]
        self.encoder = Part(c, c["source_vocabulary"], width, self.directions, c.get("source_size", 0))
        self.decoder = Part(c, c["vocabulary"], H, 1)
        self.decoder.output = nn.Linear(H, c["vocabulary"])
        if c.get("context") or c.get("attention") == ADDITIVE:
            self.decoder.rnn.weight_context = nn.Parameter(torch.zeros(gates * H, E))
        if E != H or self.directions > 1:
            self.bridge = nn.ModuleDict({f"{part}_l{l}": nn.Linear(E, H) for part in self.parts() for l in range(c["layers"])})
        if c.get("attention"):
            self.attention = nn.ModuleDict({"key": nn.Linear(E, K, bias=False)})
        if c.get("attention") == ADDITIVE:
            self.attention["query"] = nn.Linear(H, K, bias=False)
            self.attention["score"] = nn.Module()
            self.attention["score"].weight = nn.Parameter(torch.zeros(K))
        elif c.get("attention"):
            self.attention["context"], self.attention["state"] = nn.Linear(E, H, bias=False), nn.Linear(H, H, bias=False)

    def parts(self):
        return "hc" if self.c["cell"] == "lstm" else "h"

    def encode(self, sources):
        """What the encoder says, (B, S, E), and its last states by part, (L, B, E)."""
        packed = nn.utils.rnn.pack_padded_sequence(self.encoder.read(sources), LENGTHS, batch_first=True, enforce_sorted=False)
        packed, last = self.encoder.rnn(packed)
        said, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=self.c["source_steps"])
        L, D = self.c["layers"], self.directions
        join = lambda s: torch.stack([torch.cat(list(s[l * D:(l + 1) * D]), 1) for l in range(L)])
        return said, [join(s) for s in (last if isinstance(last, tuple) else (last,))]

    def first(self, last):
        if not hasattr(self, "bridge"):
            return last
        return [torch.stack([self.bridge[f"{part}_l{l}"](s[l]).tanh() for l in range(self.c["layers"])])
                for part, s in zip(self.parts(), last)]

    def look(self, said, query):
        """Shares, (B, S), and the context, (B, E)."""
        keys = self.attention["key"](said)
        if self.c["attention"] == ADDITIVE:
            scores = (self.attention["query"](query)[:, None] + keys).tanh() @ self.attention["score"].weight
        else:
            scores = (keys @ query[:, :, None])[:, :, 0]
        behind = torch.arange(said.shape[1])[None] >= torch.tensor(LENGTHS)[:, None]
        shares = softmax(scores.masked_fill(behind, -torch.inf), 1)
        return shares, (shares[:, None] @ said)[:, 0]

    def step(self, l, x, state, fed):
        rnn = self.decoder.rnn
        w_ih = getattr(rnn, f"weight_ih_l{l}")
        if fed is not None:
            x, w_ih = torch.cat([x, fed], 1), torch.cat([w_ih, rnn.weight_context], 1)
        rest = [getattr(rnn, f"{name}_l{l}") for name in ("weight_hh", "bias_ih", "bias_hh")]
        after = STEPS[self.c["cell"]](x, state if len(state) > 1 else state[0], w_ih, *rest)
        return after if isinstance(after, tuple) else (after,)

    def forward(self, sources, inputs):
        said, last = self.encode(sources)
        first = self.first(last)
        states = [tuple(part[l] for part in first) for l in range(self.c["layers"])]
        logits, attention = [], []
        for x in self.decoder.read(inputs).unbind(1):
            fed = last[0][-1] if self.c.get("context") else None
            if self.c.get("attention") == ADDITIVE:
                shares, fed = self.look(said, states[0][0])
            for l in range(self.c["layers"]):
                states[l] = self.step(l, x, states[l], None if l else fed)
                x = states[l][0]
            if self.c.get("attention") == MULTIPLICATIVE:
                shares, context = self.look(said, x)
                x = (self.attention["context"](context) + self.attention["state"](x)).tanh()
            if self.c.get("attention"):
                attention.append(shares)
            logits.append(self.decoder.output(x))
        return torch.stack(logits, 1), torch.stack(attention, 1) if attention else None


def draw_sources(c, generator):
    """By the name of their record."""
    B, S = c["batch"], c["source_steps"]
    if c.get("source_size"):
        return {"source_vectors": 2 * torch.randn(B, S, c["source_size"], generator=generator)}
    return {"sources": torch.randint(0, c["source_vocabulary"], (B, S), generator=generator)}


def records_of(c, seed):
    generator = torch.Generator().manual_seed(seed)
    network = Seq2seq(c)
    draw_parameters(network, generator)
    draw = lambda most, steps: torch.randint(0, most, (c["batch"], steps), generator=generator)
    sources, inputs = draw_sources(c, generator), draw(c["vocabulary"], c["steps"])
    targets = draw(c["vocabulary"], c["steps"])
    targets[1, 2:] = -1
    logits, attention = network(*sources.values(), inputs)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)
    loss.backward()
    gradients = {f"gradient.{name}": p.grad for name, p in network.named_parameters()}
    norm = torch.cat([gradient.flatten() for gradient in gradients.values()]).norm()
    return dict(config_records(c), **parameter_records(network), inputs=inputs, targets=targets, **sources,
                source_lengths=torch.tensor(LENGTHS), loss=loss, logits=logits,
                **({} if attention is None else {"attention": attention}), **gradients, gradient_norm=norm)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    for seed, (name, c) in enumerate(CASES.items(), start=200):
        write(FOLDER / f"seq2seq_{name}.txt", records_of(c, seed))
