# The tangent kernel of a fully connected net in PyTorch, in one of two ways.
import net
import tangent
import torch
from timing import dtype, least, params, report

model = params["model"]
weights = net.fc_weights(model["inputs"], model["depth"], model["width"], dtype)
x = torch.randn(params["n"], model["inputs"], dtype=dtype)
kernel = {"point by point": tangent.point_by_point, "batched": tangent.batched}[params["way"]]


def take(count):
    for _ in range(count):
        kernel(weights, x)


report(least(take))
