# How long work takes, told to the bench as one line of JSON. The counterpart of timing.ts.
import json
import math
import resource
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)

params = json.loads(sys.argv[1])
dtype = getattr(torch, params.get("dtype", "float32"))


def least(take, seconds=3):
    """The fewest seconds that a step took; take(k) takes k of them, which is timed for about a second."""
    take(1)
    best = timed(take, 1)
    count = math.ceil(1 / best)
    end = time.perf_counter() + seconds
    while True:
        best = min(best, timed(take, count))
        if time.perf_counter() > end:
            return best


def timed(take, count):
    begin = time.perf_counter()
    take(count)
    return (time.perf_counter() - begin) / count


def report(seconds, **more):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, except on macOS.
    print(json.dumps({"seconds": seconds, "bytes": peak * (1 if sys.platform == "darwin" else 1024), "version": torch.__version__, **more}))
