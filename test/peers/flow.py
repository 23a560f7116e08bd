# The momentum flow of Geiger et al. with its step control, full batches and the hinge loss, in PyTorch.
import torch


class Flow:
    """Trains alpha (f(w) - f(w0)), where f0 are the outputs at w0; a step that changes alpha f by more than `high` is undone."""

    def __init__(self, forward, weights, y, f0, alpha, mu, low, high, t=0.0, dt=1e-50):
        self.forward, self.y, self.f0, self.alpha, self.mu, self.low, self.high = forward, y, f0, alpha, mu, low, high
        self.names = list(weights)
        self.w = [each.detach().clone().requires_grad_() for each in weights.values()]
        self.v = [torch.zeros_like(each) for each in self.w]
        self.t, self.dt, self.undone = t, dt, 0
        self.f, graph = self.outputs(self.w)
        self.g = torch.autograd.grad(graph, self.w)

    def outputs(self, w):
        """f, and the loss with its graph; both alpha^2 times what they are without alpha."""
        f = self.forward(dict(zip(self.names, w)))
        return f.detach(), torch.relu(1 - self.alpha * (f - self.f0) * self.y).mean()

    def step(self):
        """Tries one step, and tells the loss after it where it was taken."""
        decay = (self.t / (self.t + self.dt)) ** self.mu
        with torch.no_grad():
            v = torch._foreach_mul(self.v, decay)
            torch._foreach_add_(v, self.g, alpha=-(1 - decay) / self.alpha**2)
            w = torch._foreach_add(self.w, v, alpha=self.dt)
        f, loss = self.outputs([each.requires_grad_() for each in w])
        change = self.alpha * (f - self.f).abs().max().item()
        if change > self.high:
            self.dt /= 10
            self.undone += 1
            return None
        self.g = torch.autograd.grad(loss, w)
        self.w, self.v, self.f = w, v, f
        self.t += self.dt
        if change < self.low:
            self.dt *= 10 if change == 0 else 1.1
        return loss.item()

    def weights(self):
        return dict(zip(self.names, self.w))
