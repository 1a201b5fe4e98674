#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""gq-score --html as a user runs it, with the fake engine of tests/gst and with
small real models.

usage: html_report_test.py GQ_SCORE FAKE_ENGINE MODELS_FOLDER
"""
import base64
import csv
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import page_reader

GQ_SCORE, FAKE_ENGINE, MODELS = sys.argv[1:4]
ODD_NAME = b'<b>&"\'\xc3\xa4\xff.png'
DEADLINE_S = 500


def make_video(path, frames, pattern="ball", width=160):
    subprocess.run(
        ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={frames}",
         f"pattern={pattern}", "!",
         f"video/x-raw,width={width},height=120,framerate=10/1", "!", "jpegenc",
         "!", "matroskamux", "!", "filesink", f"location={path}"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_image(path, value):
    """A PGM: a grey gradient around a value."""
    row = bytes(max(0, min(255, value + (20 if x % 2 else -20)))
                for x in range(96))
    with open(path, "wb") as out:
        out.write(b"P5 96 80 255\n" + row * 80)


class HtmlReport(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.media = tempfile.mkdtemp()
        make_video(os.path.join(cls.media, "v.mkv"), 30)
        make_video(os.path.join(cls.media, "w.mkv"), 30, "gradient")
        make_video(os.path.join(cls.media, "black.mkv"), 12, "black")
        make_image(os.path.join(cls.media, "a.pgm"), 102)
        make_image(os.path.join(cls.media, "b.pgm"), 180)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.media)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name in os.listdir(self.media):
            os.symlink(os.path.join(self.media, name), self.folder / name)

    def run_score(self, *arguments, model="fake:", wanted=0):
        environment = dict(os.environ)
        environment.pop("GRAPHIQA_ENGINE", None)
        if model.startswith("fake:"):
            environment["GRAPHIQA_ENGINE"] = FAKE_ENGINE
        else:
            model = os.path.join(MODELS, model + ".safetensors")
        result = subprocess.run(
            [GQ_SCORE, "--model", model, "--device", "cpu", *arguments],
            cwd=self.folder, env=environment, capture_output=True,
            timeout=DEADLINE_S, check=False)
        self.assertEqual(result.returncode, wanted, result.stderr)
        return result

    def rows(self, name):
        with open(self.folder / name, encoding="utf-8") as text:
            return list(csv.DictReader(text))

    def page(self, name="r.html"):
        text = (self.folder / name).read_bytes().decode("utf-8")
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        page = page_reader.Page(text)
        self.assertEqual(page_reader.problems(page), [])
        self.assertEqual([p for p in os.listdir(self.folder) if ".tmp" in p],
                         [])
        return page

    def test_videos_images_and_failures_on_one_page(self):
        self.run_score("--html", "r.html", "v.mkv", "black.mkv", "a.pgm",
                       "missing.mkv", wanted=1)
        page = self.page()
        text = page.text()
        for part in ("160 × 120, 10 fps", "30 frames scored", "fake (0123abcd)",
                     "Worst frames", "Distribution of scores", "black picture",
                     "96 × 80", "missing.mkv", "No such file or directory",
                     "every frame of a video"):
            self.assertIn(part, text)
        self.assertEqual(len(page.all("section", id="f1")), 1)
        # Nothing about heads that are not trained.
        self.assertNotIn("confidence", text)
        self.assertIn("not trained: type of distortion, level", text)
        # Black pictures are no worst frames.
        self.assertEqual([i for i in page.ids() if i.startswith("f2-w")], [])
        images = page.all("img")
        self.assertGreaterEqual(len(images), 3)
        for image in images:
            jpeg = base64.b64decode(image["src"].partition(",")[2],
                                    validate=True)
            self.assertEqual(jpeg[:3], b"\xff\xd8\xff")
        self.assertLess(page.bytes, 400000)

    def test_the_curve_is_the_csv(self):
        self.run_score("--html", "r.html", "-o", "r.csv", "v.mkv")
        rows = self.rows("r.csv")
        data = self.page().data[0]["sets"][0]
        self.assertEqual(len(rows), 30)
        for row, seconds, value in zip(rows, data["t"],
                                       data["fields"][0]["v"]):
            self.assertAlmostEqual(float(row["pts_s"]), seconds, places=3)
            self.assertAlmostEqual(float(row["score"]), value, delta=0.051)

    def test_trained_heads_are_drawn(self):
        self.run_score("--html", "r.html", "v.mkv", "a.pgm", model="fake:heads")
        page = self.page()
        self.assertIn("Most frequent distortion jpeg", page.text())
        self.assertEqual(len(page.with_class("gq-type")), 1)
        names = [f["name"] for f in page.data[0]["sets"][0]["fields"]]
        self.assertEqual(names, ["Score", "Distortion", "Level"])

    def test_real_models_with_and_without_heads(self):
        for model, heads in (("tiny", False), ("tiny_all_heads", True)):
            self.run_score("--html", "r.html", "--interval", "15", "v.mkv",
                           "a.pgm", model=model)
            page = self.page()
            self.assertEqual(bool(page.with_class("gq-type")), heads, model)
            self.assertEqual("of 5" in page.text(), heads, model)
            self.assertIn("one frame in 15 of a video", page.text())

    def test_the_policy_lets_only_our_script_run(self):
        self.run_score("--html", "r.html", "v.mkv")
        text = (self.folder / "r.html").read_text(encoding="utf-8")
        scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
        self.assertEqual(len(scripts), 1)
        digest = hashlib.sha256(scripts[0].encode("utf-8")).digest()
        self.assertIn("script-src 'sha256-"
                      + base64.b64encode(digest).decode() + "'", text)

    def test_odd_names_are_only_text(self):
        odd = os.path.join(os.fsencode(self.folder), ODD_NAME)
        os.symlink(os.path.join(os.fsencode(self.media), b"a.pgm"), odd)
        self.run_score("--html", "r.html", ODD_NAME, b"</script>.mkv",
                       wanted=1)
        page = self.page()
        self.assertIn('<b>&"\'ä\ufffd.png', page.text())
        self.assertIn("</script>.mkv", page.text())

    def test_compared_files_share_one_chart(self):
        self.run_score("--html", "r.html", "--compare", "v.mkv", "w.mkv")
        page = self.page()
        self.assertEqual([s["name"] for s in page.data[0]["sets"]],
                         ["v.mkv", "w.mkv"])
        self.assertIn("compare-score-t", page.ids())
        self.assertEqual(len(page.with_class("key-curve")), 2)
        self.assertIn("Differences are to the first file, v.mkv", page.text())

    def test_wrong_usage(self):
        for arguments in (["--html", ""], ["--compare", "v.mkv", "w.mkv"],
                          ["--html", "r.html", "--compare", "v.mkv"],
                          ["--html", "r.html", "--compare"] + ["v.mkv"] * 9,
                          ["--html", "r.csv", "-o", "r.csv", "v.mkv"],
                          ["--html", "r.html", "--resume", "--summary", "-o",
                           "r.csv", "v.mkv"],
                          ["--html", "r.html", "--compare", "--shard", "0/2",
                           "v.mkv", "w.mkv"],
                          ["--shard", "2/2", "v.mkv"]):
            result = self.run_score(*arguments, wanted=2)
            self.assertEqual(len(result.stderr.splitlines()), 1, arguments)
        self.assertFalse((self.folder / "r.html").exists())

    def test_a_page_that_cannot_be_written_is_said_at_once(self):
        result = self.run_score("--html", "no/such/r.html", "-o", "r.csv",
                                "v.mkv", wanted=1)
        self.assertIn(b"no/such/r.html", result.stderr)
        self.assertFalse((self.folder / "r.csv").exists())

    def interrupted(self, *arguments):
        """Runs a slow model and stops it once three rows are written."""
        environment = dict(os.environ, GRAPHIQA_ENGINE=FAKE_ENGINE)
        with subprocess.Popen(
                [GQ_SCORE, "--model", "fake:delay-ms=100", *arguments],
                cwd=self.folder, env=environment,
                stderr=subprocess.PIPE) as process:
            deadline = time.monotonic() + DEADLINE_S
            output = self.folder / "r.csv"
            while (not output.exists()
                   or output.read_bytes().count(b"\n") < 4):
                self.assertIsNone(process.poll())
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=DEADLINE_S)
        self.assertEqual(process.returncode, 130)

    def test_interrupted_then_resumed(self):
        make_video(self.folder / "x.mkv", 80)
        files = ["a.pgm", "x.mkv", "w.mkv"]
        common = ["-j", "1", "-o", "r.csv", "--html", "r.html"]
        self.interrupted(*common, *files)
        text = self.page().text()
        self.assertIn("Partial: the run was stopped.", text)
        self.assertIn("1 file is here in part, 1 file is missing.", text)
        self.assertIn("Partial: the run was stopped in this file.", text)

        self.run_score(*common, "--resume", *files)
        page = self.page()
        self.assertNotIn("Partial", page.text())
        self.assertIn("1 file was scored by an earlier run", page.text())
        self.assertEqual(len(page.data), 2)
        self.assertEqual(len(page.data[0]["sets"][0]["t"]), 80)

    def test_resume_takes_everything_from_the_output(self):
        for output in ("r.csv", "r.jsonl"):
            common = ["-o", output, "v.mkv", "black.mkv", "a.pgm"]
            self.run_score("--html", "whole.html", *common, model="fake:heads")
            self.run_score("--html", "r.html", "--resume", *common,
                           model="fake:heads")
            whole, page = self.page("whole.html"), self.page()
            # a.pgm comes last, so that both videos are known to be complete.
            self.assertIn("3 files were scored by an earlier run", page.text())
            self.assertEqual(len(page.data), 2)
            for old, new in zip(whole.data, page.data):
                self.assert_alike(old["sets"], new["sets"])

    def assert_alike(self, old, new):
        """Equal but for the rounding of numbers that were written before."""
        if isinstance(old, list):
            self.assertEqual(len(old), len(new))
            for a, b in zip(old, new):
                self.assert_alike(a, b)
        elif isinstance(old, dict):
            self.assertEqual(old.keys(), new.keys())
            for key in old:
                self.assert_alike(old[key], new[key])
        elif isinstance(old, float):
            self.assertAlmostEqual(old, new, delta=0.101)
        else:
            self.assertEqual(old, new)

    def test_resume_names_a_row_that_is_broken(self):
        (self.folder / "r.csv").write_text(
            "file,frame,pts_s,score,uncertainty,distortion,confidence,level,"
            "picture,state\na.pgm,0,,much,1.5,,,,normal,fresh\n")
        result = self.run_score("--html", "r.html", "-o", "r.csv", "--resume",
                                "a.pgm", wanted=1)
        self.assertIn(b"r.csv: row 2: 'much'", result.stderr)

    def test_shards_are_disjoint_and_complete(self):
        archive = self.folder / "archive"
        archive.mkdir()
        for i in range(20):
            os.symlink(os.path.join(self.media, "a.pgm"), archive / f"{i}.pgm")
        names = []
        for i in range(3):
            self.run_score("--shard", f"{i}/3", "-o", f"{i}.csv", "--html",
                           f"{i}.html", "archive")
            names += [row["file"] for row in self.rows(f"{i}.csv")]
            self.assertIn(f"Part of the files {i}/3",
                          self.page(f"{i}.html").text())
        self.assertEqual(sorted(names),
                         sorted(f"archive/{i}.pgm" for i in range(20)))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
