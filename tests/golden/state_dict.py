#!/usr/bin/env python3
"""Writes state_dict/: weights of torch.nn models as safetensors files, and what the models compute with them.

    python3 tests/golden/state_dict.py          (made with PyTorch 1.13)

NAME.safetensors  the state_dict and nothing else, as safetensors.torch.save writes it
NAME.json         kind    the class of its rnn, which tensors cannot always tell
                  config  what importWeights must find by itself
                  asked   what it must be told
                  rename  beginnings of names, where they are not ours
                  inputs, targets (B, T), logits (B, T, O) and loss (mean, in nats), all computed in float64
"""

import json
import pathlib
import struct

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "state_dict"
B, T = 3, 6


class Model(nn.Module):
    """What a language model in PyTorch usually looks like."""

    def __init__(self, kind, vocabulary, hidden, embedding=0, tied=False, outputs=None, **options):
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding = nn.Embedding(vocabulary, embedding) if embedding else None
        self.rnn = getattr(nn, kind)(embedding or vocabulary, hidden, batch_first=True, **options)
        width = hidden * (2 if self.rnn.bidirectional else 1)
        self.output = nn.Linear(width, outputs or vocabulary)
        if tied:
            self.output.weight = self.embedding.weight

    def forward(self, symbols):
        one_hot = nn.functional.one_hot(symbols, self.vocabulary).to(self.output.bias.dtype)
        states, _ = self.rnn(self.embedding(symbols) if self.embedding else one_hot)
        return self.output(states)


# The model; what its tensors tell; what must be asked for.
CASES = {
    "vanilla": (dict(kind="RNN", vocabulary=7, hidden=5, num_layers=2), dict(cell="vanilla", layers=2), {}),
    "vanilla_relu": (dict(kind="RNN", vocabulary=7, hidden=9, nonlinearity="relu"), dict(cell="vanilla"),
                     dict(activation="relu")),
    "lstm": (dict(kind="LSTM", vocabulary=7, hidden=5, num_layers=3), dict(cell="lstm", layers=3), {}),
    "gru": (dict(kind="GRU", vocabulary=7, hidden=16), dict(cell="gru"), {}),
    "lstm_embedding": (dict(kind="LSTM", vocabulary=11, hidden=6, embedding=5, num_layers=2),
                       dict(cell="lstm", layers=2, input="embedding", inputSize=5), {}),
    "gru_bidirectional": (dict(kind="GRU", vocabulary=7, hidden=5, embedding=9, num_layers=2, bidirectional=True),
                          dict(cell="gru", layers=2, input="embedding", inputSize=9, bidirectional=True), {}),
    "vanilla_bidirectional": (dict(kind="RNN", vocabulary=7, hidden=5, num_layers=2, bidirectional=True, outputs=3),
                              dict(cell="vanilla", layers=2, bidirectional=True, outputs=3), {}),
    "lstm_tied": (dict(kind="LSTM", vocabulary=9, hidden=5, embedding=5, tied=True),
                  dict(cell="lstm", input="embedding", inputSize=5, tie=True), {}),
    "lstm_renamed": (dict(kind="LSTM", vocabulary=7, hidden=5, embedding=4),
                     dict(cell="lstm", input="embedding", inputSize=4), {}),
}
RENAMED = {"lstm_renamed": {"encoder.": "embedding.", "lstm.": "rnn.", "decoder.": "output."}}
DOUBLE = {"lstm_renamed"}  # its file is in float64; the numbers are those of float32


def to_bytes(tensors):
    """The safetensors format: the header's length, the header, the numbers."""
    entries, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        numbers = tensor.detach().contiguous().numpy().tobytes()
        kind = {torch.float32: "F32", torch.float64: "F64"}[tensor.dtype]
        entries[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data


def renamed(name, prefixes):
    for theirs, ours in prefixes.items():
        if name.startswith(ours):
            return theirs + name[len(ours):]
    return name


def write_case(name, seed, arguments, found, asked):
    generator = torch.Generator().manual_seed(seed)
    model = Model(**arguments)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.rand(parameter.shape, generator=generator) * 1.5 - 0.75)
    outputs, prefixes = arguments.get("outputs", model.vocabulary), RENAMED.get(name, {})
    dtype = torch.float64 if name in DOUBLE else torch.float32
    tensors = {renamed(key, prefixes): tensor.to(dtype) for key, tensor in model.state_dict().items()}
    (FOLDER / f"{name}.safetensors").write_bytes(to_bytes(tensors))

    inputs = torch.randint(0, model.vocabulary, (B, T), generator=generator)
    targets = torch.randint(0, outputs, (B, T), generator=generator)
    logits = model.double()(inputs)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    config = dict(vocabulary=model.vocabulary, hidden=arguments["hidden"], **{
        "layers": 1, "input": "one-hot", "bidirectional": False, "tie": False, "outputs": 0, **found})
    (FOLDER / f"{name}.json").write_text(json.dumps(dict(
        kind=arguments["kind"], config=config, asked=asked, rename=prefixes, inputs=inputs.tolist(),
        targets=targets.tolist(), logits=logits.tolist(), loss=loss.item()), separators=(",", ":")) + "\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    for seed, (name, case) in enumerate(CASES.items(), start=1):
        write_case(name, seed, *case)


if __name__ == "__main__":
    main()
