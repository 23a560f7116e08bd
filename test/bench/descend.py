# A step of an optimiser of torch.optim on one of the nets of descend.ts.
import torch
import torch.nn.functional as F
from timing import least, params, report
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.a = nn.Conv2d(inputs, outputs, 3, stride, 1)
        self.b = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.cut = nn.Identity() if stride == 1 else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x):
        return F.relu(self.cut(x) + self.b(F.relu(self.a(x), inplace=True)), inplace=True)


def vgg(model):
    layers, channels, side = [], model["channels"], model["side"]
    for layer, factor in enumerate([1, 2, 4, 4, 8, 8, 8, 8]):
        outputs = factor * model["base"] * model["widening"]
        layers += [nn.Conv2d(channels, outputs, 3, 1, 1), nn.ReLU(inplace=True)]
        channels = outputs
        if layer in (0, 1, 3, 5, 7) and side > 1:
            layers.append(nn.MaxPool2d(2))
            side //= 2
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, model["outputs"]))


def resnet(model):
    width = model["base"] * model["widening"]
    widths = [width, width, 2 * width, 4 * width, 8 * width]
    layers = [nn.Conv2d(model["channels"], width, 3, 1, 1), nn.ReLU(inplace=True)]
    for stage in range(4):
        layers += [Block(widths[stage], widths[stage + 1], 1 if stage == 0 else 2), Block(widths[stage + 1], widths[stage + 1], 1)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[4], model["outputs"]))


def mlp(model):
    widths = [model["inputs"], *model["hidden"]]
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    net = nn.Sequential(*layers, nn.Linear(widths[-1], model["outputs"]))
    for parameter in net.parameters():
        nn.init.uniform_(parameter, -0.05, 0.05) if parameter.ndim == 2 else nn.init.zeros_(parameter)
    return net


n = params["n"]
batch = params.get("batch", n)
images = len(params["point"]) == 3
# Channels first.
x = torch.randn(n, *(params["point"][-1:] + params["point"][:-1]))
classes = params["loss"] == "softmax-cross-entropy"
y = torch.arange(n) % 10 if classes else (torch.rand(n) < 0.5).float()


def optimizer_of(net):
    optimizer = params["optimizer"]
    if optimizer["kind"] == "sgd":
        return torch.optim.SGD(net.parameters(), lr=params["rate"], momentum=optimizer["momentum"])
    # Fused is the fastest form, where PyTorch has it for CPUs.
    fused = tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 4)
    betas = (optimizer["beta1"], optimizer["beta2"])
    return torch.optim.Adam(net.parameters(), lr=params["rate"], betas=betas, eps=optimizer["epsilon"], fused=fused)


def step_of(memory_format):
    net = {"vgg": vgg, "resnet": resnet, "mlp": mlp}[params["model"]["kind"]](params["model"])
    net = net.to(memory_format=memory_format)
    points = x.to(memory_format=memory_format) if images else x
    optimizer = optimizer_of(net)
    taken = 0

    def take(count):
        nonlocal taken
        for _ in range(count):
            at = slice(taken * batch % n, taken * batch % n + batch)
            made = net(points[at])
            loss = F.cross_entropy(made, y[at]) if classes else F.binary_cross_entropy_with_logits(made[:, 0], y[at])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            taken += 1

    take(params["before"])
    return take


formats = ("contiguous_format", "channels_last") if images else ("contiguous_format",)
times = {name: least(step_of(getattr(torch, name))) for name in formats}
best = min(times, key=times.get)
report(times[best], way=best)
