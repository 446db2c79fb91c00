#!/usr/bin/env python3
"""Writes the golden files beside this script: what PyTorch computes in float64.

    python3 tests/golden/generate.py            writes tests/golden/*.txt (made with PyTorch 1.13)
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

schedules/schedules.txt, for each SCHEDULE:
    SCHEDULE.config.FIELD 1 v         its fields
    SCHEDULE.factors 300 …            what it makes of a learning rate of 1 in each update
    SCHEDULE.losses 300 …             of each update, where the factors depend on them
"""

import pathlib
import sys

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent
UPDATES = 100

# Choices in the order of src/fields.h.
CHOICES = {
    "cell": ["vanilla", "lstm", "gru"],
    "activation": ["tanh", "relu", "sigmoid"],
    "reset": ["after", "before"],
    "optimizer": ["sgd", "adagrad", "rmsprop", "adam"],
    "clip": ["none", "norm", "value"],
    "decay_kind": ["l2", "decoupled"],
    "schedule": ["constant", "step", "exponential", "cosine", "one-cycle", "plateau"],
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
}

TRAJECTORIES = {
    "sgd": dict(optimizer="sgd", learning_rate=0.1, momentum=0.9, clip="norm"),
    "adagrad": dict(optimizer="adagrad", learning_rate=0.05, epsilon=1e-8, clip="norm"),
    "rmsprop": dict(optimizer="rmsprop", learning_rate=0.005, decay=0.99, momentum=0.5, epsilon=1e-8, clip="norm"),
    "adam": dict(optimizer="adam", learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, clip="norm"),
    "sgd_by_value": dict(optimizer="sgd", learning_rate=0.1, momentum=0.9, clip="value"),
}

# What draws the weights to zero, and changes the learning rate, on one case.
FURTHER_CASE = "lstm"
FURTHER = {
    "sgd_nesterov": dict(TRAJECTORIES["sgd"], nesterov=1),
    "sgd_nesterov_l2": dict(TRAJECTORIES["sgd"], nesterov=1, weight_decay=0.01),
    "sgd_decoupled": dict(TRAJECTORIES["sgd"], weight_decay=0.01, decay_kind="decoupled"),
    "sgd_l1": dict(TRAJECTORIES["sgd"], l1=0.001),
    "adagrad_l2": dict(TRAJECTORIES["adagrad"], weight_decay=0.01),
    "rmsprop_l2_l1": dict(TRAJECTORIES["rmsprop"], weight_decay=0.01, l1=0.001),
    "adam_l2": dict(TRAJECTORIES["adam"], weight_decay=0.01),
    "adamw": dict(TRAJECTORIES["adam"], weight_decay=0.2, decay_kind="decoupled"),
    "sgd_by_value_l2": dict(TRAJECTORIES["sgd_by_value"], weight_decay=0.01),
    "sgd_step": dict(TRAJECTORIES["sgd"], schedule="step", warmup=5, schedule_steps=30, schedule_factor=0.3),
    "adamw_one_cycle": dict(TRAJECTORIES["adam"], weight_decay=0.2, decay_kind="decoupled", schedule="one-cycle",
                            warmup=20, schedule_steps=100, schedule_factor=0.04),
    "rmsprop_plateau": dict(TRAJECTORIES["rmsprop"], schedule="plateau", warmup=10, schedule_steps=3,
                            schedule_factor=0.5, schedule_patience=1),
}

# Factors of the learning rate alone; plateaus of losses drawn at random.
RATES = 300
SCHEDULES = {
    "constant": dict(schedule="constant", warmup=7),
    "step": dict(schedule="step", schedule_steps=40, schedule_factor=0.5),
    "step_warm": dict(schedule="step", warmup=20, schedule_steps=40, schedule_factor=0.1),
    "exponential": dict(schedule="exponential", schedule_steps=100, schedule_factor=0.1),
    "exponential_warm": dict(schedule="exponential", warmup=30, schedule_steps=7, schedule_factor=0.83),
    "cosine": dict(schedule="cosine", schedule_steps=300, schedule_factor=1e-9),
    "cosine_warm": dict(schedule="cosine", warmup=50, schedule_steps=250, schedule_factor=0.2),
    "one_cycle": dict(schedule="one-cycle", schedule_steps=300, schedule_factor=0.04),
    "one_cycle_warm": dict(schedule="one-cycle", warmup=25, schedule_steps=300, schedule_factor=0.1),
    "plateau": dict(schedule="plateau", schedule_steps=1, schedule_factor=0.5, schedule_patience=10),
    "plateau_of_means": dict(schedule="plateau", warmup=10, schedule_steps=5, schedule_factor=0.1, schedule_patience=2),
}


def trajectories_of(name):
    return dict(TRAJECTORIES, **(FURTHER if name == FURTHER_CASE else {}))


