"""PredNet in PyTorch, one frame at a time."""

import numpy as np
import torch
import torch.nn.functional as F

from weights import GATES, fused_gates


class TorchPeer:
    """The network and its state. `fused`: one convolution for all gates; else one for each."""

    def __init__(self, arrays, widths, size, *, fused, channels_last, dtype=torch.float32):
        self.widths, self.size, self.fused, self.dtype = widths, size, fused, dtype
        self.format = torch.channels_last if channels_last else torch.contiguous_format

        def put(array):
            tensor = torch.from_numpy(np.array(array, np.float64)).to(dtype)
            return tensor.contiguous(memory_format=self.format) if tensor.dim() == 4 else tensor

        def conv(name):
            return put(arrays[f"{name}.weight"]), put(arrays[f"{name}.bias"])

        exact = {name: array.astype(np.float64) for name, array in arrays.items()}
        self.gates, self.ahat, self.a = [], [], []
        for layer in range(len(widths)):
            weight, bias = (put(array) for array in fused_gates(exact, layer))
            split = zip(weight.chunk(4), bias.chunk(4), strict=True)
            whole = [(weight, bias)]
            self.gates.append(whole if fused else [(w.contiguous(memory_format=self.format), b) for w, b in split])
            self.ahat.append(conv(f"layer_ahat_{layer}"))
            self.a.append(conv(f"layer_a_{layer}") if layer + 1 < len(widths) else None)
        self.run = self.step
        self.reset()

    def reset(self):
        """Forgets what it saw."""
        width, height = self.size

        def zeros(channels, layer):
            tensor = torch.zeros(1, channels, height >> layer, width >> layer, dtype=self.dtype)
            return tensor.contiguous(memory_format=self.format)

        self.state = [tuple(zeros(n * k, l) for n in (1, 1, 2)) for l, k in enumerate(self.widths)]

    def compile(self):
        """Lets torch.compile fuse what it can, the weights being constants."""
        torch._inductor.config.freezing = True
        self.run = torch.compile(self.step)

    def step(self, frame, state):
        """All of (A, Ahat, E, R, C) per layer."""
        above, lstm = None, []
        for layer in reversed(range(len(self.widths))):
            r, c, e = state[layer]
            inputs = [r, e] if above is None else [r, e, F.interpolate(above, scale_factor=2, mode="nearest")]
            x = torch.cat(inputs, 1)
            parts = [F.conv2d(x, w, b, padding=1) for w, b in self.gates[layer]]
            i, f, o, g = parts[0].chunk(4, 1) if self.fused else parts
            c = f.clamp(0, 1) * c + i.clamp(0, 1) * torch.tanh(g)
            above = o.clamp(0, 1) * torch.tanh(c)
            lstm.insert(0, (above, c))
        a, result = frame, []
        for layer, (r, c) in enumerate(lstm):
            weight, bias = self.ahat[layer]
            ahat = F.conv2d(r, weight, bias, padding=1)
            ahat = ahat.clamp(0, 1) if layer == 0 else F.relu(ahat)
            difference = ahat - a
            e = torch.cat([F.relu(difference), F.relu(-difference)], 1)
            result.append((a, ahat, e, r, c))
            if self.a[layer] is not None:
                weight, bias = self.a[layer]
                a = F.relu(F.max_pool2d(F.conv2d(e, weight, bias, padding=1), 2))
        return result

    @torch.inference_mode()
    def show(self, frame):
        """One frame (channel, row, column); what every unit answers."""
        frame = torch.from_numpy(frame[None]).to(self.dtype).contiguous(memory_format=self.format)
        result = self.run(frame, self.state)
        self.state = [(r, c, e) for _, _, e, r, c in result]
        return result

    @staticmethod
    def numpy(result):
        """The answers as arrays, layer by layer."""
        return [tensor.numpy() for layer in result for tensor in layer]


assert GATES[3] == "c", "the new content is the last of the stacked gates"
