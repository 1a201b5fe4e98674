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

/** Type and level, or what is wrong with the picture. */
export function whatText(channel) {
  if (channel.state !== 'playing') return channel.reason;
  if (channel.picture && channel.picture !== 'normal') return channel.picture;
  if (!channel.distortion) return '';
  if (channel.distortion === 'none') return 'no distortion';
  const level = channel.level === null ? '' : `, level ${number(channel.level, 1)}`;
  return channel.distortion + level;
}
