// The sessions: which there are, how they stand, and the command to connect anew.
import { ask, now } from './api.js';
import { announce, byId, cell, command, el, nextFrame, patch, say } from './dom.js';
import { moving, span } from './time.js';

const PER_PAGE = 25;
const JOINED_SHOWN = 6;
const PARKED_SHOWN = 4;
const CONNECTING_TOO_LONG = 30000;
const QUEUED_TOO_LONG = 300000;

const STATES = { online: 'Online', connecting: 'Connecting', waiting: 'Waiting', faulted: 'Faulted', idle: 'Idle' };

/** What is wrong with a session: `{level, words, since, reason, next}`, the worst first. */
export function troubles(session) {
  const found = [];
  const { state, since, lastError: reason, nextAttemptAt: next } = session;
  if (state === 'faulted') {
    found.push({ level: 'bad', words: 'is faulted', since, reason, next });
  } else if (state === 'waiting') {
    found.push({ level: 'bad', words: 'is not connected', since, reason, next });
  } else if (state === 'connecting' && (reason || now() - Date.parse(since) > CONNECTING_TOO_LONG)) {
    found.push({ level: reason ? 'bad' : 'warn', words: reason ? 'is not connected' : 'is connecting', since, reason });
  }
  for (const channel of session.channels.filter(c => c.state === 'parked')) {
    found.push({ level: 'warn', words: `cannot enter ${channel.name}`, reason: channel.reason, channel: channel.name });
  }
  if (found.length === 0 && session.oldestQueuedAt && now() - Date.parse(session.oldestQueuedAt) > QUEUED_TOO_LONG) {
    found.push({ level: 'warn', words: `has ${session.queued.toLocaleString()} waiting`, since: session.oldestQueuedAt, show: 'queued' });
  }
  return found;
}

const rank = session => {
  const worst = troubles(session)[0]?.level;
  return worst === 'bad' ? 0 : worst === 'warn' ? 1 : 2;
};

export class Sessions {
  #all = new Map();
  #stale = new Set();
  #page = 0;
  #isAdmin = false;
  #changed;

