# One whole run in PyTorch: the flow until the loss is zero, and the tangent kernels before and after it.
import time

import exchange
import net
import tangent
from flow import Flow
from timing import params, report

arrays = exchange.read(params["problem"])
x, y, points = (arrays.pop(name) for name in ("x", "y", "points"))
start = arrays


def forward(weights):
    return net.fc(weights, x, net.softplus)


begin = time.perf_counter()
flow = Flow(forward, start, y, forward(start), params["alpha"], params["mu"], params["low"], params["high"])
steps, loss = 0, 1.0
while loss != 0:
    taken = flow.step()
    steps, loss = steps + 1, loss if taken is None else taken
before, after = tangent.batched(start, points), tangent.batched(flow.weights(), points)
change = ((after - before).norm() / before.norm()).item()
report(time.perf_counter() - begin, steps=steps, t=flow.t, kernelChange=change)
