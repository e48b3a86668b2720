// A ring as a circle of cells: the one written last glows and fades, those not read yet are filled.

const SVG = 'http://www.w3.org/2000/svg';
const CELLS = 40;
const TRAIL = 7;

export class Ring {
  constructor(figure) {
    this.figure = figure;
    this.fill = figure.querySelector('.fill');
    this.more = figure.querySelector('.more');
    const svg = figure.querySelector('svg');
    this.cells = Array.from({length: CELLS}, (_, i) => {
      const cell = document.createElementNS(SVG, 'path');
      cell.setAttribute('d', wedge(i));
      svg.append(cell);
      return cell;
    });
    this.centre = document.createElementNS(SVG, 'text');
    this.centre.setAttribute('x', 60);
    this.centre.setAttribute('y', 60);
    svg.append(this.centre);
    this.written = -1;
    this.unread = 0;
  }

  /** One more message was written. */
  advance() {
    this.written++;
    this.draw();
  }

  /** share: how full it is, from 0 to 1; or null if there is none. */
  show(share, fill, more) {
    this.figure.classList.toggle('none', share === null);
    this.unread = share === null ? 0 : Math.ceil(share * CELLS);
    this.centre.textContent = share === null ? '—' : `${Math.round(share * 100)}%`;
    this.fill.textContent = fill;
    this.more.textContent = more;
    this.draw();
  }

  draw() {
    const head = ((this.written % CELLS) + CELLS) % CELLS;
    this.cells.forEach((cell, i) => {
      const behind = (head - i + CELLS) % CELLS;
      const passed = this.written >= 0 && this.written >= behind;
      cell.classList.toggle('unread', behind < this.unread);
      cell.style.setProperty('--glow', passed && behind < TRAIL ? (1 - behind / TRAIL).toFixed(2) : 0);
    });
  }
}

function wedge(i) {
  const gap = 0.018;
  const from = (i / CELLS + gap / CELLS * 6) * 2 * Math.PI - Math.PI / 2;
  const to = ((i + 1) / CELLS - gap / CELLS * 6) * 2 * Math.PI - Math.PI / 2;
  const at = (radius, angle) => `${(60 + radius * Math.cos(angle)).toFixed(2)} ${(60 + radius * Math.sin(angle)).toFixed(2)}`;
  return `M${at(54, from)} A54 54 0 0 1 ${at(54, to)} L${at(40, to)} A40 40 0 0 0 ${at(40, from)} Z`;
}
