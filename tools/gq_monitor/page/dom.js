// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Small helpers. Data only ever becomes text, never markup.

/** @param properties  of the element; class, dataset and on… too */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'class') element.className = value;
    else if (key.startsWith('aria-') || key === 'role') element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

export function number(value, digits = 0) {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

export function time(text) {
  return text ? new Date(text).toLocaleString() : '–';
}

const kSigns = {good: '●', warning: '▲', critical: '■'};

/** How bad a channel is, for colour, sign and order. */
export function severity(channel) {
  const open = channel.alarms;
  if (open.some((alarm) => alarm.severity === 'critical')) return 'critical';
  if (open.length > 0) return 'warning';
  return channel.state === 'playing' || channel.state === 'stopped'
    ? 'good' : 'warning';
}

/** The state in words, after its sign. */
export function stateText(channel) {
  const sign = kSigns[severity(channel)];
  const kinds = channel.alarms.map(
    (alarm) => alarm.kind + (alarm.acknowledged ? ' (acknowledged)' : ''));
  const words = kinds.length > 0 ? kinds.join(', ') : channel.state;
  return `${sign} ${words}${channel.maintenance ? ' · maintenance' : ''}`;
}

/** Below it the model is rather wrong than right about the type. */
const kClearConfidence = .5;

/** The type that the model names and its level, in words. */
function distortionText(channel) {
  if (!channel.distortion) return '';
  const unclear = channel.confidence !== null &&
    channel.confidence < kClearConfidence;
  if (unclear) return 'no clear distortion';
  if (channel.distortion === 'none') return 'no distortion';
  const level = channel.level === null ? '' : `, level ${number(channel.level, 1)}`;
  return channel.distortion + level;
}

/** Black, flat or frozen, or ''. */
function badPicture(channel) {
  return channel.picture && channel.picture !== 'normal' ? channel.picture : '';
}

/** Whether there is no score that counts: nothing plays, or the picture is bad. */
export function idle(channel) {
  return channel.state !== 'playing' || badPicture(channel) !== '';
}

/** The score and why it does not count. @param text of the score */
export function scoreText(channel, text) {
  if (channel.score === null) return '–';
  const bad = badPicture(channel);
  return bad ? `${text}, not counted while ${bad}` : text;
}

/** Whether the signal went, not just ended or has yet to come. */
export function lost(channel) {
  return channel.state === 'stalled' || channel.state === 'waiting' ||
    channel.state !== 'playing' && channel.alarms.some((alarm) => alarm.kind === 'signal-lost');
}

/** 1 alarm, 2 alarms. */
export function plural(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Type and level, or what is wrong with the picture. */
export function whatText(channel) {
  if (channel.state !== 'playing') return channel.reason;
  return badPicture(channel) || distortionText(channel);
}
