# The tangent kernel of the survey's CNN between two sets of images in PyTorch, once: Jacobians of a few images at a
# time, those of the first set held.
import time

import torch
import torch.nn.functional as F
from timing import dtype, params, report
from torch.func import jacrev, vmap

model, n, m = params["model"], params["n"], params["m"]
width, outputs = model["width"], model["outputs"]
pixels = (model["side"] - 6) ** 2
shapes = {"W0": (width, model["channels"], 3, 3), "W1": (width, width, 3, 3), "W2": (width, width, 3, 3), "W3": (outputs, pixels * width)}
weights = {}
for name, shape in shapes.items():
    bound = torch.Size(shape[1:]).numel() ** -0.5
    weights[name] = torch.empty(shape, dtype=dtype).uniform_(-bound, bound)
    weights[name.replace("W", "B")] = torch.empty(shape[0], dtype=dtype).uniform_(-bound, bound)


def output(weights, image):
    z = image[None]
    for layer in range(3):
        z = F.conv2d(z, weights[f"W{layer}"], weights[f"B{layer}"])
        z = F.relu(z) if layer < 2 else z
    return F.linear(z.flatten(1), weights["W3"], weights["B3"])[0]


def rows(images):
    """(images, outputs * weights) of each array."""
    made = vmap(jacrev(output), in_dims=(None, 0))(weights, images)
    return {name: each.flatten(1) for name, each in made.items()}


a, b = (torch.randn(count, model["channels"], model["side"], model["side"], dtype=dtype) for count in (n, m))
few = 10
begin = time.perf_counter()
held = {name: torch.empty(n, outputs * each.numel(), dtype=dtype) for name, each in weights.items()}
for i in range(0, n, few):
    for name, each in rows(a[i : i + few]).items():
        held[name][i : i + few] = each
K = torch.empty(n, m, dtype=dtype)
for i in range(0, m, few):
    K[:, i : i + few] = sum(held[name] @ each.T for name, each in rows(b[i : i + few]).items())
report(time.perf_counter() - begin)
