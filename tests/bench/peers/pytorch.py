"""PyTorch on the processor, on as many threads as are given; answers the requests of answer.js, a line each.

The network is nn.RNN, nn.LSTM or nn.GRU on one-hot symbols, then nn.Linear: what its users write. minGRU and minLSTM, which
PyTorch lacks, are a parallel scan of the window, as in their paper (Feng et al. 2024, "Were RNNs all we needed?"). The state
is carried from window to window and detached, the gradient clipped by global norm, and Adam applied.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional

LEARNING_RATE, CLIP_AT = 0.002, 5


def scan(keep, write):
    """h_t = keep_t h_(t-1) + write_t of (B, T, H) from zero, by doubling: log2 T rounds, each over all steps at once."""
    shift = 1
    while shift < keep.shape[1]:
        write = torch.cat([write[:, :shift], write[:, shift:] + keep[:, shift:] * write[:, :-shift]], 1)
        keep = torch.cat([keep[:, :shift], keep[:, shift:] * keep[:, :-shift]], 1)
        shift *= 2
    return write


def mingru(a):
    z, n = a.chunk(2, -1)
    return torch.sigmoid(-z), torch.sigmoid(z) * n


def minlstm(a):
    f, i, g = a.chunk(3, -1)
    odds = functional.logsigmoid(f) - functional.logsigmoid(i)
    return torch.sigmoid(odds), torch.sigmoid(-odds) * g


class Scanned(nn.Module):
    """What minGRU or minLSTM keeps of the state and writes into it, for all steps; then the scan. The interface is nn.RNN's."""

    def __init__(self, shares, gates, inputs, hidden, layers):
        super().__init__()
        self.shares, self.hidden, self.layers = shares, hidden, layers
        for l in range(layers):
            self.register_parameter(f"weight_ih_l{l}", nn.Parameter(torch.empty(gates * hidden, hidden if l else inputs)))
            self.register_parameter(f"bias_ih_l{l}", nn.Parameter(torch.empty(gates * hidden)))

    def forward(self, x, state=None):
        ends = []
        for l in range(self.layers):
            keep, write = self.shares(functional.linear(x, getattr(self, f"weight_ih_l{l}"), getattr(self, f"bias_ih_l{l}")))
            if state is not None:
                write = torch.cat([write[:, :1] + keep[:, :1] * state[l][:, None], write[:, 1:]], 1)
            x = scan(keep, write)
            ends.append(x[:, -1])
        return x, torch.stack(ends)


CELLS = {
    "vanilla": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU,
    "mingru": lambda *sizes, batch_first: Scanned(mingru, 2, *sizes), "minlstm": lambda *sizes, batch_first: Scanned(minlstm, 3, *sizes),
}


class Network(nn.Module):
    def __init__(self, configuration, weights):
        super().__init__()
        self.symbols, hidden = configuration["vocabulary"], configuration["hidden"]
        self.rnn = CELLS[configuration["cell"]](self.symbols, hidden, configuration["layers"], batch_first=True)
        self.output = nn.Linear(hidden, self.symbols)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.copy_(torch.tensor(weights[name]).reshape(parameter.shape))
        self.optimizer = torch.optim.Adam(self.parameters(), LEARNING_RATE)

    def loss(self, batch, state=None):
        h, state = self.rnn(functional.one_hot(batch[0], self.symbols).float(), state)
        return functional.cross_entropy(self.output(h).flatten(0, 1), batch[1].flatten()), state

    def train_on(self, batch, state=None):
        loss, state = self.loss(batch, state)
        self.optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.parameters(), CLIP_AT)
        self.optimizer.step()
        return loss.item(), norm.item(), detached(state)


def detached(state):
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


def tensors(batch):
    return [torch.tensor(batch[name]).reshape(batch["batch"], batch["steps"]) for name in ("inputs", "targets")]


class Subject:
    def open(self, opening):
        self.configuration, self.weights = opening["configuration"], opening["weights"]
        self.text = torch.tensor(opening["text"])
        self.network = Network(self.configuration, self.weights)
        self.running = {}
        return {"bytes": None}

    def check(self, batch, updates):
        network, batch = Network(self.configuration, self.weights), tensors(batch)
        trained = [network.train_on(batch) for _ in range(updates)]
        return {"losses": [t[0] for t in trained] + [network.loss(batch)[0].item()], "gradientNorm": trained[0][1]}

    def windows(self, steps):
        apart, at = (len(self.text) - 1) // self.configuration["batch"], 0
        starts = torch.arange(self.configuration["batch"])[:, None] * apart + torch.arange(steps)
        while True:
            at = 0 if at + steps > apart else at
            yield self.text[starts + at], self.text[starts + at + 1]
            at += steps

    def unit(self, work, steps):
        network, state = self.network, None
        if work == "generate":
            while True:
                with torch.no_grad():
                    symbol, state = torch.zeros(1, 1, dtype=torch.long), None
                    for _ in range(steps):
                        h, state = network.rnn(functional.one_hot(symbol, network.symbols).float(), state)
                        symbol = torch.multinomial(functional.softmax(network.output(h[:, -1]), -1), 1)
                yield steps
        for batch in self.windows(steps):
            if work == "train":
                _, _, state = network.train_on(batch, state)
            else:
                with torch.no_grad():
                    _, state = network.loss(batch, state)
            yield steps * self.configuration["batch"]

    def fit(self, work, steps, limit):
        return {"steps": steps}

    def run(self, work, steps, milliseconds):
        unit = self.running.setdefault((work, steps), self.unit(work, steps))
        start, done = time.perf_counter(), 0
        while True:
            done += next(unit)
            spent = (time.perf_counter() - start) * 1000
            if spent >= milliseconds:
                return {"done": done, "milliseconds": spent}


def blas():
    with open("/proc/self/maps") as maps:
        loaded = maps.read()
    return next((name for name in ("mkl", "openblas", "blis") if name in loaded), "the slow reference BLAS (libopenblas0-pthread is faster)")


torch.set_num_threads(int(sys.argv[1]))
subject = Subject()
print(json.dumps({"result": f"PyTorch {torch.__version__}, {blas()}"}), flush=True)
for line in sys.stdin:
    try:
        request = json.loads(line)
        name = request.pop("name")
        print(json.dumps({"result": getattr(subject, name)(**request)}), flush=True)
    except Exception as error:
        print(json.dumps({"error": repr(error)}), flush=True)
