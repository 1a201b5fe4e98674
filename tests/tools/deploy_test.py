#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the command lines of deploy/ as a cluster would, each part once, and
checks that together they score every file. Needs PyYAML.

usage: deploy_test.py GQ_SCORE FAKE_ENGINE DEPLOY_FOLDER
"""
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("skipped: PyYAML not found")
    sys.exit(77)

GQ_SCORE, FAKE_ENGINE, DEPLOY = sys.argv[1:4]
FILES = 12


def make_archive(folder):
    folder.mkdir()
    for i in range(FILES):
        (folder / f"{i}.pgm").write_bytes(b"P5 64 64 255\n"
                                          + bytes([40 + 10 * i]) * 4096)


def check(results, parts):
    names = []
    for i in range(parts):
        with open(results / f"scores-{i}.csv", encoding="utf-8") as rows:
            names += [os.path.basename(r["file"]) for r in csv.DictReader(rows)]
        assert (results / f"report-{i}.html").exists(), i
    assert sorted(names) == sorted(f"{i}.pgm" for i in range(FILES)), names


def run(command, environment):
    subprocess.run(
        command, check=True, timeout=120, stdout=subprocess.DEVNULL,
        env=dict(os.environ, GRAPHIQA_ENGINE=FAKE_ENGINE, GRAPHIQA_MODEL="fake:",
                 PATH=f"{os.path.dirname(GQ_SCORE)}:{os.environ['PATH']}",
                 **environment))


def kubernetes(work):
    path = pathlib.Path(DEPLOY) / "kubernetes/gq-score-archive.yaml"
    with open(path, encoding="utf-8") as text:
        job = yaml.safe_load(text)
    spec = job["spec"]
    assert job["apiVersion"] == "batch/v1" and job["kind"] == "Job"
    assert spec["completionMode"] == "Indexed"
    pod = spec["template"]["spec"]
    assert pod["restartPolicy"] == "Never"  # podFailurePolicy asks for it
    container = pod["containers"][0]
    rule = spec["podFailurePolicy"]["rules"][0]["onExitCodes"]
    assert rule["containerName"] == container["name"]
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounts = {m["name"]: m["mountPath"] for m in container["volumeMounts"]}
    assert volumes == set(mounts)
    results = work / "results"
    results.mkdir()
    for index in range(spec["completions"]):
        arguments = []
        for argument in container["args"]:
            argument = argument.replace("$(JOB_COMPLETION_INDEX)", str(index))
            assert "$(" not in argument, argument
            for name, path in (("archive", work / "archive"),
                               ("results", results)):
                argument = re.sub(f"(^|=){mounts[name]}(?=/|$)",
                                  lambda m, p=path: m[1] + str(p), argument)
            arguments.append(argument)
        run(container["command"] + arguments, {})
    check(results, spec["completions"])


def slurm(work):
    script = pathlib.Path(DEPLOY) / "slurm/gq-score-archive.sh"
    text = script.read_text(encoding="utf-8")
    last = int(re.search(r"#SBATCH --array=0-(\d+)", text)[1])
    results = work / "slurm results"
    for index in range(last + 1):
        run(["bash", str(script), str(work / "archive"), str(results),
             "--interval", "25"],
            {"SLURM_ARRAY_TASK_ID": str(index),
             "SLURM_ARRAY_TASK_COUNT": str(last + 1),
             "SLURM_CPUS_PER_TASK": "1"})
    check(results, last + 1)


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        make_archive(work / "archive")
        kubernetes(work)
        slurm(work)


if __name__ == "__main__":
    main()
