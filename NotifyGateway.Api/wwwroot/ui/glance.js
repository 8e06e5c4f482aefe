// One glance: all is well, or what is wrong and since when. Also in the tab's title and icon.
import { announce, byId, el, say } from './dom.js';
import { LOST } from './deliveries.js';
import { moving } from './time.js';
import { oldest, troubles } from './sessions.js';

const SHOWN = 5;

export class Glance {
  #sessions = [];
  #readiness = [];
  #configuration = [];
  #losses;
  #lost = null;
  #told = null;
  #wellSince = null;
  #known = false;
  #showTrouble;
  #showMessages;

  /**
   * @param showTrouble shows the sessions in trouble
   * @param showMessages shows the messages of a status
   */
  constructor(showTrouble, showMessages) {
    this.#showTrouble = showTrouble;
    this.#showMessages = showMessages;
    byId('glance').addEventListener('click', event => {
      if (event.target.dataset?.show) {
        this.#showMessages(event.target.dataset.show);
      }
    });
  }

  sessions(list) { this.#sessions = list; this.#known = true; this.#show(); }

  /** Reasons why the gateway takes no messages. */
  readiness(reasons) { this.#readiness = reasons; this.#show(); }

  /** What did not arrive lately: `{hour, day}`, each `{failed, expired}`; null: nobody tells; undefined: not asked yet, and so no verdict. */
  losses(summary) { this.#losses = summary; this.#show(); }

  /** What is wrong with the configuration: `{reason}`, or `{who, words, since}`. */
  configuration(problems) { this.#configuration = problems; this.#show(); }

  /** The stream is lost (`{since, reason, next}`), or there again (null). */
  stream(lost) { this.#lost = lost; this.#show(); }

  /** Nobody may look. */
  closed(words) {
    this.#known = false;
    this.#told = null;
    this.#paint('unknown', words, ['', null], []);
  }

  /** Time alone makes trouble of what takes too long. */
  look() { this.#show(); }

  #show() {
    if (!this.#known || this.#losses === undefined) {
      return;
    }
    const problems = this.#problems();
    const level = problems.some(p => p.level === 'bad') ? 'bad' : problems.length > 0 ? 'warn' : 'ok';
    const words = this.#lost ? 'No connection to the gateway' : level === 'ok' ? 'All is well' : problems.length === 1 ? '1 problem' : `${problems.length.toLocaleString()} problems`;
    this.#paint(level, words, this.#more(level), problems);
  }

  #problems() {
    const order = { bad: 0, warn: 1 };
    return [
      ...(this.#lost ? [{ level: 'bad', who: 'This page', words: 'shows what was known before', ...this.#lost }] : []),
      ...this.#readiness.map(reason => ({ level: 'bad', who: 'The gateway', words: 'takes no messages', reason })),
      ...this.#sessions.flatMap(s => troubles(s).map(t => ({ ...t, who: s.name }))).sort((a, b) => order[a.level] - order[b.level]),
      ...(lost(this.#losses?.hour) > 0 ? [{ level: 'warn', who: lossWords(this.#losses.hour), words: 'in the last hour', show: LOST }] : []),
      ...this.#configuration.map(problem => ({ level: 'warn', who: 'Configuration', words: '', ...problem })),
    ];
  }

  #more(level) {
    const count = state => this.#sessions.filter(s => s.state === state).length;
    // What waits for nobody waits, too.
    const waiting = [...this.#sessions, ...this.#configuration.filter(problem => problem.queued > 0)];
    const queued = waiting.reduce((sum, w) => sum + w.queued, 0);
    const parts = [];
    if (this.#sessions.length > 0) {
      const online = count('online');
      const busy = this.#sessions.length - count('idle');
      parts.push(busy > 0 ? `${online.toLocaleString()} of ${busy.toLocaleString()} ${busy === 1 ? 'session' : 'sessions'} online` : `${this.#sessions.length} idle`);
    } else if (level === 'ok') {
      parts.push('no sessions are configured');
    }
    parts.push(queued === 0 ? 'nothing waits' : `${queued.toLocaleString()} waiting, the oldest for ${oldest(waiting) ?? 'a moment'}`);
    return [parts.join(' · '), level === 'ok' && lost(this.#losses?.day) > 0 ? `${lossWords(this.#losses.day)} in the last day` : null];
  }

  #paint(level, words, more, problems) {
    byId('glance').dataset.level = level;
    say(byId('verdict'), words);
    this.#moreLine(level, more);
    const list = byId('problems');
    list.hidden = problems.length === 0;
    const stamp = JSON.stringify(problems);
    if (list.dataset.stamp !== stamp) {
      list.dataset.stamp = stamp;
      list.replaceChildren(...problems.slice(0, SHOWN).map(line), ...(problems.length > SHOWN
        ? [el('li', {}, el('button', { type: 'button', class: 'quiet flush', on: { click: this.#showTrouble } }, `and ${(problems.length - SHOWN).toLocaleString()} more`))] : []));
    }
    const title = level === 'ok' ? '✓ NotifyGateway' : level === 'unknown' ? 'NotifyGateway' : `${level === 'bad' ? '✕' : '!'} ${words} – NotifyGateway`;
    if (document.title !== title) {
      document.title = title;
    }
    const icon = byId('icon');
    const file = `ui/icon-${level}.svg`;
    if (icon.getAttribute('href') !== file) {
      icon.setAttribute('href', file);
    }
    const told = level === 'unknown' ? null : `${words}${problems.length > 0 ? `: ${problems[0].who} ${problems[0].words}` : ''}`.trim();
    if (told !== null && told !== this.#told) {
      if (this.#told !== null) {
        announce(told);
      }
      this.#told = told;
    }
  }

  /** Since when all is well is known from the sessions, and at the earliest from when this page first saw trouble end. */
  #moreLine(level, [more, before]) {
    const line = byId('verdict-more');
    if (level !== 'ok') {
      this.#wellSince = null;
    }
    const sinces = this.#sessions.filter(s => s.state === 'online' && !s.name.includes('://')).map(s => s.since).sort();
    if (level === 'ok' && this.#told !== null && !this.#told.startsWith('All is well')) {
      this.#wellSince = new Date().toISOString();
    }
    const since = level === 'ok' ? this.#wellSince ?? sinces.at(-1) ?? null : null;
    const stamp = `${more}|${before}|${since}`;
    if (line.dataset.stamp !== stamp) {
      line.dataset.stamp = stamp;
      line.replaceChildren(...(since ? ['for ', moving('for', since), ' · ', more] : [more]), ...(before ? [' · ', shows(before, LOST)] : []));
    }
  }
}

const lost = numbers => (numbers ? numbers.failed + numbers.expired : 0);

/** 1 delivery failed; 3 deliveries failed, 2 expired. */
function lossWords({ failed, expired }) {
  const first = failed > 0 ? failed : expired;
  const words = `${first.toLocaleString()} ${first === 1 ? 'delivery' : 'deliveries'} ${failed > 0 ? 'failed' : 'expired'}`;
  return failed > 0 && expired > 0 ? `${words}, ${expired.toLocaleString()} expired` : words;
}

/** Leads to the messages of a status. */
const shows = (words, status) => el('button', { type: 'button', class: 'inline', data: { show: status } }, words);

function line({ level, who, words, since, reason, next, show }) {
  return el('li', { class: level },
    el('strong', {}, who), words ? ` ${words}` : '', since ? [' ', el('span', { class: 'since' }, 'for ', moving('for', since))] : null,
    reason ? [el('span', { class: 'sep' }, ': '), el('span', { class: 'why' }, reason)] : null,
    next ? el('span', { class: 'since' }, ' · next attempt ', moving('until', next)) : null,
    show ? [' · ', shows('show', show)] : null);
}
