# A hundred steps of one of PyTorch's optimisers: a ReLU net with ten outputs, softmax cross-entropy, full batches.
import json
import sys

import exchange
import torch
import torch.nn.functional as F

params, given, answer = json.loads(sys.argv[1]), exchange.read(sys.argv[2]), sys.argv[3]
x, y = given.pop("x"), given.pop("y").long()
weights = {name: w.clone().requires_grad_() for name, w in given.items()}
optimizer = getattr(torch.optim, params["kind"])(weights.values(), **params["options"])
for _ in range(params["steps"]):
    optimizer.zero_grad()
    z = x
    for layer in range(len(weights) // 2):
        z = (z if layer == 0 else F.relu(z)) @ weights[f"W{layer}"] + weights[f"B{layer}"]
    F.cross_entropy(z, y).backward()
    optimizer.step()
exchange.write(answer, {name: w.detach() - given[name] for name, w in weights.items()})
