// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Talks to the monitor: requests with the token, pictures, server-sent events.

const kTokenKey = 'graphiqa-token';

function headers() {
  const token = sessionStorage.getItem(kTokenKey);
  return token ? {Authorization: `Bearer ${token}`} : {};
}

let asking = null;

/** Asks for the token once, however many requests were refused. */
function askToken() {
  if (asking) return asking;
  const dialog = document.getElementById('token-dialog');
  const input = document.getElementById('token');
  asking = new Promise((done) => {
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(kTokenKey, input.value);
      asking = null;
      done();
    }, {once: true});
    dialog.showModal();
  });
  return asking;
}

async function request(path, options = {}) {
  for (;;) {
    const answer = await fetch(path,
      {...options, headers: {...headers(), ...options.headers}});
    if (answer.status !== 401) return answer;
    await askToken();
  }
}

export async function getJson(path) {
  const answer = await request(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || answer.statusText);
  return body;
}

export async function postJson(path, body) {
  const answer = await request(path, {
    method: 'POST', body: JSON.stringify(body),
    headers: {'Content-Type': 'application/json'}});
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error || answer.statusText);
  return result;
}

/** Puts a picture into an <img>; leaves the old one when there is none. */
export async function loadPicture(image, path) {
  const answer = await request(path);
  if (!answer.ok) return false;
  const url = URL.createObjectURL(await answer.blob());
  if (image.src) URL.revokeObjectURL(image.src);
  image.src = url;
  image.hidden = false;
  return true;
}

function parseEvent(text) {
  const event = {type: 'message', data: ''};
  for (const line of text.split('\n')) {
    if (line.startsWith('event: ')) event.type = line.slice(7);
    if (line.startsWith('data: ')) event.data += line.slice(6);
  }
  return event;
}

async function readEvents(body, onEvent) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    waiting += value;
    const events = waiting.split('\n\n');
    waiting = events.pop();
    for (const text of events) {
      const event = parseEvent(text);
      onEvent(event.type, JSON.parse(event.data));
    }
  }
}

/** Follows the monitor for ever. EventSource cannot send a token, so by hand.
 *  @param onLink called with true and false as the connection comes and goes */
export async function follow(onEvent, onLink) {
  for (;;) {
    try {
      const answer = await request('/api/v1/events');
      if (!answer.ok) throw new Error(answer.statusText);
      onLink(true);
      await readEvents(answer.body, onEvent);
    } catch (error) {
      console.warn('events:', error.message);
    }
    onLink(false);
    await new Promise((done) => setTimeout(done, 2000 + Math.random() * 2000));
  }
}
