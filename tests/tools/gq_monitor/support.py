# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of gq-monitor as a process share."""
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request

DEADLINE_S = 120


def wait_for(what, holds, deadline_s=DEADLINE_S):
    """Asks again and again; returns the first answer that is true."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError('never happened: ' + what)


def free_port(kind=socket.SOCK_STREAM):
    """A port of the loopback that nobody listens on."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class MonitorProcess:
    """A gq-monitor with a folder of its own for configuration, log, storage."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = str(folder)
        self.port = free_port()
        self.log_file = os.path.join(self.folder, 'log')
        self.config = os.path.join(self.folder, 'monitor.yaml')
        self.process = None

    def write(self, settings):
        """The configuration; settings: YAML without http.port and storage."""
        with open(self.config, 'w', encoding='utf-8') as out:
            out.write(f'http: {{port: {self.port}}}\n'
                      f'storage: {{folder: {self.folder}/storage}}\n{settings}')

    def start(self):
        with open(self.log_file, 'ab') as log:
            self.process = subprocess.Popen([self.program, self.config],
                                            stdout=log, stderr=log)
        wait_for('ready', lambda: self.get('/readyz'))

    def get(self, path):
        """The body of the answer; None when there is none."""
        try:
            url = f'http://127.0.0.1:{self.port}{path}'
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.read().decode()
        except OSError:
            if self.process.poll() is not None:
                raise AssertionError('the monitor ended: ' + self.log())
            return None

    def channel(self, name):
        return json.loads(self.get('/api/v1/channels/' + name) or '{}')

    def log(self):
        with open(self.log_file, encoding='utf-8') as log:
            return log.read()

    def resident_mib(self):
        return self._status('VmRSS') / 1024

    def threads(self):
        return self._status('Threads')

    def descriptors(self):
        return len(os.listdir(f'/proc/{self.process.pid}/fd'))

    def _status(self, name):
        with open(f'/proc/{self.process.pid}/status', encoding='utf-8') as file:
            return int(re.search(rf'^{name}:\s*(\d+)', file.read(), re.M)[1])

    def stop(self):
        """Asks it to end; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE_S)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
