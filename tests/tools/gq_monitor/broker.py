# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""An MQTT broker, mosquitto, with a subscriber to all alarms."""
import json
import signal
import socket
import subprocess
import threading

from support import free_port, wait_for


class Broker:
    """Mosquitto, which keeps what its subscriber has not got yet. It is asked
    to end, not killed: what it took and lost would be no fault of ours."""

    def __init__(self, folder, take=None):
        """Hands events to `take`, or keeps their ids."""
        self.port = free_port()
        self.config = folder + '/mosquitto.conf'
        with open(self.config, 'w', encoding='utf-8') as out:
            out.write(f'listener {self.port} 127.0.0.1\nallow_anonymous true\n'
                      f'persistence true\npersistence_location {folder}/\n'
                      'max_queued_messages 0\nuser root\n')
        self.process = None
        self.events = []
        self.take = take or (lambda event: self.events.append(event['id']))
        self.start()
        wait_for('broker', self.listens)
        self.subscriber = subprocess.Popen(
            ['mosquitto_sub', '-p', str(self.port), '-q', '1', '-c', '-i',
             'subscriber', '-t', 'graphiqa/+/alarm'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.subscriber.stdout:
            self.take(json.loads(line))

    def start(self):
        self.process = subprocess.Popen(
            ['mosquitto', '-c', self.config], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(('127.0.0.1', self.port)) == 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def end(self):
        self.subscriber.kill()
        if self.process.poll() is None:
            self.stop()
