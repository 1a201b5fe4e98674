# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Sources of video on the loopback, made with GStreamer."""
import functools
import http.server
import os
import threading
import time

import gi
gi.require_version('Gst', '1.0')
gi.require_version('GstApp', '1.0')
from gi.repository import GLib, Gst, GstApp  # noqa: E402, F401
try:
    gi.require_version('GstRtspServer', '1.0')
    from gi.repository import GstRtspServer
except ValueError:
    GstRtspServer = None

Gst.init(None)

ENCODERS = {
    'h264': 'x264enc tune=zerolatency key-int-max=10 speed-preset=ultrafast '
            'threads=1 ! h264parse config-interval=-1',
    'h265': 'x265enc tune=zerolatency key-int-max=10 speed-preset=ultrafast '
            'option-string="pools=none:frame-threads=1:log-level=none" '
            '! h265parse config-interval=-1',
    'mpeg2': 'video/x-raw,format=I420 ! mpeg2enc format=8 constraints=false '
             '! mpegvideoparse',
}
SIZE = 'video/x-raw,width=%d,height=%d,framerate=25/1'


def video(codec='h264'):
    """Live video, encoded; its size is that of the capsfilter `size`."""
    return ('videotestsrc is-live=true pattern=ball ! capsfilter name=size '
            f'caps={SIZE % (160, 120)} ! videoconvert name=raw ! '
            f'{ENCODERS[codec]}')


