// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// One channel: curve, distortion timeline, worst moments, alarms.

import {getJson, loadPicture, postJson} from '/api.js';
import {scoreChart} from '/chart.js';
import {idle, lost, make, number, scoreText, severity, stateText, time, whatText} from '/dom.js';

const kRefreshMs = 10000;
const kNameKey = 'graphiqa-name';

function panel(title, ...children) {
  return make('section', {class: 'panel'}, make('h2', {}, title), ...children);
}

/** Asks for a name and a comment. @returns null when cancelled */
function askAcknowledge(alarm) {
  const dialog = document.getElementById('ack-dialog');
  const by = document.getElementById('ack-by');
  const comment = document.getElementById('ack-comment');
  document.getElementById('ack-what').textContent = `${alarm.kind}: ${alarm.reason}`;
  by.value = localStorage.getItem(kNameKey) || '';
  comment.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener('close', () => {
      if (dialog.returnValue !== 'ok') return done(null);
      localStorage.setItem(kNameKey, by.value);
      done({by: by.value, comment: comment.value});
    }, {once: true});
  });
}

export class ChannelPage {
  constructor(id) {
    this.id = id;
    this.path = `/api/v1/channels/${id}`;
    this.range = 'hour';
    this.image = make('img', {alt: 'Newest picture', hidden: true});
    this.shot = make('div', {class: 'shot'}, this.image,
      make('span', {class: 'gone'}, 'no signal'));
    this.title = make('h1', {}, id);
    this.state = make('p', {class: 'state'});
    this.facts = make('dl', {class: 'facts'});
    this.chart = make('div');
    this.moments = make('ul', {class: 'moments'});
    this.alarms = make('div', {class: 'scroll'});
    this.buttons = ['hour', 'day'].map((range) => make('button',
      {type: 'button', onclick: () => this.setRange(range)}, range));
    this.problem = make('p', {role: 'alert', hidden: true});
    this.root = make('div', {}, make('p', {}, make('a', {href: '#/'}, '← All channels')),
      this.title, this.problem, make('div', {class: 'columns'},
        make('div', {},
          panel(make('span', {}, 'Score ', make('span', {class: 'tools'}, ...this.buttons)), this.chart),
          panel('Alarms', this.alarms)),
        make('div', {},
          make('section', {class: 'panel'}, this.shot, this.state, this.facts),
          panel('Worst moments of the last 24 hours', this.moments))));
    this.setRange('hour');
    this.timer = setInterval(() => this.refresh(), kRefreshMs);
  }

  close() {
    clearInterval(this.timer);
  }

  setRange(range) {
    this.range = range;
    for (const button of this.buttons) {
      button.setAttribute('aria-pressed', String(button.textContent === range));
    }
    this.refresh();
  }

  /** Called with each state of the channel that comes. */
  update(channel) {
    this.title.textContent = channel.name;
    document.title = `${channel.name} · graphiqa`;
    this.state.className = `state ${severity(channel)}`;
    this.state.textContent = stateText(channel);
    this.shot.classList.toggle('lost', lost(channel));
    if (channel.thumbnail_at !== this.shown) {
      this.shown = channel.thumbnail_at;
      loadPicture(this.image, `${this.path}/thumbnail`);
    }
    this.live = channel;
    this.showFacts();
  }

  showFacts() {
    const live = this.live;
    const details = this.details;
    if (!live || !details) return;
    const score = `${number(live.score, 1)} ± ${number(live.uncertainty, 1)}`;
    const rows = [
      ['Score', make('span', {class: idle(live) ? 'empty' : ''},
        scoreText(live, score))],
      ['Usual score', number(live.usual_score, 1)],
      ['Picture', whatText(live) || live.picture || '–'],
      ['Most likely', live.distortion
        ? `${live.distortion}, confidence ${number(live.confidence, 2)}` : '–'],
      ['State', `${live.state} since ${time(live.since)}`],
      ['Error seconds', `${live.error_seconds.hour} in the last hour, ` +
        `${live.error_seconds.day} in the last day`],
      ['Source', details.uri],
      ['Mode', details.mode || '–'],
      ['Reconnects', String(details.reconnects)],
      ['Frames scored', `${details.frames.scored}` +
        (details.frames.failed ? `, ${details.frames.failed} failed` : '')],
      ['Model', details.model || '–'],
    ];
    this.facts.replaceChildren(...rows.flatMap(([name, value]) =>
      [make('dt', {}, name), make('dd', {}, value)]));
  }

