// The page: listens, tells how it is with the feed, and sends commands.

import {ask, listen, socket} from './connection.js';
import {duration, time} from './format.js';
import {drawCharts, showMachine} from './machine.js';
import {advance, feedPeer, log, showPicture} from './picture.js';

const $ = id => document.getElementById(id);
const REDRAW = 250;
const GOOD_NEWS = 6_000;

let view = null;
let snapshot = null;
let applicationThere = null;
let goneSince = null;
let goneEvidence = '';
let back = null;
let arrivals = [];
let stopListening = () => {};

// ---- listening

function onFrame(frame) {
  const now = Date.now();
  // a new page, or one that reconnects, gets the latest frame again
  const repeated = snapshot && snapshot.pid === frame.pid && frame.sequence <= snapshot.sequence;
  snapshot = frame;
  if (repeated) {
    return;
  }
  arrivals = [...arrivals.filter(arrival => now - arrival.at < 5_000), {at: now, age: now - frame.takenAt}];
  showMachine(frame);
  advance(frame);
  for (const button of $('interval').children) {
    button.setAttribute('aria-pressed', Number(button.dataset.interval) === frame.settings.intervalMillis);
  }
  $('pause').setAttribute('aria-pressed', frame.settings.paused);
  $('pause').textContent = frame.settings.paused ? 'Go on' : 'Pause';
  $('own-age').textContent = `${Math.max(0, Math.round(mean(arrivals.map(arrival => arrival.age))))} ms`;
  acknowledge(frame.settings.lastCommand);
}

function onView(current) {
  const before = view && view.feed;
  view = current;
  if (view.feed === 'GONE' && before !== 'GONE') {
    const peer = feedPeer();
    goneSince = peer && (peer.state === 'LEFT' || peer.state === 'CRASHED') ? peer.since : current.at;
    back = null;
  } else if (before === 'GONE' && view.feed !== 'GONE') {
    back = {at: Date.now(), after: current.at - goneSince};
  }
  showPicture(current);
  showState();
}

function onPeer(event) {
  if (event.what === 'crashed' || event.what === 'left') {
    goneEvidence = event.detail;
  }
  log(event);
}

function listenTo(transport) {
  stopListening();
  stopListening = transport === 'ws'
    ? socket('/ws/feed', onFrame, () => {})
    : listen('/api/feed', {message: onFrame}, () => {});
  for (const button of document.querySelectorAll('[data-transport]')) {
    button.setAttribute('aria-pressed', button.dataset.transport === transport);
  }
}

// ---- the state, in words

const STATES = {
  AWAITED: ['Waiting', () => 'for the feed process'],
  LIVE: ['Live', () => ''],
  PAUSED: ['Paused', () => 'by a command'],
  STALLED: ['Stalled', () => 'the process does not answer'],
  GONE: ['Gone', () => duration(Date.now() - goneSince)],
};

function showState() {
  const state = applicationThere === false ? 'UNREACHABLE' : view ? view.feed : 'AWAITED';
  document.body.dataset.feed = state;
  const [word, detail] = STATES[state] || ['Disconnected', () => ''];
  $('state-word').textContent = word;
  $('state-detail').textContent = state === 'LIVE' ? rate() : detail();
  $('own-rate').textContent = rate();
  document.title = state === 'LIVE' ? 'This machine · reactive-ipc' : `${word} · This machine`;
  banner(state);
}

function banner(state) {
  const text = bannerText(state);
  $('banner').hidden = !text;
  if (text && $('banner').textContent !== text) {
    $('banner').textContent = text;
  }
  $('banner').classList.toggle('good', state === 'LIVE');
}

function bannerText(state) {
  switch (state) {
    case 'UNREACHABLE':
      return 'The web application does not answer. This page goes on by itself when it is back.';
    case 'GONE': {
      const peer = feedPeer();
      const how = peer && peer.state === 'LEFT' ? 'has ended' : 'has died';
      const evidence = goneEvidence ? ` (${goneEvidence})` : '';
      return `The feed process, pid ${view.feedPid}, ${how} at ${time(goneSince)}${evidence}. `
        + 'What you see is its last word; the page goes on by itself with the next one.';
    }
    case 'STALLED':
      return `The feed process, pid ${view.feedPid}, is there but does not answer. Nothing is taken from it: it goes on where it stopped.`;
    default:
      return back && state === 'LIVE' && Date.now() - back.at < GOOD_NEWS
        ? `The feed is back after ${duration(back.after)}, as pid ${view.feedPid}.` : '';
  }
}

function rate() {
  const now = Date.now();
  const recent = arrivals.filter(arrival => now - arrival.at < 5_000);
  if (recent.length < 2) {
    return recent.length ? 'one frame' : 'nothing';
  }
  const span = recent[recent.length - 1].at - recent[0].at;
  const hertz = (recent.length - 1) / (span / 1000);
  return `${hertz >= 10 ? hertz.toFixed(0) : hertz.toFixed(1)} frames/s`;
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

// ---- commands

const sent = new Map();

async function command(fields) {
  try {
    const taken = await ask('POST', '/api/commands', fields);
    sent.set(taken.id, Date.now());
    answer('taken, on its way', '');
  } catch (problem) {
    answer(problem.message, 'bad');
  }
}

function acknowledge(id) {
  if (sent.has(id)) {
    answer(`done, seen ${Date.now() - sent.get(id)} ms later in the feed`, 'good');
    sent.clear();
  }
}

let fading;

function answer(text, kind) {
  $('answer').textContent = text;
  $('answer').className = kind;
  clearTimeout(fading);
  fading = setTimeout(() => { $('answer').textContent = ''; }, GOOD_NEWS);
}

$('interval').addEventListener('click', ({target}) => {
  if (target.dataset.interval) {
    command({intervalMillis: Number(target.dataset.interval)});
  }
});
$('pause').addEventListener('click', () => command({paused: !(snapshot && snapshot.settings.paused)}));
for (const button of document.querySelectorAll('[data-sort]')) {
  button.addEventListener('click', () => command({sort: button.dataset.sort}));
}
for (const button of document.querySelectorAll('[data-transport]')) {
  button.addEventListener('click', () => listenTo(button.dataset.transport));
}
$('kill').addEventListener('click', async () => {
  try {
    const {killed} = await ask('DELETE', '/api/feed');
    answer(`killed pid ${killed}`, '');
  } catch (problem) {
    answer(problem.message, 'bad');
  }
});

// ---- begin

$('origin').textContent = location.origin;
listen('/api/events', {peer: onPeer, streams: onView}, there => {
  applicationThere = there;
  showState();
});
listenTo('ws');
setInterval(() => {
  if (!document.hidden) {
    drawCharts();
    showState();
  }
}, REDRAW);
