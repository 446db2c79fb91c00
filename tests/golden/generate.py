#!/usr/bin/env python3
"""Writes the golden files beside this script: what PyTorch computes in float64.

    python3 tests/golden/generate.py            writes tests/golden/*.txt (made with PyTorch 1.13)
    python3 tests/golden/generate.py CASE …     writes those only
    python3 tests/golden/generate.py --float32  prints how far PyTorch's own float32 is from them

A file is lines `name count value value …`, numbers separated by one space, row-major:

    config.FIELD 1 v                  a field of src/fields.h; choices by their index
    parameter.NAME n …                the parameters at first, by PyTorch's names; exact in float32
    inputs 3·B·T …  targets 3·B·T …   three batches of (B, T) symbols; a target −1 is not counted

    The first batch, from zero state:
    loss 1 v                          mean over the counted targets, in nats
    logits B·T·V …                    (B, T, V)
    h_lN B·T·H …  c_lN B·T·H …        (B, T, H), c of the LSTM only
    gradient.NAME n …                 of the mean loss
    gradient_norm 1 v                 of all gradients together

    For each TRAJECTORY: 100 updates on the three batches in turn, state carried but detached:
    TRAJECTORY.config.FIELD 1 v       what differs from the above
    TRAJECTORY.losses 100 …           of each batch before its update
    TRAJECTORY.parameter.NAME n …     the parameters at the end
"""

import pathlib
import sys

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent
UPDATES = 100

# Choices in the order of src/fields.h.
CHOICES = {
    "cell": ["vanilla", "lstm", "gru", "mingru", "minlstm"],
    "activation": ["tanh", "relu", "sigmoid", "identity"],
    "candidate": ["tanh", "sigmoid"],
    "reset": ["after", "before"],
    "optimizer": ["sgd", "adagrad", "rmsprop", "adam"],
    "clip": ["none", "norm", "value"],
}

ODD = dict(vocabulary=7, hidden=5, layers=2, batch=3, steps=6)  # nothing fits whole panels or tiles
CASES = {
    "vanilla_tanh": dict(ODD, cell="vanilla", activation="tanh"),
    "vanilla_relu": dict(ODD, cell="vanilla", activation="relu"),
    "vanilla_sigmoid": dict(ODD, cell="vanilla", activation="sigmoid"),
    "lstm": dict(ODD, cell="lstm"),
    "lstm_deep": dict(ODD, cell="lstm", hidden=9, layers=3),
    "gru_after": dict(ODD, cell="gru", reset="after"),
    "gru_before": dict(ODD, cell="gru", reset="before"),
    "gru_wide": dict(vocabulary=11, cell="gru", reset="after", hidden=16, layers=1, batch=4, steps=8),
    "vanilla_identity": dict(ODD, cell="vanilla", activation="identity"),
    "lstm_sigmoid": dict(ODD, cell="lstm", candidate="sigmoid"),
    "lstm_peephole": dict(ODD, cell="lstm", peephole=1),
    "lstm_sigmoid_peephole": dict(ODD, cell="lstm", candidate="sigmoid", peephole=1),
    "mingru": dict(ODD, cell="mingru", layers=3),
    "minlstm": dict(ODD, cell="minlstm", layers=3),
    "skip_vanilla": dict(ODD, cell="vanilla", activation="tanh", skip=3),
    "skip_lstm": dict(ODD, cell="lstm", skip=2),
    "skip_gru": dict(ODD, cell="gru", reset="after", skip=5, layers=1),
    "skip_minlstm": dict(ODD, cell="minlstm", skip=4),
}

TRAJECTORIES = {
    "sgd": dict(optimizer="sgd", learning_rate=0.1, momentum=0.9, clip="norm"),
    "adagrad": dict(optimizer="adagrad", learning_rate=0.05, epsilon=1e-8, clip="norm"),
    "rmsprop": dict(optimizer="rmsprop", learning_rate=0.005, decay=0.99, momentum=0.5, epsilon=1e-8, clip="norm"),
    "adam": dict(optimizer="adam", learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, clip="norm"),
    "sgd_by_value": dict(optimizer="sgd", learning_rate=0.1, momentum=0.9, clip="value"),
}


