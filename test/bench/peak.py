# The machine's float32 GEMM peak, as PyTorch reaches it: a product of two square matrices.
import torch
from timing import least, params, report

size = params["size"]
a, b, out = (torch.randn(size, size) for _ in range(3))


def take(count):
    for _ in range(count):
        torch.mm(a, b, out=out)


report(least(take))
