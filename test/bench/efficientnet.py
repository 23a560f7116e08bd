# A training step of EfficientNet-B0 in PyTorch, with the head of Kearns et al. on top: batch norm by the batch, softmax
# cross-entropy, Adam.
import torch
import torch.nn.functional as F
from timing import least, params, report
from torch import nn

GROUPS = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]


def unit(inputs, outputs, kernel, stride=1, groups=1, swish=True):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01)]
    return nn.Sequential(*layers, *([nn.SiLU(inplace=True)] if swish else []))


class Block(nn.Module):
    def __init__(self, expansion, kernel, stride, inputs, outputs):
        super().__init__()
        inner, squeezed = inputs * expansion, inputs // 4
        self.expand = unit(inputs, inner, 1) if expansion > 1 else nn.Identity()
        self.filter = unit(inner, inner, kernel, stride, inner)
        self.reduce, self.excite = nn.Conv2d(inner, squeezed, 1), nn.Conv2d(squeezed, inner, 1)
        self.project = unit(inner, outputs, 1, swish=False)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x):
        z = self.filter(self.expand(x))
        z = z * torch.sigmoid(self.excite(F.silu(self.reduce(z.mean((2, 3), keepdim=True)))))
        return x + self.project(z) if self.shortcut else self.project(z)


def efficientnet(channels):
    blocks, inputs = [], 32
    for expansion, kernel, stride, outputs, repeats in GROUPS:
        for i in range(repeats):
            blocks.append(Block(expansion, kernel, stride if i == 0 else 1, inputs, outputs))
            inputs = outputs
    return nn.Sequential(unit(channels, 32, 3, 2), *blocks, unit(inputs, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def step_of(memory_format):
    model = nn.Sequential(efficientnet(1), nn.Linear(1280, 1000), nn.ReLU(), nn.Linear(1000, 10)).to(memory_format=memory_format)
    # Fused is three times as fast, where PyTorch has it for CPUs.
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 4))
    x = torch.rand(params["n"], 1, params["side"], params["side"]).to(memory_format=memory_format)
    y = torch.randint(10, (params["n"],))

    def take(count):
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(x), y).backward()
            optimizer.step()

    return take


times = {name: least(step_of(getattr(torch, name))) for name in ("contiguous_format", "channels_last")}
best = min(times, key=times.get)
report(times[best], way=best)
