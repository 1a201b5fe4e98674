# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""What soak.py measures of a monitor that runs."""
import math
import re
import threading
import time
import urllib.request

EVERY_S = 10
PAGES = ('/', '/api/v1/channels')


class Meter(threading.Thread):
    """Memory in MiB, threads and open files, every ten seconds."""

    def __init__(self, monitor):
        super().__init__(daemon=True)
        self.monitor, self.rows = monitor, []
        self.over = threading.Event()
        self.begin = time.monotonic()

    def run(self):
        while True:
            self.rows.append(self.row())
            if self.over.wait(EVERY_S):
                return

    def row(self):
        with open(f'/proc/{self.monitor.process.pid}/smaps_rollup',
                  encoding='utf-8') as file:
            text = file.read()

        def mib(name):
            return round(int(re.search(rf'^{name}:\s*(\d+)', text, re.M)[1])
                         / 1024, 1)
        return {'s': round(time.monotonic() - self.begin),
                'rss_mib': mib('Rss'), 'heap_mib': mib('Anonymous'),
                'threads': self.monitor.threads(),
                'files': self.monitor.descriptors()}


class Prober(threading.Thread):
    """Asks for the page and the wall, as a browser would; keeps the times."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.base = f'http://127.0.0.1:{port}'
        self.times, self.failed = [], 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.25):
            for page in PAGES:
                begin = time.monotonic()
                try:
                    with urllib.request.urlopen(self.base + page,
                                                timeout=30) as answer:
                        answer.read()
                except OSError:
                    self.failed += 1
                self.times.append((time.monotonic() - begin) * 1000)

    def quantile(self, share):
        """Milliseconds."""
        ordered = sorted(self.times)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def slope_mib_per_hour(rows):
    """Of the straight line through the resident memory, by least squares."""
    times = [row['s'] for row in rows]
    sizes = [row['rss_mib'] for row in rows]
    middle = sum(times) / len(times)
    mean = sum(sizes) / len(sizes)
    spread = sum((t - middle) ** 2 for t in times)
    if spread == 0:
        return 0.0
    return 3600 * sum((t - middle) * (m - mean)
                      for t, m in zip(times, sizes)) / spread
