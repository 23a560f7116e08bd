# Tangent kernels of fully connected nets in PyTorch: all gradients, and their Gram product.
import net
import torch
from torch.func import grad, vmap


def output(weights, point):
    return net.fc(weights, point[None], net.softplus)[0]


def point_by_point(weights, x):
    arrays = [each.detach().requires_grad_() for each in weights.values()]
    own = dict(zip(weights, arrays))
    rows = torch.empty(len(x), sum(each.numel() for each in arrays), dtype=x.dtype)
    for row, point in zip(rows, x):
        torch.cat([each.flatten() for each in torch.autograd.grad(output(own, point), arrays)], out=row)
    return rows @ rows.T


def batched(weights, x):
    gradients = vmap(grad(output), in_dims=(None, 0))({name: each.detach() for name, each in weights.items()}, x)
    # Array by array: the gradients are never copied into one matrix.
    return sum(rows.flatten(1) @ rows.flatten(1).T for rows in gradients.values())
