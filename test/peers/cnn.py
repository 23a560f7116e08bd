# Outputs of the convolutional net of Geiger et al., and the gradient of their weighted sum.
import sys

import exchange
import net

given, answer = exchange.read(sys.argv[2]), sys.argv[3]
x, c = given.pop("x").permute(0, 3, 1, 2), given.pop("c")
# (side, side, channels, outputs) there, (outputs, channels, side, side) here.
weights = {name: (w.permute(3, 2, 0, 1) if w.dim() == 4 else w).contiguous().requires_grad_() for name, w in given.items()}
f = net.cnn(weights, x)
(f * c).sum().backward()
gradients = {f"g.{name}": w.grad.permute(2, 3, 1, 0) if w.dim() == 4 else w.grad for name, w in weights.items()}
exchange.write(answer, {"f": f, **gradients})