class Written(nn.Module):
    """The cells that PyTorch lacks, with the interface of nn.RNN(batch_first=True).

    A step makes the next state, a tuple (h) or (h, c), from a = W_ih x + b_ih, the state, and what it needs of weights.
    With skip = k, a has W_skip h(t−k) too, and the state goes on with h(t−2) … h(t−k)."""

    def __init__(self, step, gates, config):
        super().__init__()
        self.step, self.layers, self.skip = step, config["layers"], config.get("skip", 0)
        self.parts = 2 if config["cell"] == "lstm" else 1
        H, V = config["hidden"], config["vocabulary"]
        recurs = not config["cell"].startswith("min")
        for l in range(self.layers):
            shapes = {"weight_ih": (gates * H, H if l else V)}
            if recurs:
                shapes["weight_hh"] = (gates * H, H)
            shapes["bias_ih"] = (gates * H,)
            if recurs:
                shapes["bias_hh"] = (gates * H,)
            if config.get("peephole"):
                shapes["weight_peephole"] = (3 * H,)
            if self.skip:
                shapes["weight_skip"] = (gates * H, H)
            for name, shape in shapes.items():
                self.register_parameter(f"{name}_l{l}", nn.Parameter(torch.empty(shape)))
        self.names = list(shapes)

    def run_layer(self, x, state, weight_ih, bias_ih, weight_skip=None, **weights):
        outputs, own, past = [], state[:self.parts], [state[0], *state[self.parts:]]
        for x_t in x.unbind(1):
            a = x_t @ weight_ih.T + bias_ih
            if self.skip:
                a = a + past[self.skip - 1] @ weight_skip.T
            own = self.step(a, *own, **weights)
            past = [own[0], *past[:-1]]
            outputs.append(own[0])
        return torch.stack(outputs, 1), (*own, *past[1:])

    def forward(self, x, state):
        states = []
        for l in range(self.layers):
            given = tuple(part[l] for part in state) if isinstance(state, tuple) else (state[l],)
            x, after = self.run_layer(x, given, **{name: getattr(self, f"{name}_l{l}") for name in self.names})
            states.append(after)
        last = tuple(torch.stack(part) for part in zip(*states))
        return x, last if isinstance(state, tuple) else last[0]


def step_vanilla(activation):
    return lambda a, h, weight_hh, bias_hh: (activation(a + h @ weight_hh.T + bias_hh),)


def step_lstm(candidate):
    def step(a, h, c, weight_hh, bias_hh, weight_peephole=None):
        a_i, a_f, a_g, a_o = (a + h @ weight_hh.T + bias_hh).chunk(4, 1)
        p_i, p_f, p_o = (0, 0, 0) if weight_peephole is None else weight_peephole.chunk(3)
        i, f, g = torch.sigmoid(a_i + p_i * c), torch.sigmoid(a_f + p_f * c), candidate(a_g)
        c = f * c + i * g
        return torch.sigmoid(a_o + p_o * c) * torch.tanh(c), c
    return step


def step_gru(reset):
    def step(a, h, weight_hh, bias_hh):
        (a_r, a_z, a_n), (w_r, w_z, w_n), (b_r, b_z, b_n) = a.chunk(3, 1), weight_hh.chunk(3), bias_hh.chunk(3)
        r, z = torch.sigmoid(a_r + h @ w_r.T + b_r), torch.sigmoid(a_z + h @ w_z.T + b_z)
        n = torch.tanh(a_n + (r * (h @ w_n.T + b_n) if reset == "after" else (r * h) @ w_n.T + b_n))
        return ((1 - z) * n + z * h,)
    return step


def step_mingru(a, h):
    a_z, a_n = a.chunk(2, 1)
    return (torch.lerp(h, a_n, torch.sigmoid(a_z)),)


def step_minlstm(a, h):
    a_f, a_i, a_g = a.chunk(3, 1)
    keep, write = torch.softmax(torch.stack([nn.functional.logsigmoid(a_f), nn.functional.logsigmoid(a_i)]), 0)
    return (keep * h + write * a_g,)


ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "identity": lambda a: a}


