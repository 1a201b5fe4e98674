# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""The network in PyTorch, for peers: row form, same names and weights as a
graphiqa model file. What `multi-stats` measures of a picture comes as a second
input."""

import json
import struct

import numpy
import torch
from torch import nn
from torch.nn import functional


def read_safetensors(path):
    """The tensors (float32) and the metadata of a float32 model file."""
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    types = {"F32": numpy.float32, "F16": numpy.float16, "I64": numpy.int64}
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        array = numpy.frombuffer(data[begin:end], types[entry["dtype"]])
        tensor = torch.from_numpy(array.reshape(entry["shape"]).copy())
        tensors[name] = tensor.float() if tensor.is_floating_point() else tensor
    return tensors, metadata


STATISTICS = 326  # of a picture


def conv(inputs, outputs, kernel, stride=1, padding=None, groups=1):
    padding = kernel // 2 if padding is None else padding
    return nn.Conv2d(
        inputs, outputs, kernel, stride, padding, groups=groups, bias=False
    )


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, width, 1), nn.BatchNorm2d(width)
        self.conv2 = conv(width, width, 3, stride)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = conv(width, 4 * width, 1)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride != 1 or inputs != 4 * width:
            self.downsample = nn.Sequential(
                conv(inputs, 4 * width, 1, stride), nn.BatchNorm2d(4 * width)
            )

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return functional.relu(
            y + (x if self.downsample is None else self.downsample(x))
        )


class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = conv(inputs, width, 3, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3), nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or inputs != width:
            self.downsample = nn.Sequential(
                conv(inputs, width, 1, stride), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return functional.relu(
            y + (x if self.downsample is None else self.downsample(x))
        )


def resnet(make_block, counts, expansion):
    layers = [
        conv(3, 64, 7, 2),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    inputs = 64
    for index, blocks in enumerate(counts):
        stage = []
        for block in range(blocks):
            stride = 2 if index > 0 and block == 0 else 1
            stage.append(make_block(inputs, 64 << index, stride))
            inputs = expansion * (64 << index)
        layers.append(nn.Sequential(*stage))
    return nn.Sequential(*layers)


def resnet18():
    return resnet(BasicBlock, (2, 2, 2, 2), 1)


def resnet50():
    return resnet(Bottleneck, (3, 4, 6, 3), 4)


class ConvNorm(nn.Module):
    """TensorFlow's SAME padding for even inputs: at stride 2 one side gets
    one row more."""

    def __init__(self, inputs, outputs, kernel, stride, groups, activate):
        super().__init__()
        self.pad = None
        if stride == 2:
            before = (kernel - 2) // 2
            after = kernel - 2 - before
            self.pad = (before, after, before, after)
        self.conv = conv(
            inputs,
            outputs,
            kernel,
            stride,
            kernel // 2 if stride == 1 else 0,
            groups,
        )
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)
        self.activate = activate

    def forward(self, x):
        if self.pad is not None:
            x = functional.pad(x, self.pad)
        x = self.bn(self.conv(x))
        return functional.hardtanh(x, 0.0, 6.0) if self.activate else x


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, ratio):
        super().__init__()
        wide = inputs * ratio
        self.residual = stride == 1 and inputs == outputs
        self.expand = None
        if ratio != 1:
            self.expand = ConvNorm(inputs, wide, 1, 1, 1, True)
        self.depthwise = ConvNorm(wide, wide, kernel, stride, wide, True)
        self.project = ConvNorm(wide, outputs, 1, 1, 1, False)

    def forward(self, x):
        y = x if self.expand is None else self.expand(x)
        y = self.project(self.depthwise(y))
        return y + x if self.residual else y


class EfficientNetLite0(nn.Module):
    GROUPS = (
        (1, 3, 1, 1, 16),
        (2, 3, 2, 6, 24),
        (2, 5, 2, 6, 40),
        (3, 3, 2, 6, 80),
        (3, 5, 1, 6, 112),
        (4, 5, 2, 6, 192),
        (1, 3, 1, 6, 320),
    )

    def __init__(self):
        super().__init__()
        self.stem = ConvNorm(3, 32, 3, 2, 1, True)
        blocks, inputs = [], 32
        for count, kernel, stride, ratio, outputs in self.GROUPS:
            for i in range(count):
                blocks.append(
                    InvertedResidual(
                        inputs, outputs, kernel, stride if i == 0 else 1, ratio
                    )
                )
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvNorm(320, 1280, 1, 1, 1, True)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))

    def stages(self, x):
        """Of groups 2, 3, 5 and 7, and the last."""
        x = self.stem(x)
        chosen, block = [], iter(self.blocks)
        for group, (count, *_) in enumerate(self.GROUPS, 1):
            for _ in range(count):
                x = next(block)(x)
            if group in (2, 3, 5, 7):
                chosen.append(x)
        return [*chosen, self.head(x)]


class Projector(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("std", torch.ones(inputs))
        self.weight = nn.Parameter(torch.zeros(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        x = ((x - self.mean) / self.std.clamp_min(1e-3)).clamp(-8, 8)
        return functional.linear(x, self.weight, self.bias)


def mean_and_deviation(maps):
    maps = maps.float()
    mean = maps.mean((2, 3), keepdim=True)
    deviation = (maps - mean).square().mean((2, 3)).sqrt()
    return torch.cat([mean.flatten(1), deviation], 1)


class Mlp(nn.Module):
    """Linear layers with a ReLU between them, named as in a Sequential."""

    def __init__(self, *sizes):
        super().__init__()
        layers = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        self.fc = nn.Sequential(*layers[:-1])

    def forward(self, x):
        return self.fc(x)


class Gcn(nn.Module):
    """The graph convolutions of a graph of one node."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.W1 = nn.Linear(inputs, inputs // 2, bias=False)
        self.W2 = nn.Linear(inputs // 2, inputs // 4, bias=False)
        self.W3 = nn.Linear(inputs // 4, outputs, bias=False)

    def forward(self, x):
        return self.W3(functional.relu(self.W2(functional.relu(self.W1(x)))))


class Holder(nn.Module):
    """Gives its children their names in the model file."""

    def __init__(self, **children):
        super().__init__()
        for name, child in children.items():
            setattr(self, name, child)


class PeerNetwork(nn.Module):
    BACKBONES = {
        "resnet18": resnet18,
        "resnet50": resnet50,
        "efficientnet_lite0": EfficientNetLite0,
    }

    def __init__(self, path):
        super().__init__()
        tensors, metadata = read_safetensors(path)
        shape = json.loads(metadata["architecture"])
        make = self.BACKBONES[shape["backbone"]]
        node = tensors["domainlevelgraph.gcn_v.fc.0.weight"].shape[1]
        edge = tensors["domainlevelgraph.gcn_e.gcn.W3.weight"].shape[0]
        code, types = reversed(tensors["classifier.weight"].shape)
        self.extractor = Holder(feature_extractor=make())
        projection = tensors.get("extractor.projector.weight")
        self.multi = projection is not None
        if self.multi:
            self.extractor.projector = Projector(*reversed(projection.shape))
        self.domainlevelgraph = Holder(
            gcn_v=Mlp(node, node, node, node),
            gcn_e=Holder(gcn=Gcn(node, edge)),
            hyperpred=Mlp(node + edge, (node + edge) // 2, 2),
            domain_learner=Holder(gcn=Gcn(node, code)),
        )
        self.hyperpredmos = Mlp(node + edge, (node + edge) // 2, 2)
        self.classifier = nn.Linear(code, types)
        unused = ("predictor.", "domainlevelgraph.gcn_v.gcn.")
        self.load_state_dict(
            {n: t for n, t in tensors.items() if not n.startswith(unused)}
        )
        self.size = json.loads(metadata["input"])["view_size"]
        self.statistics = STATISTICS if shape["features"] == "multi-stats" else 0
        self.precision = torch.float32
        self.eval()

    def compute_in(self, precision):
        """The backbone in another precision; the heads stay in float32, as in
        the engine."""
        self.precision = precision
        self.extractor.feature_extractor.to(precision)
        return self

    def pooled(self, images, statistics):
        backbone = self.extractor.feature_extractor
        images = images.to(self.precision)
        if not self.multi:
            return backbone(images).float().mean((2, 3))
        parts = [mean_and_deviation(stage) for stage in backbone.stages(images)]
        return self.extractor.projector(torch.cat([*parts, statistics], 1))

    def forward(self, images, statistics=None):
        """[N,3,S,S] and, for `multi-stats`, [N,326] to [N, 4 + types]: MOS mu
        and s, level mu and s, type logits."""
        graph = self.domainlevelgraph
        x = self.pooled(images, statistics)
        v = graph.gcn_v(x)
        unit = functional.normalize(x, dim=1)
        summary = graph.gcn_e.gcn(unit * unit)
        nodes = torch.cat([v, summary], 1)
        logits = self.classifier(graph.domain_learner.gcn(v))
        return torch.cat(
            [self.hyperpredmos(nodes), graph.hyperpred(nodes), logits], 1
        )


def normalise(adjacency):
    """As released: self-loops, then rows and columns by the root of the
    degrees."""
    looped = adjacency + torch.eye(len(adjacency))
    scale = torch.diag_embed(looped.sum(1).pow(-0.5))
    return scale @ looped @ scale


class ReleasedNetwork(PeerNetwork):
    """What the released code computes when it tests, one image at a time: the
    graph of a batch over all pairs of its images, in float32, with nothing
    fused (geekyutao/GraphIQA @727cbef, models/networks.py)."""

    def graph_conv(self, gcn, x, adjacency):
        x = functional.relu(gcn.W1(adjacency @ x))
        return gcn.W3(adjacency @ functional.relu(gcn.W2(adjacency @ x)))

    def forward(self, images, statistics=None):
        graph = self.domainlevelgraph
        x = self.pooled(images, statistics)
        count = len(x)
        v = graph.gcn_v(x)
        unit = functional.normalize(x, dim=1)
        edges = (unit.unsqueeze(1) * unit.unsqueeze(0)).reshape(count**2, -1)
        rows = functional.normalize(edges, dim=1)
        code = self.graph_conv(graph.gcn_e.gcn, edges, normalise(rows @ rows.T))
        grid = code.reshape(count, count, -1)
        summary = torch.diagonal(grid, dim1=0, dim2=1).T
        nodes = torch.cat([v, summary], 1)
        adjacency = normalise(code.mean(1).reshape(count, count))
        z = self.graph_conv(graph.domain_learner.gcn, v, adjacency)
        return torch.cat(
            [self.hyperpredmos(nodes), graph.hyperpred(nodes),
             self.classifier(z)], 1
        )
