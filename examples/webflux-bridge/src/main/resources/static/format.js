// Numbers as people read them.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(value) {
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** The same without needless zeros, for what does not change. */
export const round = value => bytes(value).replace(/\.?0+ /, ' ');

export const perSecond = value => `${bytes(value)}/s`;

export const percent = (share, digits = 0) => `${(share * 100).toFixed(digits)} %`;

export const count = value => value.toLocaleString('en').replace(/,/g, '\u202f');

export function micros(value) {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} ms` : `${value} µs`;
}

export const time = millis => new Date(millis).toLocaleTimeString('en-GB');

export function duration(millis) {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