class Written(nn.Module):
    """The cells that PyTorch lacks, with the interface of nn.RNN(batch_first=True)."""

    def __init__(self, step, gates, inputs, hidden, layers):
        super().__init__()
        self.step, self.layers = step, layers
        for l in range(layers):
            shapes = {"weight_ih": (gates * hidden, hidden if l else inputs), "weight_hh": (gates * hidden, hidden),
                      "bias_ih": (gates * hidden,), "bias_hh": (gates * hidden,)}
            for name, shape in shapes.items():
                self.register_parameter(f"{name}_l{l}", nn.Parameter(torch.empty(shape)))

    def forward(self, x, state):
        last = []
        for l in range(self.layers):
            w_ih, w_hh, b_ih, b_hh = (getattr(self, f"{name}_l{l}")
                                      for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            h, outputs = state[l], []
            for x_t in x.unbind(1):
                h = self.step(x_t @ w_ih.T + b_ih, h, w_hh, b_hh)
                outputs.append(h)
            x = torch.stack(outputs, 1)
            last.append(h)
        return x, torch.stack(last)


def step_sigmoid(a, h, w_hh, b_hh):
    return torch.sigmoid(a + h @ w_hh.T + b_hh)


def step_gru(reset):
    def step(a, h, w_hh, b_hh):
        (a_r, a_z, a_n), (w_r, w_z, w_n), (b_r, b_z, b_n) = a.chunk(3, 1), w_hh.chunk(3), b_hh.chunk(3)
        r, z = torch.sigmoid(a_r + h @ w_r.T + b_r), torch.sigmoid(a_z + h @ w_z.T + b_z)
        n = torch.tanh(a_n + (r * (h @ w_n.T + b_n) if reset == "after" else (r * h) @ w_n.T + b_n))
        return (1 - z) * n + z * h
    return step


def make_rnn(config):
    V, H, L, cell = config["vocabulary"], config["hidden"], config["layers"], config["cell"]
    if cell == "lstm":
        return nn.LSTM(V, H, L, batch_first=True)
    if cell == "gru" and config["reset"] == "after":
        return nn.GRU(V, H, L, batch_first=True)
    if cell == "gru":
        return Written(step_gru("before"), 3, V, H, L)
    if config["activation"] == "sigmoid":
        return Written(step_sigmoid, 1, V, H, L)
    return nn.RNN(V, H, L, nonlinearity=config["activation"], batch_first=True)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.rnn = make_rnn(config)
        self.output = nn.Linear(config["hidden"], config["vocabulary"])

    def initial_state(self):
        h = torch.zeros(self.config["layers"], self.config["batch"], self.config["hidden"])
        return (h, h) if self.config["cell"] == "lstm" else h

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
    """Uniform in ±0.75, far enough to bend the gates, in steps of 2^-12, which float32 holds exactly."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randint(-3072, 3073, parameter.shape, generator=generator) / 4096)


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
    decay = 0 if c.get("decay_kind") == "decoupled" else c.get("weight_decay", 0)
    if c["optimizer"] == "sgd":
        return torch.optim.SGD(parameters, lr=c["learning_rate"], momentum=c["momentum"],
                               nesterov=bool(c.get("nesterov")), weight_decay=decay)
    if c["optimizer"] == "adagrad":
        return torch.optim.Adagrad(parameters, lr=c["learning_rate"], eps=c["epsilon"], weight_decay=decay)
    if c["optimizer"] == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=c["learning_rate"], alpha=c["decay"], eps=c["epsilon"],
                                   momentum=c["momentum"], weight_decay=decay)
    adam = dict(lr=c["learning_rate"], betas=(c["beta1"], c["beta2"]), eps=c["epsilon"])
    if c.get("decay_kind") == "decoupled":
        return torch.optim.AdamW(parameters, weight_decay=c["weight_decay"], **adam)
    return torch.optim.Adam(parameters, weight_decay=decay, **adam)


class Schedule:
    """PyTorch's schedulers, told of each loss; the rate of `optimizer` is always that of the next update."""

    def __init__(self, optimizer, c):
        self.optimizer, self.c, self.i, self.losses = optimizer, c, 0, []
        kind, warmup, n = c.get("schedule", "constant"), c.get("warmup", 0), c.get("schedule_steps", 1)
        factor = c.get("schedule_factor", 1)
        rates = torch.optim.lr_scheduler
        self.plateau = self.scheduler = None
        rate = optimizer.param_groups[0]["lr"]
        if kind == "one-cycle":
            self.scheduler = rates.OneCycleLR(optimizer, rate, n, pct_start=warmup / n or 0.3, div_factor=1 / factor,
                                              cycle_momentum=False)
            return
        warm = rates.LinearLR(optimizer, 1 / warmup, total_iters=warmup - 1) if warmup else None
        if kind == "plateau":
            self.plateau = rates.ReduceLROnPlateau(optimizer, factor=factor, patience=c["schedule_patience"], eps=0)
            self.scheduler = warm
            return
        then = {"constant": lambda: rates.LambdaLR(optimizer, lambda i: 1),
                "step": lambda: rates.StepLR(optimizer, n, factor),
                "exponential": lambda: rates.ExponentialLR(optimizer, factor ** (1 / n)),
                "cosine": lambda: rates.CosineAnnealingLR(optimizer, n, eta_min=factor * rate)}[kind]()
        self.scheduler = rates.SequentialLR(optimizer, [warm, then], [warmup]) if warmup else then

    def step(self, loss):
        if self.plateau and self.i >= self.c.get("warmup", 0):
            self.losses.append(loss)
            if len(self.losses) == self.c["schedule_steps"]:
                self.plateau.step(sum(self.losses) / len(self.losses))
                self.losses = []
        self.i += 1
        if self.scheduler and not (self.plateau and self.i >= self.c["warmup"]):
            self.scheduler.step()


def schedule_records(c, generator):
    """What the rate 1 becomes in each update, and the losses that it may depend on."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule, factors = Schedule(optimizer, c), []
    losses = 1 + torch.rand(RATES, generator=generator, dtype=torch.float64) ** 8 + 3 / (1 + torch.arange(RATES) / 10)
    length = min(RATES, c["schedule_steps"]) if c["schedule"] == "one-cycle" else RATES
    for loss in losses.tolist()[:length]:
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(factors) < length:
            schedule.step(loss)
    records = dict(config_records(c), factors=torch.tensor(factors, dtype=torch.float64))
    return dict(records, losses=losses) if c["schedule"] == "plateau" else records


def write_schedules():
    torch.set_default_dtype(torch.float64)
    generator = torch.Generator().manual_seed(1)
    write(FOLDER / "schedules" / "schedules.txt",
          {f"{name}.{record}": values for name, c in SCHEDULES.items()
           for record, values in schedule_records(c, generator).items()})


def decay_by_hand(model, c, rate):
    """What PyTorch's optimizers lack: L1, and decoupled decay of others than Adam."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.grad += c.get("l1", 0) * parameter.sign()
            if c.get("decay_kind") == "decoupled" and c["optimizer"] != "adam":
                parameter.mul_(1 - rate * c["weight_decay"])


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
    schedule = Schedule(optimizer, c)
    state, losses, cuts = model.initial_state(), [], 0
    for i in range(UPDATES):
        inputs, targets = (part[i % 3] for part in batches)
        optimizer.zero_grad()
        logits, state = model(inputs, detached(state))
        loss = mean_loss(logits, targets)
        loss.backward()
        cuts += clip(model, c)
        decay_by_hand(model, c, optimizer.param_groups[0]["lr"])
        optimizer.step()
        losses.append(loss.detach())
        if i + 1 < UPDATES:
            schedule.step(float(loss))
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


def all_records(name, seed, dtype=torch.float64):
    config = CASES[name]
    torch.set_default_dtype(dtype)
    generator = torch.Generator().manual_seed(seed)
    model = Model(config)
    draw_parameters(model, generator)
    batches = draw_batches(config, generator)
    records = dict(config_records(config), **parameter_records(model), inputs=batches[0], targets=batches[1],
                   **first_batch(model, batches[0][0], batches[1][0]))
    for run, c in trajectories_of(name).items():
        c = trajectory(config, model.state_dict(), batches, c)
        records.update({f"{run}.{record}": values for record, values in c.items()})
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
    singles = all_records(name, seed, torch.float32)
    print(name, *(f"{kind} {max(distance(singles[r], records[r]) for r in records if r.split('.')[0] == kind):.1e}"
                  for kind in ("loss", "logits", "gradient")))
    for run in trajectories_of(name):
        error = (singles[f"{run}.losses"].double() / records[f"{run}.losses"] - 1).abs()
        print(f"  {run}: losses of 20 updates {error[:20].max():.1e}, of {UPDATES} {error.max():.1e}")


def check_written():
    """The steps written here agree with PyTorch's where PyTorch has them."""
    torch.set_default_dtype(torch.float64)
    theirs, ours = nn.GRU(4, 3, 2, batch_first=True), Written(step_gru("after"), 3, 4, 3, 2)
    ours.load_state_dict(theirs.state_dict())
    x, h = torch.randn(2, 5, 4), torch.zeros(2, 2, 3)
    assert distance(ours(x, h)[0], theirs(x, h)[0]) < 1e-14


def main():
    torch.set_num_threads(1)
    check_written()
    write_schedules()
    for seed, name in enumerate(CASES, start=1):
        records = all_records(name, seed)
        if "--float32" in sys.argv:
            compare_float32(name, records, seed)
        else:
            write(FOLDER / f"{name}.txt", records)


if __name__ == "__main__":
    main()
