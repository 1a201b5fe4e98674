#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""gq_bench_test.py GQ_BENCH MODEL CLIP: runs gq-bench on a tiny model.

Looks at exit codes, at the table and at whether the JSON is whole and makes
sense by itself. What is measured is not judged: it depends on the machine.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

PROGRAM, MODEL, CLIP = sys.argv[1:4]
SHORT = ["--seconds", "0", "--warmup", "0", "--rounds", "2"]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, timeout=300, check=False)


def bench(test, *arguments, code=0):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.json")
        outcome = run(*arguments, "--json", path)
        test.assertEqual(outcome.returncode, code, outcome.stderr)
        with open(path, encoding="utf-8") as text:
            return json.load(text), outcome


class Usage(unittest.TestCase):
    def test_help_and_version(self):
        for arguments, part in ((["--help"], "pipeline"),
                                (["--version"], "gq-bench "),
                                (["engine", "--help"], "--batch"),
                                (["pipeline", "--help"], "--streams"),
                                (["live", "--help"], "--rate")):
            outcome = run(*arguments)
            self.assertEqual(outcome.returncode, 0)
            self.assertIn(part, outcome.stdout)
            self.assertEqual(outcome.stderr, "")

    def test_wrong_usage_is_two_and_one_line(self):
        for arguments in ([], ["nonsense"], ["engine", "--nonsense"],
                          ["engine", "--batch", "0"],
                          ["engine", "--batch", "1,,2"],
                          ["engine", "--batch", "1x"],
                          ["engine", "--precision", "half"],
                          ["engine", "--rounds", "0"],
                          ["engine", "--seconds", "nan"],
                          ["pipeline", "--size", "1920"],
                          ["pipeline", "--size", "8x8"],
                          ["pipeline", "--streams", "0"],
                          ["pipeline", "--frames", "5", "--warmup", "5"],
                          ["pipeline", "a.mp4", "b.mp4"],
                          ["live", "--rate", "0"],
                          ["live", "--seconds", "0"],
                          ["live", "a.mp4", "b.mp4"]):
            outcome = run(*arguments)
            self.assertEqual(outcome.returncode, 2, arguments)
            self.assertEqual(outcome.stdout, "", arguments)
            self.assertEqual(len(outcome.stderr.splitlines()), 1,
                             outcome.stderr)


