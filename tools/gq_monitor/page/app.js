// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Which page is shown, what comes live, and the keys.

import {follow} from '/api.js';
import {ChannelPage} from '/channel.js';
import {plural, severity} from '/dom.js';
import {Wall} from '/wall.js';

const main = document.getElementById('main');
const wall = new Wall();
let page = null;
let channels = null;  // until the monitor has answered

function trouble() {
  const alarms = channels.reduce((sum, one) => sum + one.alarms.length, 0);
  const alarmed = channels.filter((one) => one.alarms.length > 0).length;
  if (alarms > 0) {
    return `▲ ${plural(alarms, 'alarm')} on ${plural(alarmed, 'channel')}`;
  }
  const bad = channels.filter((one) => severity(one) !== 'good').length;
  return bad > 0 ? `▲ ${plural(bad, 'channel')} not playing` : '● no alarm';
}

function showSummary() {
  if (!channels) return;
  const playing = channels.filter((one) => one.state === 'playing').length;
  document.getElementById('summary').textContent =
    `${playing} of ${channels.length} playing · ${trouble()}`;
}

function update() {
  showSummary();
  if (!page) {
    wall.update(channels);
    return;
  }
  const channel = channels && channels.find((one) => one.id === page.id);
  if (channel) page.update(channel);
}

function route() {
  if (page) page.close();
  page = null;
  const match = /^#\/channel\/([a-z0-9._-]+)$/.exec(location.hash);
  if (match) {
    page = new ChannelPage(match[1]);
    main.replaceChildren(page.root);
  } else {
    document.title = 'graphiqa';
    main.replaceChildren(wall.root);
  }
  scrollTo(0, 0);
  update();
}

function onEvent(type, data) {
  if (type === 'channels') {
    channels = data;
    update();
  } else if (type === 'alarm' && page && data.alarm.channel === page.id) {
    page.refresh();
  }
}

function onKey(event) {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === '/' && !typing && !page) {
    wall.search.focus();
    event.preventDefault();
  } else if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    if (page) location.hash = '#/';
    else document.activeElement.blur();
  }
}

addEventListener('hashchange', route);
addEventListener('keydown', onKey);
route();
follow(onEvent, (up) => {
  document.getElementById('link').textContent =
    up ? 'live' : '▲ no connection, trying again';
});
