// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Curves as SVG.

const kSvg = 'http://www.w3.org/2000/svg';
const kLeft = 30;
const kTop = 8;
const kPlot = 190;
const kTimeline = 22;
const kErrors = 26;
const kHeight = kTop + kPlot + 20 + kTimeline + 8 + kErrors + 14;
const kNarrow = 420;
const kWide = 800;
/** So that text keeps its size on a phone. */
let width = kWide;
/** Okabe and Ito's colours for distortion types, beyond
 *  seven they repeat. */
const kColours = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2',
  '#d55e00', '#cc79a7'];

function element(name, attributes = {}, text = '') {
  const made = document.createElementNS(kSvg, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  if (text) made.textContent = text;
  return made;
}

/** Path of values, with a gap wherever one is missing. */
function path(points) {
  let text = '';
  let pen = 'M';
  for (const point of points) {
    if (!point) {
      pen = 'M';
      continue;
    }
    text += `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    pen = 'L';
  }
  return text;
}

/** A small curve without axes. @param values scores or null, oldest first */
export function sparkline(values, slots = 60) {
  const svg = element('svg', {class: 'spark', viewBox: `0 0 ${slots} 20`,
    preserveAspectRatio: 'none', 'aria-hidden': 'true'});
  const start = slots - values.length;
  const points = values.map((value, index) =>
    value === null ? null : [start + index + .5, 19 - value * .18]);
  svg.append(element('path', {class: 'mean', d: path(points),
    'vector-effect': 'non-scaling-stroke'}));
  return svg;
}

function axes(svg, from, to, range, x) {
  for (const score of [0, 25, 50, 75, 100]) {
    const y = kTop + kPlot * (1 - score / 100);
    svg.append(element('line', {class: 'grid', x1: kLeft, x2: width, y1: y, y2: y}));
    svg.append(element('text', {x: kLeft - 5, y: y + 4, 'text-anchor': 'end'}, `${score}`));
  }
  const step = range === 'hour' ? 600 : 4 * 3600;
  let last = kLeft - 36;
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
    const text = new Date(t * 1000)
      .toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
    const place = x(t);
    if (place < last + 58 || place > width - 22) continue;
    last = place;
    svg.append(element('text',
      {x: place, y: kTop + kPlot + 14, 'text-anchor': 'middle'}, text));
  }
}

function curve(svg, points, step, x, y) {
  const middle = (point) => x(point.t + step / 2);
  const known = (point) => point.mean !== null;
  let run = [];
  const drawBand = () => {
    const top = run.map((p) => [middle(p), y(p.high)]);
    const bottom = run.map((p) => [middle(p), y(p.low)]).reverse();
    if (run.length > 1) {
      svg.append(element('path', {class: 'band', d: `${path([...top, ...bottom])}Z`}));
    }
    run = [];
  };
  const line = [];
  let last = null;
  for (const point of points) {
    const gap = last !== null && point.t - last > step;
    if (gap || !known(point)) {
      drawBand();
      line.push(null);
    }
    if (known(point)) {
      run.push(point);
      line.push([middle(point), y(point.mean)]);
    }
    last = point.t;
  }
  drawBand();
  svg.append(element('path', {class: 'mean', d: path(line)}));
}

function whatOf(point) {
  if (point.picture && point.picture !== 'normal') return point.picture;
  return point.distortion && point.distortion !== 'none' ? point.distortion : '';
}

/** Strip of distortion types and bad pictures. @returns their colours */
function timeline(svg, points, step, x) {
  const top = kTop + kPlot + 20;
  const colours = new Map();
  svg.append(element('rect', {x: kLeft, y: top, width: width - kLeft,
    height: kTimeline, fill: 'none', class: 'grid'}));
  for (const point of points) {
    const what = whatOf(point);
    if (!what) continue;
    if (!colours.has(what)) colours.set(what, kColours[colours.size % kColours.length]);
    const bar = element('rect', {x: x(point.t), y: top, height: kTimeline,
      width: Math.max(x(point.t + step) - x(point.t), .5), fill: colours.get(what)});
    bar.append(element('title', {}, what));
    svg.append(bar);
  }
  return colours;
}

function errors(svg, points, step, x) {
  const base = kTop + kPlot + 20 + kTimeline + 8 + kErrors;
  svg.append(element('line', {class: 'grid', x1: kLeft, x2: width, y1: base, y2: base}));
  for (const point of points) {
    if (!point.error_seconds) continue;
    const height = kErrors * Math.min(1, point.error_seconds / step);
    svg.append(element('rect', {class: 'error', x: x(point.t), y: base - height,
      width: Math.max(x(point.t + step) - x(point.t), 1), height}));
  }
  svg.append(element('text', {x: kLeft, y: base + 12}, 'share of error seconds'));
}

function summary(points, range) {
  const scores = points.filter((p) => p.mean !== null);
  if (scores.length === 0) return `No score in the last ${range}.`;
  const mean = scores.reduce((sum, p) => sum + p.mean, 0) / scores.length;
  const low = Math.min(...scores.map((p) => p.low));
  const bad = points.reduce((sum, p) => sum + p.error_seconds, 0);
  return `Score over the last ${range}: mean ${mean.toFixed(1)}, ` +
    `lowest ${low.toFixed(1)}, ${bad} error seconds.`;
}

/** The curve of a channel with its distortion timeline and error seconds.
 *  @param history as the API gives it  @param range hour or day
 *  @param limit a score to mark, or null
 *  @returns {svg, legend: Map of name to colour, text} */
export function scoreChart(history, range, limit) {
  const length = range === 'hour' ? 3600 : 86400;
  width = document.body.clientWidth < kWide ? kNarrow : kWide;
  const to = Date.now() / 1000;
  const from = to - length;
  const points = history.points.filter((point) => point.t >= from);
  const x = (t) => kLeft + (width - kLeft) * Math.min(1, (t - from) / length);
  const y = (score) => kTop + kPlot * (1 - score / 100);
  const text = summary(points, range);
  const svg = element('svg', {class: 'chart', role: 'img', 'aria-label': text,
    viewBox: `0 0 ${width} ${kHeight}`});
  axes(svg, from, to, range, x);
  if (limit !== null) {
    svg.append(element('line', {class: 'limit', x1: kLeft, x2: width,
      y1: y(limit), y2: y(limit)}));
  }
  curve(svg, points, history.step_s, x, y);
  const legend = timeline(svg, points, history.step_s, x);
  errors(svg, points, history.step_s, x);
  return {svg, legend, text};
}