def make_rnn(config):
    V, H, L, cell = config["vocabulary"], config["hidden"], config["layers"], config["cell"]
    activation, candidate = config.get("activation", "tanh"), config.get("candidate", "tanh")
    plain = not config.get("skip")
    if cell == "mingru":
        return Written(step_mingru, 2, config)
    if cell == "minlstm":
        return Written(step_minlstm, 3, config)
    if cell == "lstm" and plain and candidate == "tanh" and not config.get("peephole"):
        return nn.LSTM(V, H, L, batch_first=True)
    if cell == "lstm":
        return Written(step_lstm(ACTIVATIONS[candidate]), 4, config)
    if cell == "gru" and plain and config["reset"] == "after":
        return nn.GRU(V, H, L, batch_first=True)
    if cell == "gru":
        return Written(step_gru(config["reset"]), 3, config)
    if plain and activation in ("tanh", "relu"):
        return nn.RNN(V, H, L, nonlinearity=activation, batch_first=True)
    return Written(step_vanilla(ACTIVATIONS[activation]), 1, config)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.rnn = make_rnn(config)
        self.output = nn.Linear(config["hidden"], config["vocabulary"])

    def initial_state(self):
        h = torch.zeros(self.config["layers"], self.config["batch"], self.config["hidden"])
        parts = (2 if self.config["cell"] == "lstm" else 1) + max(0, self.config.get("skip", 0) - 1)
        return (h,) * parts if parts > 1 else h

    def forward(self, inputs, state):
        """Logits (B, T, V) and the state after the last step."""
        x = nn.functional.one_hot(inputs, self.config["vocabulary"]).to(h_of(state).dtype)
        h, state = self.rnn(x, state)
        return self.output(h), state


def h_of(state):
    return state[0] if isinstance(state, tuple) else state


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def mean_loss(logits, targets):
    return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)


def draw_parameters(model, generator):
    """Uniform in ±0.75, far enough to bend the gates, in steps of 2^-12, which float32 holds exactly; half of that
    where nothing bends, or a step adds two states, and they would grow or jump."""
    c = model.config
    grows = c.get("activation") == "identity" or "skip" in c and c["cell"] in ("vanilla", "minlstm")
    finer = 8192 if grows else 4096
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randint(-3072, 3073, parameter.shape, generator=generator) / finer)


def draw_batches(config, generator):
    """Three batches (inputs, targets); each fifth target is not counted, and symbol V−1 never read."""
    shape, V = (3, config["batch"], config["steps"]), config["vocabulary"]
    inputs = torch.randint(0, V - 1, shape, generator=generator)
    targets = torch.randint(0, V, shape, generator=generator)
    targets.view(-1)[3::5] = -1
    return inputs, targets


def states_of(model, inputs):
    """h_lN and c_lN of every step, (B, T, H), by single steps: nn.RNN tells of inner layers only at the end."""
    states, state = [], model.initial_state()
    for t in range(inputs.shape[1]):
        _, state = model(inputs[:, t:t + 1], state)
        states.append(state)
    parts = {"h": [h_of(state) for state in states]}
    if model.config["cell"] == "lstm":
        parts["c"] = [state[1] for state in states]
    return {f"{name}_l{l}": torch.stack([part[l] for part in parts[name]], 1)
            for name in parts for l in range(model.config["layers"])}


def first_batch(model, inputs, targets):
    """The records about the first batch."""
    model.zero_grad()
    logits, _ = model(inputs, model.initial_state())
    loss = mean_loss(logits, targets)
    loss.backward()
    gradients = {f"gradient.{name}": parameter.grad.clone() for name, parameter in model.named_parameters()}
    norm = torch.cat([gradient.flatten() for gradient in gradients.values()]).norm()
    assert all(gradient.abs().max() > 1e-6 for gradient in gradients.values())
    return dict(loss=loss, logits=logits, **states_of(model, inputs), **gradients, gradient_norm=norm)


def make_optimizer(parameters, c):
    if c["optimizer"] == "sgd":
        return torch.optim.SGD(parameters, lr=c["learning_rate"], momentum=c["momentum"])
    if c["optimizer"] == "adagrad":
        return torch.optim.Adagrad(parameters, lr=c["learning_rate"], eps=c["epsilon"])
    if c["optimizer"] == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=c["learning_rate"], alpha=c["decay"], eps=c["epsilon"],
                                   momentum=c["momentum"])
    return torch.optim.Adam(parameters, lr=c["learning_rate"], betas=(c["beta1"], c["beta2"]), eps=c["epsilon"])


def clip(model, c):
    """Whether anything was cut."""
    if c["clip"] == "norm":
        return bool(nn.utils.clip_grad_norm_(model.parameters(), c["clip_at"]) > c["clip_at"])
    cut = any((parameter.grad.abs() > c["clip_at"]).any() for parameter in model.parameters())
    nn.utils.clip_grad_value_(model.parameters(), c["clip_at"])
    return bool(cut)


