# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks."""
import http.server
import json
import threading


class Receiver(threading.Thread):
    """Takes webhooks and hands their events to `take`, or keeps them."""

    def __init__(self, port, take=None):
        super().__init__(daemon=True)
        self.events = []
        taken = take or self.events.append

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers['Content-Length'])
                taken(json.loads(self.rfile.read(size)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(('127.0.0.1', port), Handler)
        self.start()

    def run(self):
        self.server.serve_forever()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
