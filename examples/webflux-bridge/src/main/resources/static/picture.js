// The way of the data: who is at its ends, and how full the rings between them are.

import {bytes, count, duration, micros, round, time} from './format.js';
import {Ring} from './ring.js';

const $ = id => document.getElementById(id);
const LOGGED = 14;
const WORDS = {
  connected: 'connected',
  ready: 'ready',
  notready: 'not ready',
  stale: 'stale',
  recovered: 'recovered',
  left: 'left',
  crashed: 'crashed',
};

const machine = new Ring($('ring-machine'));
const commands = new Ring($('ring-commands'));
const logged = new Set();
let lastCommand;
let view;

export function advance(snapshot) {
  machine.advance();
  if (lastCommand !== undefined && lastCommand !== snapshot.settings.lastCommand && snapshot.settings.lastCommand) {
    commands.advance();
  }
  lastCommand = snapshot.settings.lastCommand;
}

export function showPicture(current) {
  view = current;
  const {toBrowsers, toProcess, browsers} = view;
  const peer = feedPeer();
  $('feed-place').dataset.state = view.feed;
  $('feed-name').textContent = peer ? peer.name : view.feedPid ? 'machine-feed' : 'not there yet';
  $('feed-pid').textContent = view.feedPid || '—';
  $('feed-state').textContent = peer ? peer.state.toLowerCase() : view.feed.toLowerCase();
  $('feed-state').dataset.state = peer ? peer.state : view.feed;
  $('feed-trip').textContent = peer && peer.roundTripMicros && !gone(peer) ? micros(peer.roundTripMicros) : '—';
  $('kill').hidden = !view.launched;

  if (toBrowsers.publications) {
    const used = Math.max(toBrowsers.lagBytes, 0);
    machine.show(
      toBrowsers.capacityBytes ? used / toBrowsers.capacityBytes : 0,
      `${bytes(used)} unread of ${round(toBrowsers.capacityBytes)}`,
      toBrowsers.publications === 1 ? 'one publisher' : `${toBrowsers.publications} publishers`,
    );
  } else {
    machine.show(null, 'no ring', 'waiting for a publisher');
  }
  commands.show(
    toProcess.unreadBytes / toProcess.capacityBytes,
    `${bytes(toProcess.unreadBytes)} unread of ${round(toProcess.capacityBytes)}`,
    toProcess.subscribers === 0 ? 'nobody reads' : toProcess.subscribers === 1 ? 'one reader' : `${toProcess.subscribers} readers`,
  );
  $('app-lag').textContent = bytes(toBrowsers.lagBytes);
  $('app-frames').textContent = count(browsers.frames);
  $('app-directory').textContent = `\u200e${view.directory}\u200e`; // cut at its beginning
  $('app-directory').title = view.directory;
  $('browser-count').textContent = browsers.count === 1 ? 'this one' : `${count(browsers.count)} open`;
  $('browser-skipped').textContent = `${count(browsers.conflated)} frames`;
  showPeers();
}

export function feedPeer() {
  return view && view.peers.filter(peer => peer.pid === view.feedPid).pop();
}

const gone = peer => peer.state === 'LEFT' || peer.state === 'CRASHED';

function showPeers() {
  const list = $('peers');
  const peers = [...view.peers].reverse();
  list.replaceChildren(...peers.map(peer => {
    const item = document.createElement('li');
    item.className = gone(peer) ? 'gone' : '';
    item.append(
      part('span', peer.state.toLowerCase(), 'chip', peer.state),
      part('b', peer.name),
      part('span', `pid ${peer.pid}`),
      part('span', standing(peer), 'more'),
    );
    return item;
  }));
  if (!peers.length) {
    list.replaceChildren(part('li', 'Nobody yet.', 'nobody'));
  }
}

function standing(peer) {
  const since = duration(view.at - peer.since);
  if (gone(peer)) {
    return `${since} ago`;
  }
  const reads = peer.streams.length ? `, reads ${peer.streams.join(', ')}` : '';
  return `for ${since}${reads}, ${bytes(peer.lagBytes)} behind`;
}

/** A change of a peer. The last ones before this page listened come first, and again after a reconnect. */
export function log(event) {
  const key = `${event.node} ${event.what} ${event.at}`;
  if (logged.has(key)) {
    return;
  }
  logged.add(key);
  const item = document.createElement('li');
  item.append(
    part('time', time(event.at)),
    part('span', WORDS[event.what] || event.what, 'chip', event.what.toUpperCase()),
    part('span', `${event.name}, pid ${event.pid}${event.detail ? `: ${event.detail}` : ''}`, 'more'),
  );
  const list = $('log');
  list.prepend(item);
  while (list.children.length > LOGGED) {
    list.lastElementChild.remove();
  }
}

function part(tag, text, kind, state) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (kind) {
    element.className = kind;
  }
  if (state) {
    element.dataset.state = state;
  }
  return element;
}
