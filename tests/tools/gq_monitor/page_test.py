#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""The status page in a headless Chromium, on channels that are made up.

Skipped where there is no Chromium. Usage: page_test.py PAGE_FOLDER
"""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

PAGE = sys.argv[1]
BROWSER = shutil.which('chromium') or shutil.which('chromium-browser')
DEADLINE_S = 120
TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css',
         '.svg': 'image/svg+xml'}


def channel(name, **changes):
    return {'id': name, 'name': name, 'state': 'playing', 'reason': '',
            'since': '2026-03-01T00:00:00Z', 'picture': 'normal',
            'maintenance': False, 'alarms': [], 'recent': [70, None, 71],
            'error_seconds': {'hour': 0, 'day': 0}, 'thumbnail_at': None,
            'score': 71.4, 'uncertainty': 3, 'distortion': 'jpeg',
            'confidence': .8, 'level': 2.5, 'usual_score': None} | changes


def gone(name, state, **changes):
    """As the monitor tells of a channel that does not play."""
    return channel(name, state=state, picture=None, score=None, uncertainty=None,
                   distortion=None, confidence=None, level=None, **changes)


def alarm(kind):
    return {'id': 1, 'kind': kind, 'severity': 'critical', 'reason': '',
            'raised_at': '2026-03-01T00:00:00Z', 'acknowledged': False}


DETAILS = {'uri': 'udp://239.0.0.1:5000', 'mode': 'live', 'reconnects': 0,
           'frames': {'scored': 9, 'failed': 0}, 'model': 'm',
           'alarm_settings': {'low-score': {'enabled': True, 'below': 40}}}


class FakeMonitor:
    """Serves the page and, unless None, these channels."""

    def __init__(self, channels):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                kind, body = answer(self.path.partition('?')[0], channels)
                self.send_response(200 if body else 503)
                self.send_header('Content-Type', kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}/'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def answer(path, channels):
    """@returns media type and body, empty where there is none"""
    if not path.startswith('/api/'):
        file = os.path.join(PAGE, os.path.basename(path) or 'index.html')
        with open(file, 'rb') as content:
            return TYPES[os.path.splitext(file)[1]], content.read()
    if channels is None:
        return 'application/json', b''
    if path == '/api/v1/events':
        return ('text/event-stream',
                f'event: channels\ndata: {json.dumps(channels)}\n\n'.encode())
    what = {'/history': {'step_s': 10, 'points': []},
            '/moments': {'moments': []}, '/alarms': {'alarms': []}}
    for end, value in what.items():
        if path.endswith(end):
            return 'application/json', json.dumps(value).encode()
    return 'application/json', json.dumps(channels[0] | DETAILS).encode()


def shown(channels, place=''):
    """The page's body after a while, as HTML."""
    monitor = FakeMonitor(channels)
    try:
        with tempfile.TemporaryDirectory() as profile:
            return subprocess.run(
                [BROWSER, '--headless', '--no-sandbox', '--disable-gpu',
                 f'--user-data-dir={profile}', '--virtual-time-budget=4000',
                 '--dump-dom', monitor.url + place], capture_output=True,
                text=True, check=True, timeout=DEADLINE_S).stdout
    finally:
        monitor.close()


def text_of(html):
    body = html[html.index('<header'):html.index('<dialog')]
    return ' '.join(re.sub(r'<[^>]*>', ' ', body).split())


def card(html, name):
    return next(part for part in html.split('<li>') if f'channel/{name}"' in part)


class PageTest(unittest.TestCase):
    def test_a_type_is_named_only_where_it_is_clear(self):
        html = shown([channel('sure'), channel('edge', confidence=.5),
                      channel('guess', confidence=.49),
                      channel('clean', distortion='none'),
                      channel('untrained', distortion=None, confidence=None)])
        self.assertIn('jpeg, level 2.5', card(html, 'sure'))
        self.assertIn('jpeg, level 2.5', card(html, 'edge'))
        self.assertIn('no clear distortion', card(html, 'guess'))
        self.assertNotIn('jpeg', card(html, 'guess'))
        self.assertIn('no distortion', card(html, 'clean'))
        self.assertNotIn('distortion', card(html, 'untrained'))
        self.assertIn('5 of 5 playing · ● no alarm', text_of(html))

    def test_lost_channels_look_and_read_lost(self):
        html = shown([channel('fine'), gone('ended', 'stopped'),
                      gone('lost', 'waiting', reason='no data',
                           alarms=[alarm('signal-lost')])])
        self.assertIn('class="card good"', card(html, 'fine'))
        self.assertIn('class="card good idle"', card(html, 'ended'))
        self.assertIn('class="card critical lost idle"', card(html, 'lost'))
        self.assertIn('lost, score –, no data, ■ signal-lost',
                      card(html, 'lost'))
        self.assertIn('1 of 3 playing · ▲ 1 alarm on 1 channel', text_of(html))

    def test_nothing_is_said_of_channels_before_the_first_answer(self):
        self.assertIn('Waiting for the monitor', text_of(shown(None)))
        self.assertNotIn('playing', text_of(shown(None)))
        empty = text_of(shown([]))
        self.assertIn('The configuration has no channels.', empty)
        self.assertNotIn('Waiting for', empty)

    def test_the_channel_page_tells_the_guess_too(self):
        text = text_of(shown([channel('one', confidence=.31)], '#/channel/one'))
        self.assertIn('Picture no clear distortion', text)
        self.assertIn('Most likely jpeg, confidence 0.31', text)
        self.assertIn('Score 71.4 ± 3.0', text)
        text = text_of(shown([gone('one', 'stalled')], '#/channel/one'))
        self.assertIn('Score – Usual', text)

    def test_scores_of_a_bad_picture_are_dimmed(self):
        black = channel('one', picture='black')
        html = card(shown([black]), 'one')
        self.assertIn('class="card good idle"', html)
        self.assertIn('one, score 71, not counted while black, black', html)
        self.assertIn('Score 71.4 ± 3.0, not counted while black',
                      text_of(shown([black], '#/channel/one')))


if __name__ == '__main__':
    if not BROWSER:
        print('skipped: Chromium is not installed')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
