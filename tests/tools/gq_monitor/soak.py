#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Lets everything around a gq-monitor die and come back, and counts the cost.

Channels on UDP, RTP, HTTP and files; their sources, an MQTT broker and a
webhook receiver stop and start at random while memory, threads, files and the
page's latency are measured. At the end everything must be up, every event must
have reached both outputs at least once and in order, and memory must not have
grown after the first third. Not part of `meson test`. Needs mosquitto,
mosquitto-clients and what sources_test.py needs; with the system's python3:

  GST_PLUGIN_PATH=build/gst GRAPHIQA_MODEL=fake:heads \\
  GRAPHIQA_ENGINE=build/tests/gst/libfake_engine.so \\
  /usr/bin/python3 tests/tools/gq_monitor/soak.py build/tools/gq_monitor/gq-monitor
"""
import argparse
import csv
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time

import senders
from broker import Broker
from soak_measure import Meter, Prober, slope_mib_per_hour
from support import MonitorProcess, free_port, wait_for
from webhook_receiver import Receiver

KINDS = ('udp', 'rtp', 'http', 'file')
UP_S, DOWN_S = (5, 60), (1, 20)     # of a source
OUTPUT_UP_S, OUTPUT_DOWN_S = (10, 90), (2, 30)
SETTLE_S = 120


class Source:
    """What one channel watches; a file never dies."""

    def __init__(self, number, folder):
        self.id = f'{KINDS[number % len(KINDS)]}-{number:02}'
        self.kind = KINDS[number % len(KINDS)]
        self.port = free_port(socket.SOCK_DGRAM if self.kind in ('udp', 'rtp')
                              else socket.SOCK_STREAM)
        self.folder = folder
        self.running = None

    def uri(self):
        return {'udp': f'udp://127.0.0.1:{self.port}',
                'rtp': f'rtp://127.0.0.1:{self.port}?encoding-name=H264',
                'http': f'http://127.0.0.1:{self.port}/clip.mkv',
                'file': f'{self.folder}/clip.mkv'}[self.kind]

    def start(self):
        if self.kind == 'http':
            self.running = senders.HttpFolder(self.folder, self.port)
        elif self.kind != 'file':
            make = senders.ts if self.kind == 'udp' else senders.rtp
            self.running = make(self.port)

    def stop(self):
        if self.running:
            self.running.stop()
        self.running = None


class Hook:
    """The webhook receiver."""

    def __init__(self):
        self.port = free_port()
        self.events = []
        self.start()

    def start(self):
        self.running = Receiver(self.port, lambda event:
                                self.events.append(event['id']))

    def stop(self):
        self.running.close()


class Chaos(threading.Thread):
    """Stops and starts one thing until told to leave it running."""

    def __init__(self, subject, seed, up_s, down_s):
        super().__init__(daemon=True)
        self.subject, self.up_s, self.down_s = subject, up_s, down_s
        self.random = random.Random(seed)
        self.over = threading.Event()
        self.deaths = 0

    def run(self):
        while not self.over.wait(self.random.uniform(*self.up_s)):
            self.subject.stop()
            self.deaths += 1
            self.over.wait(self.random.uniform(*self.down_s))
            self.subject.start()


def settings(sources, hook, broker):
    channels = ''.join(
        f'  - {{id: {one.id}, uri: "{one.uri()}", loop: true}}\n'
        for one in sources)
    return f'''
outputs:
  webhooks: [{{name: hook, url: "http://127.0.0.1:{hook.port}/"}}]
  mqtt: [{{name: plant, host: 127.0.0.1, port: {broker.port}}}]
defaults:
  connect-timeout: 5s
  stall-after: 2s
  restart-after: 3s
  retry: {{first: 500ms, longest: 5s}}
  alarms:
    low-score: {{below: 50, clear-above: 50, raise-after: 1s, clear-after: 1s}}
    signal-lost: {{raise-after: 1s, clear-after: 1s}}
channels:
{channels}'''


def events_of(log):
    """The events that the monitor says it had, in order."""
    found = []
    for line in log.splitlines():
        if '"event":"alarm-' not in line:
            continue
        entry = json.loads(line)
        found.append(f"{entry['alarm']['id']}-{entry['event'][len('alarm-'):]}")
    return found


def once(events):
    return list(dict.fromkeys(events))


def check_events(wanted, outputs):
    for name, got in outputs.items():
        missing = len(set(wanted) - set(got))
        ordered = once(got) == wanted
        print(f'{name}: {len(got)} deliveries of {len(wanted)} events, '
              f'{missing} missing, {"in" if ordered else "not in"} order')
        if missing or not ordered:
            yield f'{name} lost events or their order'


def waiting(monitor):
    status = json.loads(monitor.get('/api/v1/status'))
    return sum(output['waiting'] for output in status['outputs'])


def settle(monitor, sources, hook, broker):
    """With everything up: all channels play, nothing waits to be delivered."""
    wait_for('all channels play', lambda: all(
        channel['state'] == 'playing' for channel in
        json.loads(monitor.get('/api/v1/channels'))['channels']
        if not channel['id'].startswith('http')), SETTLE_S)
    for source in sources:
        source.stop()  # the last events: from here on nothing changes
    time.sleep(10)
    wait_for('nothing waits', lambda: waiting(monitor) == 0, SETTLE_S)
    time.sleep(2)
    return events_of(monitor.log()), {'webhook': list(hook.events),
                                      'mqtt': list(broker.events)}


def report(meter, prober, file):
    with open(file, 'w', newline='', encoding='utf-8') as out:
        writer = csv.DictWriter(out, meter.rows[0].keys())
        writer.writeheader()
        writer.writerows(meter.rows)
    for row in meter.rows[::max(1, len(meter.rows) // 20)] + meter.rows[-1:]:
        print('  '.join(f'{name} {value}' for name, value in row.items()))
    print(f'page: {len(prober.times)} requests, {prober.failed} failed, p50 '
          f'{prober.quantile(0.5):.1f} ms, p99 {prober.quantile(0.99):.1f} ms')


def verdict(meter, prober, args):
    late = meter.rows[len(meter.rows) // 3:]
    slope = slope_mib_per_hour(late)
    grown = slope * (late[-1]['s'] - late[0]['s']) / 3600
    print(f'memory after the first third: {slope:+.1f} MiB an hour, '
          f'{grown:+.1f} MiB in all')
    if grown > args.most_mib:
        yield f'memory grew by {grown:.1f} MiB'
    if prober.failed or prober.quantile(0.99) >= args.most_ms:
        yield 'the page is too slow'


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('program', help='gq-monitor')
    parser.add_argument('--channels', type=int, default=16)
    parser.add_argument('--minutes', type=float, default=30)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--calm', action='store_true',
                        help='nothing dies: what the channels alone cost')
    parser.add_argument('--csv', default='soak.csv')
    parser.add_argument('--most-mib', type=float, default=10,
                        help='growth of memory after the first third')
    parser.add_argument('--most-ms', type=float, default=100,
                        help='p99 of the page')
    return parser.parse_args()


def soak(args, folder):
    senders.clip(folder + '/clip.mkv', 500)
    sources = [Source(i, folder) for i in range(args.channels)]
    for source in sources:
        source.start()
    hook, broker = Hook(), Broker(folder)
    monitor = MonitorProcess(args.program, folder)
    monitor.write(settings(sources, hook, broker))
    monitor.start()
    meter, prober = Meter(monitor), Prober(monitor.port)
    chaos = [Chaos(one, args.seed + i, UP_S, DOWN_S)
             for i, one in enumerate(sources) if one.kind != 'file']
    chaos += [Chaos(one, args.seed + 1000 + i, OUTPUT_UP_S, OUTPUT_DOWN_S)
              for i, one in enumerate((hook, broker))]
    try:
        if args.calm:
            chaos = []
        for one in (meter, prober, *chaos):
            one.start()
        time.sleep(args.minutes * 60)
        for one in (prober, meter, *chaos):
            one.over.set()
        for one in (prober, meter, *chaos):
            one.join()
        print(f'{sum(one.deaths for one in chaos)} deaths, seed {args.seed}')
        report(meter, prober, args.csv)
        problems = list(check_events(*settle(monitor, sources, hook, broker)))
        problems += verdict(meter, prober, args)
        if monitor.stop() != 0:
            problems.append('the monitor did not end well')
        return problems
    finally:
        monitor.kill()
        broker.end()
        for source in sources:
            source.stop()


def main():
    os.environ.pop('G_DEBUG', None)  # demultiplexers complain of what they bear
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        problems = soak(args, folder)
    sys.exit('\n'.join(problems) if problems else 0)


if __name__ == '__main__':
    main()