class Sender:
    """A pipeline that plays until it is stopped."""

    def __init__(self, launch):
        self.pipeline = Gst.parse_launch(launch)
        self.pipeline.set_state(Gst.State.PLAYING)

    def resize(self, width, height):
        caps = Gst.Caps.from_string(SIZE % (width, height))
        self.pipeline.get_by_name('size').set_property('caps', caps)

    def jump(self, seconds):
        """From now on timestamps are so much later."""
        pad = self.pipeline.get_by_name('raw').get_static_pad('src')
        pad.set_offset(pad.get_offset() + int(seconds * Gst.SECOND))

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)

    def ended(self):
        """Waits for the end of a pipeline that ends by itself."""
        message = self.pipeline.get_bus().timed_pop_filtered(
            60 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        assert message and message.type == Gst.MessageType.EOS, message
        self.stop()


RATE = 25
PROGRAMME_CAPS = f'video/x-raw,format=I420,width=640,height=360,framerate={RATE}/1'


def pictures(file, through='identity'):
    """All pictures of a video as raw bytes, having gone through elements."""
    pipeline = Gst.parse_launch(
        f'filesrc location="{file}" ! decodebin ! videoconvert ! {through} ! '
        f'videoscale ! {PROGRAMME_CAPS} ! appsink name=sink sync=false')
    sink = pipeline.get_by_name('sink')
    pipeline.set_state(Gst.State.PLAYING)
    found = []
    while sample := sink.emit('pull-sample'):
        buffer = sample.get_buffer()
        found.append(buffer.extract_dup(0, buffer.get_size()))
    pipeline.set_state(Gst.State.NULL)
    assert found, file
    return found


class Programme(Sender):
    """MPEG-TS over UDP, a demo clip over and over: a good picture and, while
    asked, a degraded one, the clip of the lowest rate at a quarter of its
    width. The encoder's rate is the same for both."""

    def __init__(self, port, clips):
        quarter = 'videoscale ! video/x-raw,width=160,height=90'
        self.good = pictures(f'{clips}/bunny-high.mp4')
        self.bad = pictures(f'{clips}/bunny-low.mp4', quarter)
        self.degraded = False
        self.over = threading.Event()
        super().__init__(
            f'appsrc name=pictures is-live=true format=time caps={PROGRAMME_CAPS} '
            '! x264enc tune=zerolatency key-int-max=25 speed-preset=ultrafast '
            'bitrate=4000 threads=1 ! h264parse config-interval=-1 ! '
            f'mpegtsmux alignment=7 ! {udp(port)}')
        self.thread = threading.Thread(target=self._play, daemon=True)
        self.thread.start()

    def _play(self):
        source = self.pipeline.get_by_name('pictures')
        begin = time.monotonic()
        number = 0
        while not self.over.wait(max(0, begin + number / RATE - time.monotonic())):
            shown = self.bad if self.degraded else self.good
            buffer = Gst.Buffer.new_wrapped(shown[number % len(shown)])
            buffer.pts = number * Gst.SECOND // RATE
            buffer.duration = Gst.SECOND // RATE
            source.emit('push-buffer', buffer)
            number += 1

    def stop(self):
        self.over.set()
        self.thread.join()
        super().stop()


def udp(port, loss=0.0):
    return (f'identity drop-probability={loss} ! '
            f'udpsink host=127.0.0.1 port={port} sync=false')


def ts(port, codec='h264', loss=0.0):
    """MPEG-TS over UDP."""
    return Sender(f'{video(codec)} ! mpegtsmux alignment=7 ! {udp(port, loss)}')


def rtp_ts(port, loss=0.0):
    return Sender(f'{video()} ! mpegtsmux alignment=7 ! rtpmp2tpay ! '
                  f'{udp(port, loss)}')


def rtp(port, loss=0.0):
    """H.264 over RTP, payload type 96."""
    return Sender(f'{video()} ! rtph264pay mtu=500 ! {udp(port, loss)}')


def srt(port):
    """MPEG-TS over SRT; it listens, whoever calls may watch."""
    return Sender(f'{video()} ! mpegtsmux alignment=7 ! srtsink '
                  f'uri=srt://127.0.0.1:{port}?mode=listener '
                  'wait-for-connection=false sync=false')


def have_srt():
    return Gst.ElementFactory.find('srtsink') is not None


def write_sdp(file, port):
    with open(file, 'w', encoding='utf-8') as out:
        out.write('v=0\no=- 0 0 IN IP4 127.0.0.1\ns=graphiqa\n'
                  f'c=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n'
                  'a=rtpmap:96 H264/90000\n')


def hls(folder):
    """A live playlist, live.m3u8."""
    return Sender(f'{video()} ! hlssink2 target-duration=1 playlist-length=4 '
                  f'max-files=8 location={folder}/%05d.ts '
                  f'playlist-location={folder}/live.m3u8')


def clip(file, frames=75):
    """A finished file."""
    Sender(f'videotestsrc num-buffers={frames} pattern=ball ! '
           f'{SIZE % (160, 120)} ! videoconvert ! {ENCODERS["h264"]} ! '
           f'matroskamux ! filesink location={file}').ended()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # the monitor ends a download whenever it likes


class HttpFolder:
    """Serves a folder, whole files only."""

    def __init__(self, folder, port=0):
        self.server = http.server.ThreadingHTTPServer(
            ('127.0.0.1', port), functools.partial(_Quiet, directory=folder))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class RtspSource:
    """An RTSP server with the stream /live; it can go and come back."""

    def __init__(self, port):
        self.port = port
        self.loop = GLib.MainLoop()
        threading.Thread(target=self.loop.run, daemon=True).start()
        self.start()

    def start(self):
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address('127.0.0.1')
        self.server.set_service(str(self.port))
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f'( {video()} ! rtph264pay name=pay0 pt=96 )')
        factory.set_shared(True)
        self.server.get_mount_points().add_factory('/live', factory)
        self.source = self.server.attach(None)

    def stop(self):
        self.server.client_filter(
            lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)
        GLib.source_remove(self.source)
        self.server = None


def have_rtsp():
    return GstRtspServer is not None


def in_folder(folder, *names):
    """The folder, made, with these below it."""
    path = os.path.join(folder, *names)
    os.makedirs(path, exist_ok=True)
    return path