  async refresh() {
    try {
      const [details, history, moments, alarms] = await Promise.all([
        getJson(this.path), getJson(`${this.path}/history?range=${this.range}`),
        getJson(`${this.path}/moments`),
        getJson(`/api/v1/alarms?state=all&channel=${this.id}&limit=100`)]);
      this.details = details;
      this.problem.hidden = true;
      this.update(details);
      this.showChart(history);
      this.showMoments(moments.moments);
      this.showAlarms(alarms.alarms);
    } catch (error) {
      this.problem.hidden = false;
      this.problem.textContent = error.message;
    }
  }

  showChart(history) {
    const low = this.details.alarm_settings['low-score'];
    const chart = scoreChart(history, this.range, low.enabled ? low.below : null);
    const legend = make('ul', {class: 'legend'});
    for (const [name, colour] of chart.legend) {
      const sign = make('i');
      sign.style.background = colour;
      legend.append(make('li', {}, sign, name));
    }
    this.chart.replaceChildren(chart.svg, legend, make('p', {class: 'empty'}, chart.text));
  }

  showMoments(moments) {
    const key = moments.map((moment) => moment.id).join();
    if (key === this.momentsShown) return;
    this.momentsShown = key;
    this.moments.replaceChildren(...moments.map((moment) => {
      const image = make('img', {alt: `Picture at ${time(moment.time)}`});
      loadPicture(image, `${this.path}/moments/${moment.id}`);
      const level = moment.level === null ? '' : `, level ${number(moment.level, 1)}`;
      return make('li', {}, image, make('b', {}, number(moment.score, 1)),
        ` ${new Date(moment.time).toLocaleTimeString()}`,
        moment.distortion ? make('div', {class: 'empty'}, moment.distortion + level) : '');
    }));
    if (moments.length === 0) {
      this.moments.append(make('li', {class: 'empty'}, 'None yet.'));
    }
  }

  async acknowledge(alarm) {
    const answer = await askAcknowledge(alarm);
    if (!answer) return;
    try {
      await postJson(`/api/v1/alarms/${alarm.id}/acknowledge`, answer);
    } catch (error) {
      this.problem.hidden = false;
      this.problem.textContent = error.message;
    }
    this.refresh();
  }

  alarmRow(alarm) {
    let last = make('td', {}, alarm.acknowledged_at
      ? `${alarm.acknowledged_by}${alarm.comment ? `: ${alarm.comment}` : ''}` : '–');
    if (!alarm.cleared_at && !alarm.acknowledged_at) {
      last = make('td', {}, make('button', {type: 'button',
        onclick: () => this.acknowledge(alarm)}, 'Acknowledge'));
    }
    const open = alarm.cleared_at ? 'good' : alarm.severity;
    return make('tr', {},
      make('td', {}, make('span', {class: `state ${open}`}, alarm.kind)),
      make('td', {}, alarm.reason), make('td', {}, time(alarm.raised_at)),
      make('td', {}, alarm.cleared_at ? time(alarm.cleared_at) : 'open'), last);
  }

  showAlarms(alarms) {
    const key = JSON.stringify(alarms);
    if (key === this.alarmsShown) return;
    this.alarmsShown = key;
    if (alarms.length === 0) {
      this.alarms.replaceChildren(make('p', {class: 'empty'}, 'None.'));
      return;
    }
    const head = ['Alarm', 'Reason', 'Raised', 'Cleared', 'Acknowledged'];
    this.alarms.replaceChildren(make('table', {},
      make('thead', {}, make('tr', {}, ...head.map((text) => make('th', {}, text)))),
      make('tbody', {}, ...alarms.map((alarm) => this.alarmRow(alarm)))));
  }
}
