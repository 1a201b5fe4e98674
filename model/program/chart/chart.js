'use strict';
// Values under the pointer, or at the place that the arrow keys choose.
(() => {
  const clock = seconds => {
    const ticks = Math.round(seconds * 10);
    const whole = Math.floor(ticks / 10);
    const two = n => String(n).padStart(2, '0');
    const tail = two(whole % 60) + '.' + ticks % 10;
    const minutes = Math.floor(whole / 60);
    return whole < 3600 ? minutes + ':' + tail
      : Math.floor(whole / 3600) + ':' + two(minutes % 60) + ':' + tail;
  };
  const nearest = (times, time) => {
    let low = 0, high = times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] <= time) low = middle; else high = middle;
    }
    return time - times[low] <= times[high] - time ? low : high;
  };
  const write = (field, i) => {
    const value = field.v[i];
    if (value === null || value === undefined) return '';
    if (field.names) return field.names[value];
    let text = String(value);
    if (field.lo && field.lo[i] < field.hi[i]) {
      text += ' (' + field.lo[i] + '–' + field.hi[i] + ')';
    }
    return field.s ? text + ' ±' + field.s[i] : text;
  };
  const add = (parent, tag, text) => {
    const child = document.createElement(tag);
    child.textContent = text;
    return parent.appendChild(child);
  };

  for (const tracks of document.querySelectorAll('.gq-tracks')) {
    const holder = tracks.querySelector('.gq-data');
    if (!holder) continue;
    const data = JSON.parse(holder.textContent);
    const sets = data.sets.filter(set => set.t && set.t.length > 0);
    if (sets.length === 0) continue;
    const plots = [...tracks.querySelectorAll(
      '.gq-curves > .gq-plot, .gq-lane > .gq-plot')];
    const cursors = plots.map(plot => {
      const cursor = add(plot, 'div', '');
      cursor.className = 'gq-cursor';
      cursor.hidden = true;
      return cursor;
    });
    const hint = 'Point at the charts, or use the arrow keys, to read values.';
    const readout = add(tracks, 'output', hint);
    readout.className = 'gq-readout';
    tracks.tabIndex = 0;
    let chosen = -1;

    const show = time => {
      const at = (time - data.low) / (data.high - data.low) * 100;
      for (const cursor of cursors) {
        cursor.hidden = false;
        cursor.style.left = at + '%';
      }
      readout.textContent = '';
      add(add(readout, 'span', ''), 'b', clock(time));
      for (const set of sets) {
        const i = nearest(set.t, time);
        for (const field of set.fields) {
          const text = write(field, i);
          if (text === '') continue;
          const item = add(readout, 'span', (set.name || field.name) + ' ');
          add(item, 'b', text);
        }
      }
    };
    const hide = () => {
      for (const cursor of cursors) cursor.hidden = true;
      readout.textContent = hint;
      chosen = -1;
    };
    tracks.addEventListener('pointermove', event => {
      const box = plots[0].getBoundingClientRect();
      const part = (event.clientX - box.left) / box.width;
      if (part < 0 || part > 1) return;
      const times = sets[0].t;
      chosen = nearest(times, data.low + part * (data.high - data.low));
      show(times[chosen]);
    });
    tracks.addEventListener('pointerleave', hide);
    tracks.addEventListener('keydown', event => {
      const times = sets[0].t;
      const last = times.length - 1;
      const page = Math.max(1, Math.round(last / 20));
      const moves = {
        ArrowLeft: chosen - 1, ArrowRight: chosen + 1, PageUp: chosen - page,
        PageDown: chosen + page, Home: 0, End: last,
      };
      if (event.target !== tracks) return;
      if (event.key === 'Escape') { hide(); return; }
      if (!(event.key in moves)) return;
      event.preventDefault();
      chosen = Math.min(last, Math.max(0, moves[event.key]));
      show(times[chosen]);
    });
  }
})();
