#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Times the CPU engine against its peers and writes a Markdown table.

Every network has the same weights; each peer must give the engine's output
before it is timed. Rounds are interleaved (engine, peer, peer, ..., engine,
...), so that a change in the machine's load meets all of them; the table holds
medians over the rounds. See docs/performance.md for how to set it up.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

BATCHES = (1, 8)
CHECK_BATCH = 2
FP32_TOLERANCE = 1e-3
# How far bfloat16 takes random weights from float32 depends on the network:
# everybody may be three times as far off as PyTorch with a backbone in
# bfloat16 (OpenVINO's heads are in bfloat16 too).
BF16_REFERENCE = "torch channels-last bf16"
BF16_FACTOR = 3
ENGINE_BF16 = "graphiqa bf16"
RELEASED = "released form, eager"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine_bench", help="the program of that name")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--models", nargs="+",
                        default=["resnet50", "resnet18", "efficientnet_lite0"],
                        help="backbones of models with random weights, or "
                             "model files")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.7,
                        help="length of one measurement (default 0.7)")
    parser.add_argument("--output", help="file for the table (default stdout)")
    # Threads are fixed when libraries start: each number is a process.
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def has_bf16():
    with open("/proc/cpuinfo", encoding="ascii") as file:
        text = file.read()
    return "avx512_bf16" in text or "amx_bf16" in text


