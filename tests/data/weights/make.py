"""Writes the small weights files of this folder with the programs that users have (h5py, PyTorch).

    python make.py        # needs numpy, h5py and torch

Value k of array n (arrays in the order of their names, row-major as out, in, row, column) is
(7 n + k) % 64 / 64 - 0.5, which every number type here holds exactly.
"""

import collections
from pathlib import Path

import h5py
import numpy as np
import torch

HERE = Path(__file__).parent


def arrays(widths):
    """Names and arrays of a PredNet of these widths."""
    shapes = {}
    for layer, width in enumerate(widths):
        above = widths[layer + 1] if layer + 1 < len(widths) else 0
        convolutions = {f"layer_{gate}_{layer}": (3 * width + above, width) for gate in "ifoc"}
        convolutions[f"layer_ahat_{layer}"] = (width, width)
        if above:
            convolutions[f"layer_a_{layer}"] = (2 * width, above)
        for name, (inputs, outputs) in convolutions.items():
            shapes[f"{name}.weight"] = (outputs, inputs, 3, 3)
            shapes[f"{name}.bias"] = (outputs,)
    made = {}
    for n, name in enumerate(sorted(shapes)):
        count = int(np.prod(shapes[name]))
        values = (7 * n + np.arange(count)) % 64 / 64 - 0.5
        made[name] = values.astype(np.float32).reshape(shapes[name])
    return made


def keras(group, network, order="<f4", **packing):
    """Writes arrays as Keras does."""
    for name, array in network.items():
        layer, kind = name.split(".")
        if kind == "weight":
            array, kind = array.transpose(2, 3, 1, 0), "kernel"
        group.require_group(layer).create_dataset(f"{kind}:0", data=array.astype(order), **packing)


def main():
    one, two = arrays([1]), arrays([1, 2])
    with h5py.File(HERE / "keras_weights.h5", "w") as file:
        file.attrs["layer_names"] = [b"prednet_1"]
        keras(file.create_group("prednet_1/prednet_1"), two)
    with h5py.File(HERE / "keras_model.h5", "w") as file:
        keras(file.create_group("model_weights/pred_net_1/pred_net_1"), one, ">f8")
        file.create_dataset("model_weights/dense_1/dense_1/bias:0", data=np.zeros(1, np.float32))
        file.create_dataset("optimizer_weights/iterations:0", data=np.int64(7))
    with h5py.File(HERE / "keras_packed.h5", "w") as file:
        group = file.create_group("prednet_1/prednet_1")
        # parts that hang over the edges of the arrays
        for name, array in one.items():
            layer, kind = name.split(".")
            if kind == "weight":
                array, kind = array.transpose(2, 3, 1, 0), "kernel"
            chunks = (2, 2, 2, 1)[: array.ndim] if array.ndim == 4 else (1,)
            chunks = tuple(min(c, s) for c, s in zip(chunks, array.shape))
            group.require_group(layer).create_dataset(
                f"{kind}:0", data=array, chunks=chunks, compression="gzip", shuffle=True, fletcher32=True
            )
    with h5py.File(HERE / "keras_new_groups.h5", "w", libver=("v110", "v110")) as file:
        group = file.create_group("prednet_1/prednet_1")
        keras(group, {k: v for k, v in one.items() if "_ahat_" in k}, "<f2")
        packed = {k: v for k, v in one.items() if "_i_" in k or "_f_" in k}
        for name, array in packed.items():
            layer, kind = name.split(".")
            if kind == "weight":
                array, kind = array.transpose(2, 3, 1, 0), "kernel"
            group.require_group(layer).create_dataset(
                f"{kind}:0", data=array, chunks=array.shape, compression="gzip", fletcher32=True
            )
        keras(group, {k: v for k, v in one.items() if "_o_" in k or "_c_" in k})
    with h5py.File(HERE / "links.h5", "w") as file:
        group = file.create_group("prednet_1/prednet_1")
        keras(group, one)
        group["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")
    with h5py.File(HERE / "loop.h5", "w") as file:
        group = file.create_group("prednet_1/prednet_1")
        keras(group, one)
        group["again"] = file["prednet_1"]
    with h5py.File(HERE / "filter.h5", "w") as file:
        group = file.create_group("prednet_1/prednet_1/layer_a_0")
        group.create_dataset("bias:0", data=np.zeros(8, np.float32), compression="lzf")
    with h5py.File(HERE / "outside.h5", "w") as file:
        group = file.create_group("prednet_1/prednet_1/layer_a_0")
        group.create_dataset("bias:0", shape=(8,), dtype="<f4", external=[("/etc/passwd", 0, 32)])
    with h5py.File(HERE / "integers.h5", "w") as file:
        group = file.create_group("prednet_1/prednet_1/layer_a_0")
        group.create_dataset("bias:0", data=np.zeros(8, np.int32))

    tensors = {name: torch.from_numpy(array) for name, array in two.items()}
    checkpoint = {"epoch": 3, "state_dict": collections.OrderedDict(tensors), "best": 0.5, "history": [1.0, 2.0]}
    torch.save(checkpoint, HERE / "torch_checkpoint.pt")
    tensors = {name: torch.from_numpy(array) for name, array in one.items()}
    torch.save(tensors, HERE / "torch_legacy.pt", _use_new_zipfile_serialization=False)
    torch.save({name: tensor.half() for name, tensor in tensors.items()}, HERE / "torch_half.pt")
    # bfloat16, float64, parameters, views of shared numbers in another order
    mixed = {}
    for number, (name, tensor) in enumerate(tensors.items()):
        if number % 4 == 0:
            mixed[name] = tensor.bfloat16()
        elif number % 4 == 1:
            mixed[name] = torch.nn.Parameter(tensor.double())
        elif number % 4 == 2 and tensor.dim() == 4:
            mixed[name] = tensor.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0)
        else:
            mixed[name] = torch.cat([torch.ones(5), tensor.flatten()])[5:].view(tensor.shape)
    torch.save(mixed, HERE / "torch_mixed.pt")


main()
