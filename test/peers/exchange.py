# Named arrays between Node and PyTorch: safetensors files, read and written without numpy.
import json
import struct

import torch

DTYPES = {"F64": torch.float64, "F32": torch.float32, "I32": torch.int32, "U8": torch.uint8}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def read(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    size = struct.unpack("<Q", data[:8])[0]
    header, base = json.loads(data[8 : 8 + size]), 8 + size
    return {name: array(data, base, **entry) for name, entry in header.items() if name != "__metadata__"}


def array(data, base, dtype, shape, data_offsets):
    begin, end = data_offsets
    # Copied, since an array must begin at a multiple of its element's size.
    return torch.frombuffer(bytearray(data[base + begin : base + end]), dtype=DTYPES[dtype]).reshape(shape)


def write(path, arrays):
    header, parts, at = {}, [], 0
    for name, tensor in sorted(arrays.items()):
        raw = bytes(tensor.detach().contiguous().flatten().view(torch.uint8).tolist())
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))
