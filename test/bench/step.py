# A training step of the nets of Geiger et al. in PyTorch: momentum moves the weights in place, forward, gradient, and the
# two numbers that the step control reads.
import net
import torch
from timing import dtype, least, params, report

n, alpha, decay, dt = params["n"], params["alpha"], params["decay"], params["dt"]
model = params["model"]
y = torch.randn(n, dtype=dtype).sign()

if model["kind"] == "fc":
    weights = net.fc_weights(model["inputs"], model["depth"], model["width"], dtype)
    x = torch.randn(n, model["inputs"], dtype=dtype)
    ways = {f.__name__: lambda f=f: net.fc(weights, x, f) for f in (net.softplus, net.plain_softplus)}
else:
    weights = net.cnn_weights(model["width"], dtype)
    x = torch.randn(n, 1, 28, 28, dtype=dtype)
    last = x.to(memory_format=torch.channels_last)
    ways = {"channels first": lambda: net.cnn(weights, x), "channels last": lambda: net.cnn(weights, last)}


def step_of(forward):
    w = list(weights.values())
    v = [torch.zeros_like(each) for each in w]
    with torch.no_grad():
        f0 = forward()

    def gradient():
        f = forward()
        loss = torch.relu(1 - alpha * (f - f0) * y).mean()
        return f.detach(), loss.item(), torch.autograd.grad(loss, w)

    f, loss, g = gradient()

    def take(count):
        nonlocal f, loss, g
        for _ in range(count):
            with torch.no_grad():
                torch._foreach_mul_(v, decay)
                torch._foreach_add_(v, g, alpha=-(1 - decay) / alpha**2)
                torch._foreach_add_(w, v, alpha=dt)
            before = f
            f, loss, g = gradient()
            change = alpha * (f - before).abs().max().item()
            assert change >= 0 and loss >= 0

    return take


times = {name: least(step_of(forward)) for name, forward in ways.items()}
best = min(times, key=times.get)
report(times[best], way=best)
