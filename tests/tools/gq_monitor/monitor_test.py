#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""gq-monitor as a process, on the fake engine: start, alarms, webhooks while
the receiver is down, reload, restart, ending.

Usage: monitor_test.py GQ_MONITOR CLIP_FOLDER
"""
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from support import DEADLINE_S, MonitorProcess, free_port, wait_for
from webhook_receiver import Receiver

MONITOR, CLIPS = sys.argv[1:3]


class MonitorTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.monitor = MonitorProcess(MONITOR, self.folder.name)
        self.hook = free_port()

    def tearDown(self):
        self.monitor.kill()
        self.folder.cleanup()

    def write(self, low_below, more=''):
        clip = os.path.join(CLIPS, 'bunny-low.mp4')
        self.monitor.write(f'''
outputs:
  webhooks: [{{name: hook, url: "http://127.0.0.1:{self.hook}/"}}]
channels:
  - id: one
    uri: {clip}
    loop: true
    max-rate: 0
    connect-timeout: 100s
    stall-after: 100s
    alarms:
      drop: false
      black: false
      frozen: false
      flat: false
      low-score: {{below: {low_below}, clear-above: {low_below},
                   raise-after: 300ms, clear-after: 300ms}}
{more}''')

    def stop(self):
        self.assertEqual(self.monitor.stop(), 0, self.monitor.log())

    def channel(self, name='one'):
        return self.monitor.channel(name)

    def reload(self):
        self.monitor.process.send_signal(signal.SIGHUP)

    def test_alarms_reach_the_receiver_whatever_is_down(self):
        self.write(100)
        self.monitor.start()
        wait_for('alarm', lambda: self.channel().get('alarms'))
        metrics = self.monitor.get('/metrics')
        self.assertIn('graphiqa_alarm_raised{channel="one",kind="low-score",'
                      'severity="warning"} 1', metrics)
        # New limits clear it; the pipeline plays on.
        self.write(0)
        self.reload()
        wait_for('clear', lambda: not self.channel()['alarms'])
        self.assertEqual(self.channel()['state'], 'playing')
        self.assertEqual(self.channel()['reconnects'], 0)
        # Nobody has listened so far, and now the monitor itself goes.
        self.stop()
        receiver = Receiver(self.hook)
        self.monitor.start()
        wait_for('events', lambda: len(receiver.events) >= 2)
        receiver.close()
        self.assertEqual([event['type'] for event in receiver.events],
                         ['raised', 'cleared'])
        self.stop()

    def test_a_mistake_is_refused_and_the_old_one_goes_on(self):
        self.write(0)
        self.monitor.start()
        wait_for('playing', lambda: self.channel().get('state') == 'playing')
        self.write(0, '    no-such-key: 1\n')
        self.reload()
        wait_for('refusal', lambda: 'config-refused' in self.monitor.log())
        self.assertIn('no-such-key: unknown key', self.monitor.log())
        self.assertEqual(self.channel()['reconnects'], 0)
        self.write(0, '  - {id: two, uri: "udp://127.0.0.1:9"}\n')
        self.reload()
        wait_for('second channel', lambda: self.channel('two').get('id'))
        self.assertEqual(self.channel()['reconnects'], 0)
        self.write(0)
        self.reload()
        wait_for('one channel again', lambda: '"two"' not in
                 self.monitor.get('/api/v1/channels'))
        self.stop()

    def test_what_is_wrong_at_the_start_is_one_clear_line(self):
        self.write(0, '    no-such-key: 1\n')
        for command in ([MONITOR, '--check', self.monitor.config],
                        [MONITOR, self.monitor.config]):
            end = subprocess.run(command, capture_output=True, text=True,
                                 check=False, timeout=DEADLINE_S)
            self.assertEqual(end.returncode, 1)
            self.assertEqual(end.stderr.count('\n'), 1, end.stderr)
            self.assertRegex(end.stderr, r'gq-monitor: .*monitor.yaml:\d+: '
                             r'channels\[0\].no-such-key: unknown key')
        self.write(0)
        os.environ['GRAPHIQA_ENGINE'] = '/nonexistent.so'
        try:
            end = subprocess.run([MONITOR, self.monitor.config], capture_output=True,
                                 text=True, check=False, timeout=DEADLINE_S)
        finally:
            os.environ['GRAPHIQA_ENGINE'] = ENGINE
        self.assertEqual(end.returncode, 1)
        self.assertIn('the engine does not start', end.stderr)


ENGINE = os.environ['GRAPHIQA_ENGINE']

if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
