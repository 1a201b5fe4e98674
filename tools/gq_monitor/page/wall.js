// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The wall: all channels with picture, score, curve and alarms.

import {loadPicture} from '/api.js';
import {sparkline} from '/chart.js';
import {idle, lost, make, number, scoreText, severity, stateText, whatText} from '/dom.js';

const kOrder = {critical: 0, warning: 1, good: 2};

class Card {
  constructor(id, observer) {
    this.image = make('img', {alt: '', hidden: true});
    this.none = make('span', {class: 'none'}, 'no picture yet');
    this.name = make('span', {class: 'name'});
    this.score = make('span', {class: 'score'});
    this.what = make('span', {class: 'what'});
    this.spark = make('span');
    this.state = make('span', {class: 'state'});
    this.link = make('a', {class: 'card', href: `#/channel/${id}`},
      make('span', {class: 'shot'}, this.none, this.image,
        make('span', {class: 'gone'}, 'no signal')),
      make('span', {class: 'body'}, this.name, this.score, this.what,
        this.spark, this.state));
    this.item = make('li', {}, this.link);
    this.item.card = this;
    this.visible = false;
    this.shown = null;
    observer.observe(this.item);
  }

  update(channel) {
    this.channel = channel;
    const level = severity(channel);
    this.link.className = `card ${level}${lost(channel) ? ' lost' : ''}` +
      `${idle(channel) ? ' idle' : ''}`;
    this.name.textContent = channel.name;
    this.name.title = channel.name;
    this.score.textContent = number(channel.score);
    this.what.textContent = whatText(channel);
    this.what.title = this.what.textContent;
    this.state.className = `state ${level}`;
    this.state.textContent = stateText(channel);
    const spark = sparkline(channel.recent);
    this.spark.replaceWith(spark);
    this.spark = spark;
    this.link.setAttribute('aria-label', `${channel.name}, ` +
      `score ${scoreText(channel, number(channel.score))}, ${this.what.textContent}, ${this.state.textContent}`);
    this.refreshPicture();
  }

  /** Loads the picture when there is a new one and somebody can see it. */
  async refreshPicture() {
    const newest = this.channel && this.channel.thumbnail_at;
    if (!this.visible || !newest || newest === this.shown) return;
    this.shown = newest;
    const path = `/api/v1/channels/${this.channel.id}/thumbnail`;
    if (await loadPicture(this.image, path)) this.none.hidden = true;
  }
}

export class Wall {
  constructor() {
    this.cards = new Map();
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        entry.target.card.visible = entry.isIntersecting;
        entry.target.card.refreshPicture();
      }
    }, {rootMargin: '200px'});
    this.search = make('input', {type: 'search', placeholder: 'Name  ( / )',
      'aria-label': 'Show channels whose name holds', oninput: () => this.arrange()});
    this.sort = make('input', {type: 'checkbox', checked: true,
      onchange: () => this.arrange()});
    this.only = make('input', {type: 'checkbox', onchange: () => this.arrange()});
    this.list = make('ul', {class: 'wall'});
    this.empty = make('p', {class: 'empty', role: 'status'}, 'Waiting for the monitor…');
    this.root = make('div', {},
      make('div', {class: 'tools'}, this.search,
        make('label', {}, this.sort, ' alarms first'),
        make('label', {}, this.only, ' alarms only')),
      this.list, this.empty);
  }

  /** @param channels  null before the monitor has answered */
  update(channels) {
    if (!channels) return;
    this.empty.textContent = channels.length > 0 ? 'No channel matches.'
      : 'The configuration has no channels.';
    const gone = new Set(this.cards.keys());
    for (const channel of channels) {
      gone.delete(channel.id);
      if (!this.cards.has(channel.id)) {
        this.cards.set(channel.id, new Card(channel.id, this.observer));
      }
      this.cards.get(channel.id).update(channel);
    }
    for (const id of gone) {
      this.observer.unobserve(this.cards.get(id).item);
      this.cards.get(id).item.remove();
      this.cards.delete(id);
    }
    this.arrange();
  }

  /** Moves cards only where the order changed, so that focus stays. */
  arrange() {
    const text = this.search.value.toLowerCase();
    const shown = [...this.cards.values()].filter((card) =>
      card.channel.name.toLowerCase().includes(text) &&
      (!this.only.checked || severity(card.channel) !== 'good'));
    if (this.sort.checked) {
      shown.sort((a, b) => kOrder[severity(a.channel)] - kOrder[severity(b.channel)]);
    }
    const items = shown.map((card) => card.item);
    const now = [...this.list.children];
    if (items.length !== now.length || items.some((item, i) => item !== now[i])) {
      const focus = document.activeElement;
      this.list.replaceChildren(...items);
      if (this.list.contains(focus)) focus.focus({preventScroll: true});
    }
    this.empty.hidden = items.length > 0;
  }
}