  /** @param changed called with all sessions when one has changed, at most once a frame */
  constructor(changed) {
    this.#changed = changed;
    const filter = byId('sessions-filter');
    filter.addEventListener('input', () => { this.#page = 0; this.show(); });
    filter.addEventListener('submit', event => event.preventDefault());
    byId('sessions-pages').addEventListener('click', event => {
      const step = Number(event.target.dataset?.go ?? 0);
      if (step !== 0 && event.target.getAttribute('aria-disabled') !== 'true') {
        this.#page += step;
        this.show();
      }
    });
  }

  get all() { return [...this.#all.values()]; }

  /** How many deliveries wait. */
  get queued() { return this.all.reduce((sum, s) => sum + s.queued, 0); }

  set isAdmin(yes) { this.#isAdmin = yes; }

  fill(list) {
    this.#all = new Map(list.map(s => [s.name, s]));
    this.show();
  }

  /** The stream begins anew: it tells all there are, and who is not told of is no more. */
  begin() {
    this.#stale = new Set(this.#all.keys());
    setTimeout(() => {
      this.#stale.forEach(name => this.#all.delete(name));
      this.#stale.clear();
      this.show();
    }, 1500);
  }

  put(session) {
    this.#stale.delete(session.name);
    this.#all.set(session.name, session);
    this.show();
  }

  remove(name) {
    this.#all.delete(name);
    this.show();
  }

  clear() {
    this.#all.clear();
    this.show();
  }

  /** Shows only those in trouble. */
  showTrouble() {
    const filter = byId('sessions-filter');
    filter.reset();
    filter.elements.state.value = 'trouble';
    this.#page = 0;
    this.show();
    filter.elements.state.focus();
    byId('sessions-title').scrollIntoView({ block: 'start' });
  }

  show() { nextFrame(this.#render); }

  #render = () => {
    const { state, find } = byId('sessions-filter').elements;
    const words = find.value.trim().toLowerCase();
    const ranked = this.all.map(session => ({ session, rank: rank(session) }));
    const matching = ranked
      .filter(({ session: s, rank: r }) => (state.value === '' || s.state === state.value || (state.value === 'trouble' && r < 2))
        && (words === '' || [s.name, s.nick, s.server, ...s.channels.map(c => c.name)].some(t => t?.toLowerCase().includes(words))))
      .sort((a, b) => a.rank - b.rank || a.session.name.localeCompare(b.session.name));

    const pages = Math.max(1, Math.ceil(matching.length / PER_PAGE));
    this.#page = Math.min(Math.max(this.#page, 0), pages - 1);
    const first = this.#page * PER_PAGE;
    patch(byId('sessions').tBodies[0], matching.slice(first, first + PER_PAGE).map(({ session }) => ({
      key: session.name,
      stamp: JSON.stringify([session, this.#isAdmin]),
      build: () => this.#row(session),
    })));

    const total = this.#all.size;
    say(byId('sessions-count'), matching.length === total ? total.toLocaleString() : `${matching.length.toLocaleString()} of ${total.toLocaleString()}`);
    byId('sessions').hidden = matching.length === 0;
    const empty = byId('sessions-empty');
    empty.hidden = matching.length > 0;
    say(empty, total === 0 ? 'The configuration names no network, account or program yet.' : 'No session matches the filter.');
    const nav = byId('sessions-pages');
    nav.hidden = pages === 1;
    say(nav.querySelector('span'), `${first + 1}–${Math.min(first + PER_PAGE, matching.length)} of ${matching.length}`);
    nav.querySelector('[data-go="-1"]').setAttribute('aria-disabled', String(this.#page === 0));
    nav.querySelector('[data-go="1"]').setAttribute('aria-disabled', String(this.#page === pages - 1));
    this.#changed(this.all);
  };

  #row(session) {
    const details = [session.protocol, session.nick, session.server].filter(Boolean);
    return el('tr', { role: 'row', class: session.state },
      el('th', { role: 'rowheader', scope: 'row', data: { label: 'Session' } }, el('span', { class: 'name' }, session.name), el('span', { class: 'sub' }, details.join(' · '))),
      cell('State', {}, el('span', { class: `badge ${session.state}` }, STATES[session.state] ?? session.state), el('span', { class: 'sub' }, 'for ', moving('for', session.since)),
        session.nextAttemptAt ? el('span', { class: 'sub' }, 'next attempt ', moving('until', session.nextAttemptAt)) : null,
        session.lastError && session.state !== 'online' ? el('span', { class: 'reason' }, session.lastError) : null),
      cell('Channels', {}, channels(session.channels)),
      cell('Queue', { class: 'num' }, session.queued === 0 ? el('span', { class: 'faint' }, '0')
        : [el('strong', {}, session.queued.toLocaleString()), session.oldestQueuedAt ? el('span', { class: 'sub' }, 'oldest ', moving('for', session.oldestQueuedAt)) : null]),
      cell('', { class: 'act' }, this.#isAdmin && session.protocol !== 'program'
        ? command('Reconnect', () => reconnect(session.name), { 'aria-label': `Reconnect ${session.name}`, data: { focus: 'reconnect' } }) : null));
  }
}

async function reconnect(name) {
  await ask(`api/v1/sessions/${encodeURIComponent(name)}/reconnect`, { method: 'POST' });
  announce(`${name} connects anew.`);
}

/** Those in trouble, each with its reason, then the joined ones; the rest of many behind a click. */
function channels(list) {
  if (list.length === 0) {
    return el('span', { class: 'faint' }, '–');
  }
  const parked = list.filter(c => c.state === 'parked').map(c => el('li', { class: 'parked' },
    el('span', { class: 'chan' }, c.name), ' ', el('span', { class: 'badge parked' }, 'Parked'), c.reason ? el('span', { class: 'reason' }, c.reason) : null));
  const others = list.filter(c => c.state !== 'parked').map(c => el('li', {}, el('span', { class: 'chan' }, c.name), c.state === 'joining' ? el('span', { class: 'sub inline' }, ' joining') : null));
  return [
    parked.length > 0 ? el('ul', { class: 'chans' }, parked.slice(0, PARKED_SHOWN)) : null,
    parked.length > PARKED_SHOWN ? more(`${parked.length - PARKED_SHOWN} more parked`, parked.slice(PARKED_SHOWN), 'chans') : null,
    others.length > 0 ? el('ul', { class: 'chans flow' }, others.slice(0, JOINED_SHOWN)) : null,
    others.length > JOINED_SHOWN ? more(`${others.length - JOINED_SHOWN} more`, others.slice(JOINED_SHOWN), 'chans flow') : null,
  ];
}

const more = (words, items, kind) => el('details', {}, el('summary', {}, words), el('ul', { class: kind }, items));

/** For the glance: how long the oldest of all waits. */
export function oldest(waiting) {
  const times = waiting.filter(s => s.oldestQueuedAt).map(s => Date.parse(s.oldestQueuedAt));
  return times.length === 0 ? null : span(now() - Math.min(...times));
}
