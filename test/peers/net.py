# The nets of Geiger et al. as PyTorch has them: functions of named weights, in the layouts of our own.
import math

import torch
import torch.nn.functional as F

A, BETA = 1.40438, 5


def softplus(u):
    return F.softplus(u, beta=BETA) * A


def plain_softplus(u):
    return torch.log1p(torch.exp(BETA * u)) * (A / BETA)


def relu(u):
    return F.relu(u) * math.sqrt(2)


ACTIVATIONS = {"softplus": softplus, "relu": relu}


def fc(weights, x, activation):
    """W0 (d, h), W1 … (h, h), W[L] (h, 1), B0 … B[L]; x (n, d); gives (n)."""
    last = len(weights) // 2 - 1
    z = x
    for layer in range(last + 1):
        W = weights[f"W{layer}"]
        u = torch.addmm(weights[f"B{layer}"], z, W, alpha=W.shape[0] ** -0.5)
        z = u if layer == last else activation(u)
    return z[:, 0]


def cnn(weights, x, strides=(2, 1, 2, 1)):
    """Four convolutions W0 … W3 (outputs, channels, 5, 5), a mean over pixels, W4 (h, 1); x (n, 1, 28, 28); gives (n)."""
    z = x
    for layer, stride in enumerate(strides):
        W = weights[f"W{layer}"]
        z = relu(F.conv2d(z, W * W[0].numel() ** -0.5, weights[f"B{layer}"], stride=stride, padding=1))
    W = weights["W4"]
    return torch.addmm(weights["B4"], z.mean((2, 3)), W, alpha=W.shape[0] ** -0.5)[:, 0]


def fc_weights(inputs, depth, width, dtype):
    sizes = [inputs] + [width] * depth + [1]
    return drawn({f"W{i}": (sizes[i], sizes[i + 1]) for i in range(depth + 1)}, dtype)


def cnn_weights(width, dtype):
    convolutions = {f"W{i}": (width, width if i else 1, 5, 5) for i in range(4)}
    return drawn({**convolutions, "W4": (width, 1)}, dtype)


def drawn(shapes, dtype):
    """Standard normal weights, and biases of zero."""
    weights = {}
    for name, shape in shapes.items():
        weights[name] = torch.randn(shape, dtype=dtype, requires_grad=True)
        outputs = shape[1] if len(shape) == 2 else shape[0]
        weights[name.replace("W", "B")] = torch.zeros(outputs, dtype=dtype, requires_grad=True)
    return weights
