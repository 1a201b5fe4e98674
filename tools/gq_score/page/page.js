// Tables are sorted by a click on a column's title.
(() => {
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : +cell.dataset.v;
  };
  const compare = (a, b) =>
    typeof a === 'number' ? a - b : a.localeCompare(b, undefined, {numeric: true});
  for (const table of document.querySelectorAll('table.sortable')) {
    const body = table.tBodies[0];
    if (body.rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        for (const other of table.tHead.rows[0].cells) {
          other.removeAttribute('aria-sort');
        }
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...body.rows].sort((a, b) =>
          compare(valueOf(a, column), valueOf(b, column)) * (down ? -1 : 1));
        body.append(...rows);
      });
    });
  }
})();
