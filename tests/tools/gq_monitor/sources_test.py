#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""gq-monitor on sources as they are in the world: RTP, SDP, HLS, RTSP, SRT,
HTTP, with losses, restarts, other sizes and codecs, clocks that jump.

Every trouble has a channel of its own in one monitor, and all come at the same
time. Each channel must come back, the untroubled one must notice nothing, and
the second round of all troubles must not cost threads, files or memory.
Without the Python bindings of GStreamer it is skipped; without those of its
RTSP server only RTSP is, without the element srtsink only SRT.
Usage: sources_test.py GQ_MONITOR
"""
import concurrent.futures
import os
import socket
import sys
import tempfile
import time
import traceback

# Demultiplexers of GStreamer complain about troubles that they can bear.
os.environ.pop('G_DEBUG', None)

try:
    import gi
    gi.require_version('Gst', '1.0')
except (ImportError, ValueError):
    # The python3 that meson found may not be the system's.
    if os.path.realpath(sys.executable) != os.path.realpath('/usr/bin/python3'):
        os.execv('/usr/bin/python3', ['/usr/bin/python3', *sys.argv])
    print('skipped: python3-gi or gir1.2-gstreamer-1.0 is not installed')
    sys.exit(77)

import senders  # noqa: E402
from support import MonitorProcess, free_port, wait_for  # noqa: E402

SETTINGS = '''
defaults:
  max-rate: 0
  connect-timeout: 8s
  stall-after: 2s
  restart-after: 2s
  retry: {first: 200ms, longest: 1s}
  alarms:
    low-score: false
    drop: false
    black: false
    frozen: false
    flat: false
    signal-lost: {raise-after: 300ms, clear-after: 300ms}
channels:
'''
HOUR = 3600
RATE, FRAMES = 25, 15
# What the second round of the same troubles may leave behind.
MORE_THREADS, MORE_FILES, MORE_MIB = 4, 4, 12


class Sources:
    """A monitor and what it watches, one channel for each trouble."""

    def __init__(self, program, folder):
        self.ports = {name: free_port(socket.SOCK_DGRAM) for name in (
            'steady', 'loss-ts', 'loss-rtp', 'rtp-ts', 'sdp', 'restart', 'size',
            'codec', 'clock', 'noise')}
        self.senders = {name: senders.ts(self.ports[name]) for name in (
            'steady', 'restart', 'size', 'codec', 'clock', 'noise')}
        self.senders['loss-ts'] = senders.ts(self.ports['loss-ts'], loss=0.05)
        self.senders['loss-rtp'] = senders.rtp(self.ports['loss-rtp'], 0.05)
        self.senders['rtp-ts'] = senders.rtp_ts(self.ports['rtp-ts'], 0.05)
        self.senders['sdp'] = senders.rtp(self.ports['sdp'])
        self.web = senders.in_folder(folder, 'web')
        self.server = senders.HttpFolder(self.web)
        self.senders['hls'] = senders.hls(self.web)
        senders.clip(self.web + '/clip.mkv')
        senders.write_sdp(folder + '/live.sdp', self.ports['sdp'])
        self.rtsp = None
        if senders.have_rtsp():
            self.rtsp = senders.RtspSource(free_port())
        if senders.have_srt():
            self.ports['srt'] = free_port(socket.SOCK_DGRAM)
            self.senders['srt'] = senders.srt(self.ports['srt'])
        wait_for('playlist', lambda: os.path.exists(self.web + '/live.m3u8'))
        self.monitor = MonitorProcess(program, folder)
        self.monitor.write(self.settings(folder))
        self.monitor.start()

    def uris(self, folder):
        uris = {name: f'udp://127.0.0.1:{port}'
                for name, port in self.ports.items()}
        for name, more in (('loss-rtp', '?encoding-name=H264'), ('rtp-ts', '')):
            uris[name] = f'rtp://127.0.0.1:{self.ports[name]}{more}'
        uris['sdp'] = f'sdp://{folder}/live.sdp'
        if 'srt' in self.ports:
            uris['srt'] = f'srt://127.0.0.1:{self.ports["srt"]}'
        web = f'http://127.0.0.1:{self.server.port}'
        uris |= {'hls': web + '/live.m3u8', 'http': web + '/clip.mkv'}
        if self.rtsp:
            uris['rtsp'] = f'rtsp://127.0.0.1:{self.rtsp.port}/live'
        return uris

    def settings(self, folder):
        return SETTINGS + ''.join(
            f'  - {{id: {name}, uri: "{uri}", loop: {name == "http"}}}\n'
            .replace('True', 'true').replace('False', 'false')
            for name, uri in self.uris(folder).items())

    def comes_back(self, name):
        """Plays, and more frames are scored from now on."""
        begin = self.monitor.channel(name)['frames']['scored']

        def plays():
            now = self.monitor.channel(name)
            return (now['state'] == 'playing' and
                    now['frames']['scored'] >= begin + FRAMES)
        try:
            wait_for(f'{name} plays', plays, 40)
        except AssertionError as error:
            raise AssertionError(f'{error}: {self.monitor.channel(name)}')

    def is_lost(self, name):
        wait_for(name + ' is lost', lambda: [
            alarm for alarm in self.monitor.channel(name)['alarms']
            if alarm['kind'] == 'signal-lost'], 20)

    def is_found(self, name):
        wait_for(name + ' is found', lambda: not
                 self.monitor.channel(name)['alarms'], 40)

    def mostly_plays(self, name, seconds=4):
        """Without many breaks, and not a frame now and then only."""
        states = []
        begin = self.monitor.channel(name)['frames']['in']
        for _ in range(seconds * 5):
            states.append(self.monitor.channel(name)['state'])
            time.sleep(0.2)
        if states.count('playing') < 0.8 * len(states):
            raise AssertionError(f'{name}: {states}')
        frames = self.monitor.channel(name)['frames']['in'] - begin
        if frames < RATE * seconds / 4:
            raise AssertionError(f'{name}: {frames} frames in {seconds} s')

    def replace(self, name, make):
        self.senders[name].stop()
        self.senders[name] = make()

    # One method for each trouble, named after its channel.

    def loss_ts(self):
        self.mostly_plays('loss-ts')

    def loss_rtp(self):
        self.mostly_plays('loss-rtp')

    def rtp_ts(self):
        self.mostly_plays('rtp-ts')

    def sdp(self):
        self.replace('sdp', lambda: senders.rtp(self.ports['sdp']))

    def hls(self):
        self.senders['hls'].stop()
        self.is_lost('hls')
        self.senders['hls'] = senders.hls(self.web)
        self.is_found('hls')

    def http(self):
        """The server cannot seek: each end of the clip is a new attempt."""
        before = self.monitor.channel('http')['reconnects']
        wait_for('second time', lambda:
                 self.monitor.channel('http')['reconnects'] > before, 20)

    def rtsp_restart(self):
        self.mostly_plays('rtsp')
        self.rtsp.stop()
        self.is_lost('rtsp')
        self.rtsp.start()
        self.is_found('rtsp')

    def restart(self, name='restart', make=senders.ts):
        self.senders[name].stop()
        self.is_lost(name)
        self.senders[name] = make(self.ports[name])
        self.is_found(name)

    def size(self):
        for width, height in ((320, 240), (176, 144), (160, 120)):
            self.senders['size'].resize(width, height)
            time.sleep(0.5)
            self.comes_back('size')
        if self.monitor.channel('size')['reconnects'] != 0:
            raise AssertionError('another size is no reason to start anew')

    def codec(self):
        for codec in ('mpeg2', 'h265', 'h264'):
            self.replace('codec', lambda c=codec:
                         senders.ts(self.ports['codec'], c))
            time.sleep(0.5)
            self.comes_back('codec')

    def clock(self):
        self.senders['clock'].jump(HOUR)
        time.sleep(0.5)
        self.comes_back('clock')
        # A new multiplexer begins at zero: an hour back.
        self.replace('clock', lambda: senders.ts(self.ports['clock']))

    def noise(self):
        self.senders['noise'].stop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(300):
                sender.sendto(os.urandom(1316),
                              ('127.0.0.1', self.ports['noise']))
                time.sleep(0.01)
        self.senders['noise'] = senders.ts(self.ports['noise'])

    def each(self, troubles):
        """All at once, then each channel comes back; says all that fails."""
        def one(name):
            try:
                troubles[name]()
                self.comes_back(name)
                return None
            except Exception:  # all are told, not the first alone
                return name + ': ' + traceback.format_exc(limit=2)
        with concurrent.futures.ThreadPoolExecutor(len(troubles)) as pool:
            wrong = [text for text in pool.map(one, troubles) if text]
        if wrong:
            raise SystemExit('\n'.join(wrong))

    def start(self, folder):
        self.each({name: lambda: None for name in self.uris(folder)})

    def round(self):
        troubles = {
            'loss-ts': self.loss_ts, 'loss-rtp': self.loss_rtp,
            'rtp-ts': self.rtp_ts, 'sdp': self.sdp, 'hls': self.hls,
            'http': self.http, 'restart': self.restart, 'size': self.size,
            'codec': self.codec, 'clock': self.clock, 'noise': self.noise}
        if self.rtsp:
            troubles['rtsp'] = self.rtsp_restart
        if 'srt' in self.ports:
            troubles['srt'] = lambda: self.restart('srt', senders.srt)
        self.each(troubles)

    def usage(self):
        time.sleep(1)  # what ends may do so
        return (self.monitor.threads(), self.monitor.descriptors(),
                round(self.monitor.resident_mib(), 1))

    def check_steady(self):
        steady = self.monitor.channel('steady')
        if steady['state'] != 'playing' or steady['reconnects'] != 0:
            raise SystemExit(f'the untroubled channel: {steady}')
        log = self.monitor.log()
        if '"channel":"steady","state":"stalled"' in log:
            raise SystemExit('the untroubled channel has stalled')

    def end(self):
        for sender in self.senders.values():
            sender.stop()
        self.server.stop()
        self.monitor.kill()


def check_usage(first, second):
    print(f'threads, files, MiB: {first} after one round, {second} after two')
    for before, after, more in zip(first, second,
                                   (MORE_THREADS, MORE_FILES, MORE_MIB)):
        if after > before + more:
            raise SystemExit('something grows')


def main():
    with tempfile.TemporaryDirectory() as folder:
        sources = Sources(sys.argv[1], folder)
        try:
            sources.start(folder)
            sources.round()
            first = sources.usage()
            sources.round()
            check_usage(first, sources.usage())
            sources.check_steady()
            if sources.monitor.stop() != 0:
                raise SystemExit(sources.monitor.log())
        finally:
            sources.end()
    print('all channels came back')
    if not senders.have_rtsp():
        print('RTSP not tried: gir1.2-gst-rtsp-server-1.0 is missing')
    if not senders.have_srt():
        print('SRT not tried: the element srtsink is missing')


if __name__ == '__main__':
    main()
