# A stretch of training by the momentum flow, from a state in which the velocity is forgotten.
import json
import sys

import exchange
import net
import torch
from flow import Flow

params, given, answer = json.loads(sys.argv[1]), exchange.read(sys.argv[2]), sys.argv[3]
x, y = given["x"], given["y"]
activation = net.ACTIVATIONS[params["activation"]]
initial, start = ({name[len(group) :]: array for name, array in given.items() if name.startswith(group)} for group in ("initial.", "start."))


def forward(weights):
    return net.fc(weights, x, activation)


flow = Flow(forward, start, y, forward(initial), params["alpha"], params["mu"], params["low"], params["high"], params["t"], params["dt"])
made, losses, times = {}, [], []
for tries in range(1, max(params["moments"]) + 1):
    loss = flow.step()
    if tries in params["moments"]:
        made.update({f"{tries}.{name}": w.detach() - initial[name] for name, w in flow.weights().items()})
    losses.append(losses[-1] if loss is None else loss)
    times.append(flow.t)
numbers = {"loss": losses, "t": times, "undone": [flow.undone]}
exchange.write(answer, made | {name: torch.tensor(each, dtype=torch.float64) for name, each in numbers.items()})
