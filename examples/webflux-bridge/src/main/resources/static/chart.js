// The last minute of some values, on a canvas. The time axis is real: where nothing came, there is a gap.

const WINDOW = 60_000;

export class Chart {
  /**
   * @param series the names of custom properties with a colour each, first at the bottom
   * @param options max: the top of the scale, or a function of the points that tells it; label: the top as text; mirrored:
   *   whether the second of two series hangs below the axis
   */
  constructor(canvas, series, {max, label, mirrored = false}) {
    this.canvas = canvas;
    this.series = series;
    this.max = max;
    this.label = label;
    this.mirrored = mirrored;
    this.points = [];
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** values: one per series; reach: how long they hold at most, in milliseconds. */
  add(at, values, reach) {
    this.points.push({at, values, reach});
    const oldest = at - WINDOW - 15_000;
    while (this.points.length && this.points[0].at < oldest) {
      this.points.shift();
    }
  }

  draw(now = Date.now()) {
    const {canvas} = this;
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width || !height) {
      return;
    }
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const style = getComputedStyle(canvas);
    const colour = name => style.getPropertyValue(name).trim();
    const g = canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);

    const top = 16;
    const bottom = height - 16;
    const visible = this.points.filter(point => point.at > now - WINDOW - point.reach);
    const max = typeof this.max === 'function' ? this.max(visible) : this.max;
    const x = at => width - (now - at) / WINDOW * width;
    const axis = this.mirrored ? (top + bottom) / 2 : bottom;
    const y = (value, index) => axis - Math.min(1, value / max) * (this.mirrored && index === 1 ? axis - bottom : axis - top);

    this.grid(g, {width, top, bottom, x, now, colour, max, style});
    this.silence(g, {visible, now, x, top, bottom, colour});
    for (const run of runs(visible, now)) {
      this.series.forEach((name, index) => area(g, run, index, x, y, axis, colour(name)));
    }
  }

  grid(g, {width, top, bottom, x, now, colour, max, style}) {
    g.strokeStyle = colour('--hairline');
    g.fillStyle = colour('--faint');
    g.lineWidth = 1;
    g.font = `11px ${style.fontFamily}`;
    for (const part of [0, 0.5, 1]) {
      const line = Math.round(bottom - part * (bottom - top)) + 0.5;
      g.beginPath();
      g.moveTo(0, line);
      g.lineTo(width, line);
      g.stroke();
    }
    g.textBaseline = 'alphabetic';
    g.textAlign = 'left';
    g.fillText(this.label(max), 0, top - 5);
    if (this.mirrored) {
      g.textAlign = 'right';
      g.fillText('received ↑   sent ↓', width, top - 5);
    }
    const step = width < 260 ? 30_000 : 15_000;
    for (let ago = 0; ago <= WINDOW; ago += step) {
      g.textAlign = ago === 0 ? 'right' : ago === WINDOW ? 'left' : 'center';
      g.fillText(ago === 0 ? 'now' : `−${ago / 1000} s`, x(now - ago), bottom + 13);
    }
  }

  /** Hatches where there was something before and nothing came. */
  silence(g, {visible, now, x, top, bottom, colour}) {
    for (let i = 0; i < visible.length; i++) {
      const from = visible[i].at + visible[i].reach;
      const to = i + 1 < visible.length ? visible[i + 1].at : now;
      if (to <= from) {
        continue;
      }
      g.save();
      g.beginPath();
      g.rect(x(visible[i].at), top, x(to) - x(visible[i].at), bottom - top);
      g.clip();
      g.strokeStyle = colour('--hatch');
      g.lineWidth = 1;
      g.beginPath();
      // anchored in time, so that the hatching moves with what it marks
      const offset = x(visible[i].at) % 7;
      for (let at = offset - (bottom - top) - 7; at < x(to) + 7; at += 7) {
        g.moveTo(at, bottom);
        g.lineTo(at + (bottom - top), top);
      }
      g.stroke();
      g.restore();
    }
  }
}

/** Points that follow each other without a gap. */
function runs(points, now) {
  const all = [];
  let run = [];
  for (const point of points) {
    const before = run[run.length - 1];
    if (before && point.at - before.at > before.reach) {
      all.push(run);
      run = [];
    }
    run.push(point);
  }
  if (run.length) {
    const last = run[run.length - 1];
    if (now - last.at < last.reach) {
      run.push({...last, at: now});
    }
    all.push(run);
  }
  return all;
}

function area(g, run, index, x, y, axis, colour) {
  g.beginPath();
  run.forEach((point, i) => {
    const value = y(point.values[index], index);
    if (i === 0) {
      g.moveTo(x(point.at), value);
    } else {
      g.lineTo(x(point.at), value);
    }
  });
  g.strokeStyle = colour;
  g.lineWidth = 1.6;
  g.lineJoin = 'round';
  g.stroke();
  g.lineTo(x(run[run.length - 1].at), axis);
  g.lineTo(x(run[0].at), axis);
  g.closePath();
  g.globalAlpha = 0.14;
  g.fillStyle = colour;
  g.fill();
  g.globalAlpha = 1;
}
