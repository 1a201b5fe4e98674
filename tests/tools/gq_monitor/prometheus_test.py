#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Metrics, rules and dashboard with the real promtool and Prometheus.

Skipped where they are not installed. Usage: prometheus_test.py GQ_MONITOR
CLIP_FOLDER DEPLOY_FOLDER
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from support import DEADLINE_S, free_port, wait_for

MONITOR, CLIPS, DEPLOY = sys.argv[1:4]


def get(url, accept='*/*'):
    try:
        request = urllib.request.Request(url, headers={'Accept': accept})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        raise SystemExit(f'{url}: {error.read().decode()}') from error
    except OSError:
        return ''


def check_files():
    for command in (['check', 'rules', 'alert-rules.yml'],
                    ['test', 'rules', 'alert-rules-test.yml'],
                    ['check', 'config', 'prometheus.yml']):
        subprocess.run(['promtool', *command], cwd=DEPLOY, check=True,
                       stdout=subprocess.DEVNULL)


def write_configs(folder, port):
    with open(f'{folder}/monitor.yaml', 'w', encoding='utf-8') as out:
        out.write(f'''
http: {{port: {port}}}
storage: {{folder: {folder}/storage}}
outputs: {{webhooks: [{{name: hook, url: "http://127.0.0.1:9/"}}]}}
channels:
  - id: one
    uri: {CLIPS}/bunny-low.mp4
    loop: true
    connect-timeout: 100s
    alarms:
      low-score: {{below: 100, clear-above: 100, raise-after: 1s}}
      drop: {{window: 1s, baseline: 10s, warm-up: 1s}}
''')
    with open(f'{folder}/prometheus.yml', 'w', encoding='utf-8') as out:
        out.write(f'''
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ['{DEPLOY}/alert-rules.yml']
scrape_configs:
  - job_name: gq-monitor
    static_configs: [{{targets: ['127.0.0.1:{port}']}}]
''')


def check_histogram(text, name):
    """Buckets grow to the count, and something was counted."""
    lines = dict(line.rsplit(' ', 1) for line in text.splitlines()
                 if line.startswith(name))
    buckets = [float(value) for line, value in lines.items() if '{le=' in line]
    if (not 9 <= len(buckets) <= 12 or buckets != sorted(buckets) or
            not buckets[-1] == float(lines[name + '_count']) > 0 or
            float(lines[name + '_sum']) <= 0):
        raise SystemExit(f'{name}: {lines}')


def check_metrics(base):
    for accept in ('text/plain', 'application/openmetrics-text'):
        text = get(base + '/metrics', accept)
        check_histogram(text, 'graphiqa_engine_scoring_latency_seconds')
        check_histogram(text, 'graphiqa_engine_batch_views')
        if accept == 'text/plain':
            end = subprocess.run(['promtool', 'check', 'metrics'], input=text,
                                 text=True, capture_output=True, check=False)
            if end.returncode != 0:
                raise SystemExit(end.stdout + end.stderr)
        elif not text.endswith('# EOF\n'):
            raise SystemExit('OpenMetrics without its end')


def query(base, expression):
    text = get(base + '/api/v1/query?query=' + urllib.parse.quote(expression))
    return json.loads(text)['data']['result'] if text else []


def check_dashboard(base):
    with open(f'{DEPLOY}/grafana-dashboard.json', encoding='utf-8') as file:
        dashboard = json.load(file)
    for panel in dashboard['panels']:
        for target in panel['targets']:
            expression = target['expr'].replace('$channel', '.*')
            wait_for(f"data for '{panel['title']}': {expression}",
                     lambda e=expression: query(base, e))


def main():
    if not (shutil.which('prometheus') and shutil.which('promtool')):
        print('skipped: prometheus and promtool are not installed')
        sys.exit(77)
    check_files()
    port, prometheus_port = free_port(), free_port()
    base = f'http://127.0.0.1:{port}'
    prometheus = f'http://127.0.0.1:{prometheus_port}'
    with tempfile.TemporaryDirectory() as folder:
        write_configs(folder, port)
        processes = [
            # One engine for all, as the real ones: its passes are counted.
            subprocess.Popen([MONITOR, f'{folder}/monitor.yaml'],
                             env=os.environ | {'GRAPHIQA_MODEL': 'fake:shared'},
                             stdout=subprocess.DEVNULL),
            subprocess.Popen(
                ['prometheus', f'--config.file={folder}/prometheus.yml',
                 f'--storage.tsdb.path={folder}/tsdb',
                 f'--web.listen-address=127.0.0.1:{prometheus_port}'],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
        try:
            wait_for('a score', lambda: 'graphiqa_channel_score{' in
                     get(base + '/metrics'))
            check_metrics(base)
            check_dashboard(prometheus)
            wait_for('the alert', lambda: query(
                prometheus, 'ALERTS{alertname="GraphiqaAlarm",kind="low-score"}'))
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(DEADLINE_S)
    print('rules, metrics, dashboard and alert are fine')


if __name__ == '__main__':
    main()
