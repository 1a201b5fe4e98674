#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""How long a degraded part of a stream takes to raise an alarm and clear it.

MPEG-TS over UDP on the loopback is good, then degraded, then good again, a few
times over; gq-monitor watches it with the shipped model and the example's times.
Prints when `raised` and `cleared` reached a webhook receiver and a subscriber of
a real broker; fails when one is missing or came while the picture was right.
Not part of `meson test`. Needs mosquitto, mosquitto-clients and x264enc; with
the system's python3:

  GST_PLUGIN_PATH=build/gst /usr/bin/python3 \\
  tests/tools/gq_monitor/degraded_part.py build/tools/gq_monitor/gq-monitor
"""
import argparse
import pathlib
import socket
import statistics
import sys
import tempfile
import time

import senders
from broker import Broker
from support import MonitorProcess, free_port, wait_for
from webhook_receiver import Receiver

CLIPS = pathlib.Path(__file__).resolve().parents[3] / 'pipelines/clips'
RAISE_S, CLEAR_S = 5, 10  # as in docs/example.yaml
DEADLINE_S = 60


class Arrivals:
    """When each output got which type of event."""

    def __init__(self):
        self.of = {'webhook': [], 'mqtt': []}

    def taker(self, output):
        return lambda event: self.of[output].append(
            (event['type'], event['alarm']['kind'], time.monotonic()))

    def next(self, wanted, since):
        """Seconds until both outputs got an event of the type `wanted`."""
        def all_came():
            return all(events for events in self.of.values())
        wait_for(f'{wanted} on both outputs', all_came, DEADLINE_S)
        first = {name: events.pop(0) for name, events in self.of.items()}
        for name, (came, kind, _) in first.items():
            if (came, kind) != (wanted, 'low-score'):
                raise AssertionError(f'{name}: {kind} {came}, not {wanted}')
        return {name: event[2] - since for name, event in first.items()}

    def none(self):
        if any(self.of.values()):
            raise AssertionError(f'an event without reason: {self.of}')


def settings(port, hook, broker, args):
    return f'''
outputs:
  webhooks: [{{name: hook, url: "http://127.0.0.1:{hook}/"}}]
  mqtt: [{{name: plant, host: 127.0.0.1, port: {broker}}}]
channels:
  - id: programme
    uri: udp://127.0.0.1:{port}
    alarms:
      low-score: {{below: {args.below}, clear-above: {args.clear_above},
                   raise-after: {RAISE_S}s, clear-after: {CLEAR_S}s}}
      drop: false
'''


def part(programme, arrivals, args):
    """One degraded part. @returns times by event and output"""
    time.sleep(args.good_s)
    arrivals.none()
    programme.degraded = True
    begin = time.monotonic()
    raised = arrivals.next('raised', begin)
    time.sleep(max(0, begin + args.degraded_s - time.monotonic()))
    arrivals.none()
    programme.degraded = False
    return {'raised': raised, 'cleared': arrivals.next('cleared', time.monotonic())}


def report(parts):
    after = {'raised': 'the start of the degraded part', 'cleared': 'its end'}
    for event, moment in after.items():
        for output in ('webhook', 'mqtt'):
            times = [one[event][output] for one in parts]
            print(f'{event} on {output}: {statistics.mean(times):.2f} s after '
                  f'{moment} ({min(times):.2f} to {max(times):.2f})')


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('program', help='gq-monitor')
    parser.add_argument('--parts', type=int, default=3)
    parser.add_argument('--good-s', type=float, default=15, help='before each part')
    parser.add_argument('--degraded-s', type=float, default=20)
    parser.add_argument('--below', type=float, default=60)
    parser.add_argument('--clear-above', type=float, default=65)
    return parser.parse_args()


def run(args, folder):
    arrivals = Arrivals()
    port, hook = free_port(socket.SOCK_DGRAM), free_port()
    receiver = Receiver(hook, arrivals.taker('webhook'))
    broker = Broker(folder, arrivals.taker('mqtt'))
    programme = senders.Programme(port, CLIPS)
    monitor = MonitorProcess(args.program, folder)
    try:
        monitor.write(settings(port, hook, broker.port, args))
        monitor.start()
        wait_for('a score', lambda: monitor.channel('programme').get('score'))
        report([part(programme, arrivals, args) for _ in range(args.parts)])
        time.sleep(2)
        arrivals.none()
        return monitor.stop()
    finally:
        monitor.kill()
        programme.stop()
        broker.end()
        receiver.close()


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run(args, folder))


if __name__ == '__main__':
    main()
