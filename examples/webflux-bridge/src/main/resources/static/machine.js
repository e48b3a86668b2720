// The panels: what a snapshot says of the machine.

import {Chart} from './chart.js';
import {bytes, count, percent, perSecond, round} from './format.js';

const $ = id => document.getElementById(id);
const SLACK = 1_500;
const MIN_TRAFFIC = 16 * 1024;

const charts = {
  cpu: new Chart($('cpu-chart'), ['--cpu'], {max: 1, label: () => '100 %'}),
  memory: new Chart($('memory-chart'), ['--cached', '--memory'], {max: () => charts.total || 1, label: max => round(max)}),
  network: new Chart($('network-chart'), ['--received', '--sent'], {
    max: points => roundUp(Math.max(MIN_TRAFFIC, ...points.flatMap(point => point.values))),
    label: max => `${round(max)}/s`,
    mirrored: true,
  }),
};

export function drawCharts() {
  charts.cpu.draw();
  charts.memory.draw();
  charts.network.draw();
}

export function showMachine(snapshot) {
  const reach = snapshot.settings.paused ? SLACK : snapshot.settings.intervalMillis + SLACK;
  showProcessors(snapshot, reach);
  showMemory(snapshot, reach);
  showNetwork(snapshot, reach);
  showProcesses(snapshot);
  drawCharts();
}

function showProcessors({sequence, takenAt, cores}, reach) {
  const mean = cores.reduce((sum, load) => sum + load, 0) / (cores.length || 1);
  charts.cpu.add(takenAt, [mean], reach);
  $('cpu-now').textContent = percent(mean);
  $('cpu-note').textContent = cores.length === 1 ? 'of one core' : `of ${cores.length} cores`;
  const list = $('cores');
  list.classList.toggle('many', cores.length > 16);
  list.dataset.sequence = sequence;
  keep(list, cores.length, () => {
    const core = document.createElement('div');
    core.className = 'core';
    core.innerHTML = '<span></span><div class="bar"><i></i></div><b></b>';
    return core;
  });
  cores.forEach((load, i) => {
    const core = list.children[i];
    core.children[0].textContent = i;
    core.querySelector('i').style.transform = `scaleX(${load.toFixed(3)})`;
    core.classList.toggle('hot', load > 0.9);
    core.children[2].textContent = percent(load);
  });
}

function showMemory({takenAt, memory}, reach) {
  const used = memory.totalBytes - memory.availableBytes;
  charts.total = memory.totalBytes;
  $('memory-now').textContent = bytes(used);
  $('memory-note').textContent = `of ${bytes(memory.totalBytes)}`;
  // what can be given back at once counts as available
  const cached = Math.min(memory.cachedBytes, memory.availableBytes);
  charts.memory.add(takenAt, [used + cached, used], reach);
  const [usedBar, cachedBar] = $('memory-stack').children;
  usedBar.style.width = percent(used / memory.totalBytes, 2).replace(' ', '');
  cachedBar.style.width = percent(cached / memory.totalBytes, 2).replace(' ', '');
  const swapped = memory.swapTotalBytes - memory.swapFreeBytes;
  legend($('memory-legend'), [
    ['used', 'in use', bytes(used)],
    ['cached', 'files cached', bytes(cached)],
    ['free', 'free', bytes(memory.availableBytes - cached)],
    ...(memory.swapTotalBytes ? [['swap', 'swapped out', bytes(swapped)]] : []),
  ]);
}

function showNetwork({takenAt, network}, reach) {
  const received = network.reduce((sum, one) => sum + one.receivedBytes, 0);
  const sent = network.reduce((sum, one) => sum + one.sentBytes, 0);
  charts.network.add(takenAt, [received, sent], reach);
  $('network-now').textContent = perSecond(received + sent);
  $('network-note').textContent = network.length === 1 ? 'on one interface' : `on ${network.length} interfaces`;
  rows($('interfaces'), network, 3, (cells, one) => {
    cells[0].textContent = one.name;
    cells[1].textContent = perSecond(one.receivedBytes);
    cells[2].textContent = perSecond(one.sentBytes);
    cells[1].className = cells[2].className = 'number';
  });
}

function showProcesses({processes, processCount, settings}) {
  $('process-count').textContent = `the first ${processes.length} of ${count(processCount)}`;
  const most = Math.max(1, ...processes.map(one => one.cpu));
  const largest = Math.max(1, ...processes.map(one => one.residentBytes));
  rows($('processes'), processes, 4, (cells, one) => {
    cells[0].textContent = one.pid;
    cells[1].textContent = one.name;
    cells[2].textContent = percent(one.cpu, 1);
    cells[3].textContent = bytes(one.residentBytes);
    cells[0].className = 'number pid';
    cells[2].className = cells[3].className = 'number meter';
    cells[2].classList.toggle('idle', one.cpu < 0.0005);
    cells[2].style.setProperty('--share', (one.cpu / most).toFixed(3));
    cells[3].style.setProperty('--share', (one.residentBytes / largest).toFixed(3));
  });
  for (const button of document.querySelectorAll('[data-sort]')) {
    button.setAttribute('aria-pressed', button.dataset.sort === settings.sort);
  }
}

/** Has a parent hold so many children. */
function keep(parent, length, create) {
  while (parent.children.length > length) {
    parent.lastElementChild.remove();
  }
  while (parent.children.length < length) {
    parent.append(create());
  }
}

function rows(body, values, columns, fill) {
  keep(body, values.length, () => {
    const row = document.createElement('tr');
    for (let i = 0; i < columns; i++) {
      row.insertCell();
    }
    return row;
  });
  values.forEach((value, i) => fill(body.rows[i].cells, value));
}

function legend(list, entries) {
  keep(list, entries.length, () => {
    const entry = document.createElement('div');
    entry.append(document.createElement('dt'), document.createElement('dd'));
    return entry;
  });
  entries.forEach(([kind, name, value], i) => {
    const entry = list.children[i];
    entry.className = kind;
    entry.children[0].textContent = name;
    entry.children[1].textContent = value;
  });
}

/** A round number for the top of a scale of bytes. */
function roundUp(value) {
  let top = 1024;
  while (top < value) {
    top *= 2;
  }
  return top;
}