class Engine:
    """The C++ engine in a process of its own."""

    batches = BATCHES

    def __init__(self, program, model, precision, threads):
        self.precision = precision
        self.process = subprocess.Popen(
            [program, "serve", model, precision, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"engine_bench died of '{command}'")
        return answer.strip()

    def infer(self, images, _=None):
        return self.answer("check", images)

    def answer(self, verb, images):
        """The array that comes back for pictures."""
        import numpy
        with tempfile.TemporaryDirectory() as folder:
            into, out = (os.path.join(folder, n) for n in ("in", "out"))
            images.numpy().tofile(into)
            self.ask(f"{verb} {len(images)} {into} {out}")
            return numpy.fromfile(out, numpy.float32).reshape(len(images), -1)

    def seconds(self, batch, passes):
        return float(self.ask(f"time {batch} {passes}"))


class Peer:
    """A function from pictures and their statistics to an array. Peers get the
    statistics for nothing: the engine's time holds them."""

    def __init__(self, infer, sizes, precision="fp32", batches=BATCHES):
        self.infer = infer
        self.sizes = sizes
        self.precision = precision
        self.batches = batches

    def seconds(self, batch, passes):
        import torch
        inputs = [torch.rand(batch, *size) for size in self.sizes]
        self.infer(*inputs)
        begin = time.perf_counter()
        for _ in range(passes):
            self.infer(*inputs)
        return time.perf_counter() - begin


def channels_last_peer(network, sizes, precision):
    import copy
    import torch
    own = copy.deepcopy(network).to(memory_format=torch.channels_last)
    own.compute_in(precision)
    return Peer(
        lambda x, *more: own(
            x.contiguous(memory_format=torch.channels_last), *more).numpy(),
        sizes, "bf16" if precision == torch.bfloat16 else "fp32")


def torch_peers(network, released, sizes):
    import torch
    traced = torch.jit.trace(
        network, tuple(torch.rand(1, *size) for size in sizes))
    frozen = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
    return {
        RELEASED: Peer(lambda *x: released(*x).numpy(), sizes, batches=(1,)),
        "torch eager": Peer(lambda *x: network(*x).numpy(), sizes),
        "torch channels-last": channels_last_peer(
            network, sizes, torch.float32),
        "TorchScript frozen, optimised": Peer(
            lambda *x: frozen(*x).numpy(), sizes),
    }


def openvino_peer(network, sizes, threads, precision):
    import openvino
    import torch
    model = openvino.convert_model(
        network, example_input=tuple(torch.rand(1, *size) for size in sizes),
        input=[[-1, *size] for size in sizes])
    compiled = openvino.Core().compile_model(model, "CPU", {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()

    def infer(*inputs):
        feed = {i: array.numpy() for i, array in enumerate(inputs)}
        return request.infer(feed, share_inputs=True)[0]

    return Peer(infer, sizes, "bf16" if precision == "bf16" else "fp32")


def error_of(candidate, inputs, expected):
    """The largest difference relative to the largest value; the released form
    alone takes one picture at a time."""
    if candidate.batches == (1,):
        inputs, expected = [x[:1] for x in inputs], expected[:1]
    return (abs(candidate.infer(*inputs) - expected).max()
            / abs(expected).max())


def check(candidates, inputs, expected):
    """The error of each candidate, all within what its precision allows."""
    errors = {name: error_of(candidate, inputs, expected)
              for name, candidate in candidates.items()}
    for name, candidate in candidates.items():
        limit = (BF16_FACTOR * errors[BF16_REFERENCE]
                 if candidate.precision == "bf16" else FP32_TOLERANCE)
        if not errors[name] <= limit:
            raise RuntimeError(f"{name} computes something else: error "
                               f"{errors[name]:.2g}, allowed {limit:.2g}")
    return errors


def measure(candidates, batch, rounds, seconds):
    """Median images per second of each candidate."""
    passes = {}
    for name, candidate in candidates.items():
        if batch not in candidate.batches:
            continue
        once = candidate.seconds(batch, 1)
        passes[name] = max(1, round(seconds / once))
    rates = {name: [] for name in passes}
    for _ in range(rounds):
        for name, count in passes.items():
            elapsed = candidates[name].seconds(batch, count)
            rates[name].append(batch * count / elapsed)
    return {name: statistics.median(r) for name, r in rates.items()}


def make_candidates(program, model, threads):
    import torch
    from peer_network import PeerNetwork, ReleasedNetwork
    network = PeerNetwork(model)
    sizes = [(3, network.size, network.size)]
    if network.statistics:
        sizes.append((network.statistics,))
    candidates = {
        "graphiqa fp32": Engine(program, model, "fp32", threads),
        **torch_peers(network, ReleasedNetwork(model), sizes),
        "OpenVINO f32": openvino_peer(network, sizes, threads, "f32"),
    }
    if has_bf16():
        candidates[BF16_REFERENCE] = channels_last_peer(
            network, sizes, torch.bfloat16)
        candidates[ENGINE_BF16] = Engine(program, model, "bf16", threads)
        candidates["OpenVINO bf16"] = openvino_peer(
            network, sizes, threads, "bf16")
    return network, sizes, candidates


def ratio_rows(name, threads, rates):
    """What the engine's rate is of that of a peer."""
    best = ENGINE_BF16 if ENGINE_BF16 in rates[0] else "graphiqa fp32"
    rows = []
    for peer in rates[0]:
        if peer.startswith("graphiqa"):
            continue
        own = best if peer.endswith("bf16") or peer == RELEASED \
            else "graphiqa fp32"
        cells = " | ".join(f"{rate[own] / rate[peer]:.2f}"
                           if peer in rate else "" for rate in rates)
        rows.append(f"ratio | {name} | {threads} | {own} : {peer} | {cells} |")
    return rows


def compare(options, model, threads):
    import torch
    rows = []
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        name, path = os.path.basename(model), model
        if not os.path.exists(model):
            path = os.path.join(folder, "model.safetensors")
            subprocess.run([options.engine_bench, "make", model, path],
                           check=True)
        network, sizes, candidates = make_candidates(
            options.engine_bench, path, threads)
        inputs = [torch.randn(CHECK_BATCH, *sizes[0])]
        if len(sizes) > 1:
            inputs.append(torch.from_numpy(
                candidates["graphiqa fp32"].answer("statistics", inputs[0])))
        expected = network(*inputs).numpy()
        errors = check(candidates, inputs, expected)
        rates = [measure(candidates, batch, options.rounds, options.seconds)
                 for batch in BATCHES]
        for candidate in candidates:
            cells = " | ".join(f"{rate[candidate]:.1f}"
                               if candidate in rate else "" for rate in rates)
            rows.append(f"| {name} | {threads} | {candidate} | {cells} "
                        f"| {errors[candidate]:.1e} |")
    return rows + ratio_rows(name, threads, rates)


def work(options):
    import torch
    warnings.filterwarnings("ignore")
    torch.manual_seed(1)
    torch.set_num_threads(options.worker)
    for model in options.models:
        for row in compare(options, model, options.worker):
            print(row, flush=True)


def machine():
    import openvino
    import torch
    with open("/proc/cpuinfo", encoding="ascii") as file:
        lines = [line.partition(":") for line in file]
    facts = {key.strip(): value.strip() for key, _, value in lines}
    flags = [flag for flag in facts.get("flags", "").split()
             if flag.startswith(("avx", "amx", "fma"))]
    return (f"{facts.get('model name', platform.machine())}, "
            f"{len(os.sched_getaffinity(0))} cores, {' '.join(flags)}; "
            f"PyTorch and LibTorch {torch.__version__}, OpenVINO "
            f"{openvino.__version__}; load before the run "
            f"{os.getloadavg()[0]:.1f}")


def main():
    options = parse_arguments()
    if options.worker:
        return work(options)
    lines = [machine(), "",
             "| model | threads | what | images/s, batch 1 | batch 8 | "
             "error |", "| --- | --- | --- | --- | --- | --- |"]
    ratios = ["", "| model | threads | rates | batch 1 | batch 8 |",
              "| --- | --- | --- | --- | --- |"]
    for threads in options.threads:
        done = subprocess.run(
            [sys.executable, *sys.argv, "--worker", str(threads)],
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
            stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            if line.startswith("ratio "):
                ratios.append(line.removeprefix("ratio "))
            else:
                lines.append(line)
    lines += ratios
    text = "\n".join(lines) + "\n"
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