class Document(unittest.TestCase):
    def check_frame(self, document, command):
        self.assertEqual(document["format"], "gq-bench")
        self.assertEqual(document["format_version"], 1)
        self.assertEqual(document["command"], command)
        self.assertIs(document["complete"], True)
        machine = document["machine"]
        for key in ("cpu", "isa", "cores", "cores_online", "governor",
                    "memory_mib", "load_average", "gpus", "kernel", "system"):
            self.assertIn(key, machine)
        self.assertEqual(machine["cores"], len(os.sched_getaffinity(0)))
        self.assertEqual(len(machine["load_average"]), 3)
        self.assertGreater(machine["memory_mib"], 0)

    def check_rounds(self, value, rounds):
        self.assertEqual(len(value["rounds"]), rounds)
        self.assertEqual(value["min"], min(value["rounds"]))
        self.assertEqual(value["max"], max(value["rounds"]))
        self.assertLessEqual(value["min"], value["median"])
        self.assertLessEqual(value["median"], value["max"])

    def test_engine(self):
        document, outcome = bench(self, "engine", MODEL, "--batch", "1,3",
                                  "--precision", "fp32", *SHORT)
        self.check_frame(document, "engine")
        results = document["results"]
        self.assertEqual([r["batch"] for r in results], [1, 3])
        for result in results:
            self.assertEqual(result["model"], MODEL)
            self.assertEqual(result["computes_in"], "fp32")
            self.assertEqual(result["runs_on"], "cpu")
            self.assertEqual(result["mean_batch"], result["batch"])
            self.check_rounds(result["crops_per_s"], 2)
            self.assertGreater(result["crops_per_s"]["min"], 0)
            latency = result["latency_ms"]
            self.assertGreaterEqual(latency["count"], 6)
            self.assertLessEqual(latency["p50"], latency["p99"])
            self.assertLessEqual(latency["p99"], latency["max"])
            self.assertGreater(result["peak_memory_mib"], 10)
        self.assertEqual(len(outcome.stdout.splitlines()), 3)

    def test_one_that_fails_takes_no_other_along(self):
        document, outcome = bench(
            self, "engine", "/nonexistent.safetensors", MODEL, "--batch", "1",
            "--device", "cpu", *SHORT, code=1)
        first, second = document["results"]
        self.assertIn("/nonexistent.safetensors", first["error"])
        self.assertNotIn("crops_per_s", first)
        self.assertGreater(second["crops_per_s"]["median"], 0)
        self.assertEqual(len(outcome.stderr.splitlines()), 1)

    def check_pipeline(self, result, streams, frames):
        self.assertEqual(result["streams"], streams)
        for key in ("without", "with"):
            self.check_rounds(result[key]["fps"], 1)
            self.assertGreater(result[key]["fps"]["min"], 0)
            self.assertGreater(result[key]["cpu_cores"]["min"], 0)
            self.assertEqual(result[key]["frames"], frames * streams)
        self.assertGreater(result["with"]["latency_p50_ms"]["median"], 0)
        self.assertAlmostEqual(
            result["fps_share"], result["with"]["fps"]["median"] /
            result["without"]["fps"]["median"])

    def test_pipeline(self):
        document, outcome = bench(
            self, "pipeline", "--model", MODEL, "--size", "64x48", "--frames",
            "20", "--warmup", "4", "--rounds", "1", "--streams", "1,2",
            "--interval", "2", "--properties", "max-in-flight=3 message=true")
        self.check_frame(document, "pipeline")
        for result, streams in zip(document["results"], (1, 2)):
            self.check_pipeline(result, streams, 16)
            self.assertEqual(result["with"]["scored_share"], 0.5)
            self.assertIsNone(result["without"]["scored_share"])
        self.assertEqual(len(outcome.stdout.splitlines()), 3)

    def test_pipeline_of_a_file(self):
        document, _ = bench(self, "pipeline", CLIP, "--model", MODEL,
                            "--rounds", "1", "--interval", "50")
        self.assertEqual(document["settings"]["source"], CLIP)
        self.check_pipeline(document["results"][0], 1, 75)

    def test_a_file_that_is_none(self):
        document, outcome = bench(self, "pipeline", "/nonexistent.mp4",
                                  "--model", MODEL, "--rounds", "1", code=1)
        self.assertIn("error", document["results"][0])
        self.assertEqual(len(outcome.stderr.splitlines()), 1)

    def test_live(self):
        document, outcome = bench(
            self, "live", "--model", MODEL, "--size", "64x48", "--rate", "50",
            "--seconds", "1", "--warmup", "0.5", "--rounds", "2", "--streams",
            "2")
        self.check_frame(document, "live")
        self.assertEqual(document["settings"]["rate"], 50)
        result, = document["results"]
        self.assertEqual(result["streams"], 2)
        for key in ("without", "with"):
            self.assertGreater(result[key]["frames"], 20)
            self.assertEqual(result[key]["lost"], 0)
            self.assertLessEqual(result[key]["delay_ms"]["p50"],
                                 result[key]["delay_ms"]["p99"])
        self.assertIsNone(result["without"]["age_ms"])
        self.assertNotIn("scored_per_s", result["without"])
        scored = result["with"]["scored_per_s"]
        self.assertGreater(scored["least"], 0)
        self.assertEqual(len(scored["streams"]), 2)
        self.assertGreater(result["with"]["age_ms"]["count"], 20)
        self.assertEqual(result["with"]["frames_failed"], 0)
        self.assertEqual(len(outcome.stdout.splitlines()), 2)

    def test_live_of_a_file_that_is_too_short(self):
        document, _ = bench(self, "live", CLIP, "--model", MODEL, "--seconds",
                            "600", "--warmup", "0", code=1)
        self.assertIn("ends before", document["results"][0]["error"])

    def test_an_interrupt_keeps_what_is_done(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out.json")
            # The second batch would take long.
            with subprocess.Popen(
                    [PROGRAM, "engine", MODEL, "--batch", "1,512", "--rounds",
                     "20", "--seconds", "0", "--warmup", "0", "--json", path],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                    start_new_session=True) as process:
                titles = process.stdout.readline()
                first = process.stdout.readline()
                os.killpg(process.pid, signal.SIGINT)
                process.communicate(timeout=300)
            self.assertIn("crops/s", titles)
            self.assertIn("fp32" if "fp32" in first else "bf16", first)
            self.assertEqual(process.returncode, 130)
            with open(path, encoding="utf-8") as text:
                document = json.load(text)
            self.assertIs(document["complete"], False)
            self.assertEqual([r["batch"] for r in document["results"]], [1])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
