"""PredNet in ONNX Runtime, one frame at a time: the graph, and a session with its buffers bound once."""

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from weights import GATES, fused_gates

OUTPUTS = ("a", "ahat", "e", "r", "c")


class Graph:
    """Collects nodes and constants."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], {}, 0

    def constant(self, name, array):
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, op, inputs, output=None, outputs=1, **attributes):
        self.count += 1
        names = [output] if output else [f"{op}_{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def conv(self, x, name, weight, bias, output=None):
        names = [self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)]
        return self.add("Conv", [x, *names], output, kernel_shape=[3, 3], pads=[1, 1, 1, 1])

    def clip(self, x, output=None):
        zero, one = (self.constant(f"value_{v}", np.float32(v)) for v in (0.0, 1.0))
        return self.add("Clip", [x, zero, one], output)


def dims(widths, size, name, layer):
    """Shape of one of a layer's arrays."""
    channels = (2 if name == "e" else 1) * widths[layer]
    return [1, channels, size[1] >> layer, size[0] >> layer]


def build(arrays, widths, size, fused):
    """The network as a model whose state goes in and comes out."""
    graph = Graph()
    above, lstm = None, {}
    for layer in reversed(range(len(widths))):
        inputs = [f"in_r{layer}", f"in_e{layer}"]
        if above:
            scales = graph.constant("scales", np.array([1, 1, 2, 2], np.float32))
            mode = {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
            inputs.append(graph.add("Resize", [above, "", scales], **mode))
        x = graph.add("Concat", inputs, axis=1)
        weight, bias = fused_gates(arrays, layer)
        if fused:
            gates = graph.conv(x, f"gates_{layer}", weight, bias)
            i, f, o, g = graph.add("Split", [gates], outputs=4, axis=1, num_outputs=4)
        else:
            k = widths[layer]
            part = [slice(n * k, (n + 1) * k) for n in range(4)]
            i, f, o, g = (
                graph.conv(x, f"gate_{gate}_{layer}", weight[p], bias[p]) for gate, p in zip(GATES, part, strict=True)
            )
        kept = graph.add("Mul", [graph.clip(f), f"in_c{layer}"])
        new = graph.add("Mul", [graph.clip(i), graph.add("Tanh", [g])])
        c = graph.add("Add", [kept, new], f"out_c{layer}")
        above = graph.add("Mul", [graph.clip(o), graph.add("Tanh", [c])], f"out_r{layer}")
        lstm[layer] = above
    a = graph.add("Identity", ["frame"], "out_a0")
    for layer in range(len(widths)):
        name = f"layer_ahat_{layer}"
        ahat = graph.conv(lstm[layer], name, arrays[f"{name}.weight"], arrays[f"{name}.bias"])
        ahat = graph.clip(ahat, "out_ahat0") if layer == 0 else graph.add("Relu", [ahat], f"out_ahat{layer}")
        bright = graph.add("Relu", [graph.add("Sub", [ahat, a])])
        dark = graph.add("Relu", [graph.add("Sub", [a, ahat])])
        e = graph.add("Concat", [bright, dark], f"out_e{layer}", axis=1)
        if layer + 1 < len(widths):
            name = f"layer_a_{layer}"
            x = graph.conv(e, name, arrays[f"{name}.weight"], arrays[f"{name}.bias"])
            pool = {"kernel_shape": [2, 2], "strides": [2, 2]}
            a = graph.add("MaxPool", [graph.add("Relu", [x])], f"out_a{layer + 1}", **pool)

    def value(name, of, layer):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims(widths, size, of, layer))

    layers = range(len(widths))
    inputs = [value("frame", "a", 0)] + [value(f"in_{n}{l}", n, l) for l in layers for n in "rce"]
    outputs = [value(f"out_{n}{l}", n, l) for l in layers for n in OUTPUTS]
    body = helper.make_graph(graph.nodes, "prednet", inputs, outputs, list(graph.constants.values()))
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    return model.SerializeToString()


class OnnxPeer:
    """A session whose outputs are bound to two sets of buffers in turn, so that no state is copied."""

    def __init__(self, arrays, widths, size, threads, *, fused):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 3
        self.widths, self.size = widths, size
        model = build(arrays, widths, size, fused)
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.reset()

    def reset(self):
        """Forgets what it saw."""
        layers = range(len(self.widths))

        def zeros(name, layer):
            return ort.OrtValue.ortvalue_from_numpy(np.zeros(dims(self.widths, self.size, name, layer), np.float32))

        def buffers():
            return {f"{n}{l}": zeros(n, l) for l in layers for n in OUTPUTS}

        self.frame, self.sets, self.turn, self.bindings = zeros("a", 0), [buffers(), buffers()], 0, []
        for new in (0, 1):
            old = self.sets[1 - new]
            binding = self.session.io_binding()
            binding.bind_ortvalue_input("frame", self.frame)
            for layer in layers:
                for name in "rce":
                    binding.bind_ortvalue_input(f"in_{name}{layer}", old[f"{name}{layer}"])
            for name, value in self.sets[new].items():
                binding.bind_ortvalue_output(f"out_{name}", value)
            self.bindings.append(binding)

    def show(self, frame):
        """One frame (channel, row, column); what every unit answers, valid until the frame after the next."""
        self.frame.update_inplace(np.ascontiguousarray(frame[None]))
        self.session.run_with_iobinding(self.bindings[self.turn])
        result = self.sets[self.turn]
        self.turn = 1 - self.turn
        return result

    @staticmethod
    def numpy(result):
        """The answers as arrays, layer by layer."""
        return [value.numpy() for value in result.values()]
