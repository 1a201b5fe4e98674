# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of gq-monitor as a process share."""
import socket
import time

DEADLINE_S = 120


def wait_for(what, holds):
    """Asks again and again; returns the first answer that is true."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError('never happened: ' + what)


def free_port():
    """A TCP port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