def train(model, batches, c):
    """Losses of all updates, and the share of updates that were clipped."""
    optimizer = make_optimizer(model.parameters(), c)
    state, losses, cuts = model.initial_state(), [], 0
    for i in range(UPDATES):
        inputs, targets = (part[i % 3] for part in batches)
        optimizer.zero_grad()
        logits, state = model(inputs, detached(state))
        loss = mean_loss(logits, targets)
        loss.backward()
        cuts += clip(model, c)
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), cuts / UPDATES


def trajectory(config, initial, batches, c):
    """The records of a trajectory. The limit is the first that clips some updates and leaves some alone."""
    for clip_at in [c["clip_at"]] if "clip_at" in c else (0.5, 0.35, 0.25, 0.15, 0.1, 0.7, 1, 0.05):
        chosen = dict(c, clip_at=clip_at)
        model = Model(config)
        model.load_state_dict(initial)
        losses, share = train(model, batches, chosen)
        if 0.1 <= share <= 0.9:
            return dict(config_records(chosen), losses=losses, **parameter_records(model))
    raise ValueError(f"no limit clips some updates only: {config} {c}")


def parameter_records(model):
    return {f"parameter.{name}": parameter.detach().clone() for name, parameter in model.named_parameters()}


def config_records(config):
    return {f"config.{name}": torch.tensor(CHOICES[name].index(value) if name in CHOICES else value, dtype=torch.float64)
            for name, value in config.items()}


def all_records(config, seed, dtype=torch.float64):
    torch.set_default_dtype(dtype)
    generator = torch.Generator().manual_seed(seed)
    model = Model(config)
    draw_parameters(model, generator)
    batches = draw_batches(config, generator)
    records = dict(config_records(config), **parameter_records(model), inputs=batches[0], targets=batches[1],
                   **first_batch(model, batches[0][0], batches[1][0]))
    for name, c in TRAJECTORIES.items():
        c = trajectory(config, model.state_dict(), batches, c)
        records.update({f"{name}.{record}": values for record, values in c.items()})
    return records


def write(path, records):
    """repr gives the shortest decimals that read back as the same number."""
    def line(name, values):
        numbers = values.detach().flatten().tolist()
        return " ".join([name, str(len(numbers)), *(repr(int(v)) if v == int(v) else repr(v) for v in numbers)])
    path.write_text("".join(line(name, values) + "\n" for name, values in records.items()))


def distance(a, b):
    return float((a.double() - b.double()).norm() / b.double().norm())


def compare_float32(name, records, seed):
    """The largest relative errors ‖a − b‖ / ‖b‖ of PyTorch's float32; tests/engine/golden.test.js compares its own."""
    singles = all_records(CASES[name], seed, torch.float32)
    print(name, *(f"{kind} {max(distance(singles[r], records[r]) for r in records if r.split('.')[0] == kind):.1e}"
                  for kind in ("loss", "logits", "gradient")))
    for run in TRAJECTORIES:
        error = (singles[f"{run}.losses"].double() / records[f"{run}.losses"] - 1).abs()
        print(f"  {run}: losses of 20 updates {error[:20].max():.1e}, of {UPDATES} {error.max():.1e}")


def check_written():
    """The steps written here agree with PyTorch's where PyTorch has them."""
    torch.set_default_dtype(torch.float64)
    size = dict(vocabulary=4, hidden=3, layers=2)
    x, h = torch.randn(2, 5, 4), torch.zeros(2, 2, 3)
    for theirs, step, gates, cell, state in [
            (nn.GRU(4, 3, 2, batch_first=True), step_gru("after"), 3, "gru", h),
            (nn.RNN(4, 3, 2, batch_first=True), step_vanilla(torch.tanh), 1, "vanilla", h),
            (nn.LSTM(4, 3, 2, batch_first=True), step_lstm(torch.tanh), 4, "lstm", (h, h))]:
        ours = Written(step, gates, dict(size, cell=cell))
        ours.load_state_dict(theirs.state_dict())
        assert distance(ours(x, state)[0], theirs(x, state)[0]) < 1e-14


def main():
    torch.set_num_threads(1)
    check_written()
    chosen = [name for name in sys.argv[1:] if name in CASES] or CASES
    for seed, (name, config) in enumerate(CASES.items(), start=1):
        if name not in chosen:
            continue
        records = all_records(config, seed)
        if "--float32" in sys.argv:
            compare_float32(name, records, seed)
        else:
            write(FOLDER / f"{name}.txt", records)


if __name__ == "__main__":
    main()
