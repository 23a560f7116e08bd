# The tangent kernel of a fully connected softplus net, from the gradients of its outputs.
import sys

import exchange
import tangent

given, answer = exchange.read(sys.argv[2]), sys.argv[3]
x = given.pop("x")
exchange.write(answer, {"K": tangent.point_by_point(given, x), "batched": tangent.batched(given, x)})
