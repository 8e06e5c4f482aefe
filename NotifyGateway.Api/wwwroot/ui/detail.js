// A message in full: what was said, where it went, and how it is written there.
import { ask, base } from './api.js';
import { byId, command, el, fill, visible } from './dom.js';
import { badge, canRetry, proof } from './delivery-row.js';
import { styled } from './styled.js';
import { moment, moving } from './time.js';

const READ_AT_MOST = 300;

export class Detail {
  #id = null;
  #message = null;
  #lines = null;
  #reading = 0;
  #commands;
  #dialog = byId('detail');

  constructor(commands) {
    this.#commands = commands;
    this.#dialog.addEventListener('close', () => {
      this.#id = null;
      if (location.hash.startsWith('#message=')) {
        history.replaceState(null, '', location.pathname + location.search);
      }
    });
    this.#dialog.addEventListener('click', event => {
      if (event.target === this.#dialog || 'close' in event.target.dataset) {
        this.#dialog.close();
      }
    });
    window.addEventListener('hashchange', () => this.route());
  }

  /** Shows the message that the address names; there can be a link to it. */
  route() {
    const id = /^#message=([0-9a-f-]{36})$/i.exec(location.hash)?.[1];
    if (id) {
      this.#show(id);
    } else if (this.#dialog.open) {
      this.#dialog.close();
    }
  }

  close() { if (this.#dialog.open) { this.#dialog.close(); } }

  /** A message has changed: reads it again if it is the one shown, once for many changes. */
  changed(message) {
    if (message.id === this.#id && this.#reading === 0) {
      this.#reading = setTimeout(() => {
        this.#reading = 0;
        if (this.#id !== null) {
          this.#load();
        }
      }, READ_AT_MOST);
    }
  }

  async #show(id) {
    this.#id = id;
    this.#message = this.#lines = null;
    byId('detail-body').replaceChildren(el('p', { class: 'faint' }, 'Loading …'));
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
    await this.#load();
  }

  async #load() {
    const id = this.#id;
    try {
      const message = await ask(`api/v1/messages/${id}`);
      if (id !== this.#id) {
        return;
      }
      this.#message = message;
      this.#render();
      // Asked again each time: what is queued grows older, and begins with its age.
      const lines = await ask(`api/v1/messages/${id}/lines`);
      if (id === this.#id) {
        this.#lines = lines;
        this.#render();
      }
    } catch (error) {
      if (id === this.#id) {
        byId('detail-body').replaceChildren(el('p', { class: 'error' }, error.message));
      }
    }
  }

  #render() {
    const m = this.#message;
    const focused = this.#dialog.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const field = (name, ...value) => [el('dt', {}, name), el('dd', {}, ...value)];
    fill(byId('detail-body'),
      el('dl', { class: 'facts' },
        field('Status', badge(m.status)),
        field('Accepted', moment(m.acceptedAt), ' · ', moving('ago', m.acceptedAt)),
        m.status === 'queued' ? field('Expires', moving('until', m.expiresAt)) : null,
        field('From', `${m.client} (${m.input})`),
        m.severity ? field('Severity', m.severity) : null,
        m.markup !== 'plain' ? field('Markup', m.markup) : null,
        field('Id', el('code', {}, m.id), ' ', el('a', { href: new URL(`m/${m.id}`, base).href }, 'as text'))),
      m.title ? el('h3', {}, styled(m.title)) : null,
      el('pre', { class: 'message', tabindex: '0', 'aria-label': 'Text' }, m.text === '' ? '(no text)' : styled(m.text)),
      el('div', { class: 'row' },
        m.deliveries.some(canRetry) ? command('Retry what did not arrive', () => this.#commands.retry(m.id), { class: 'primary', data: { focus: 'retry' } }) : null,
        m.deliveries.some(d => d.status === 'queued') ? command('Cancel what is queued', () => this.#commands.cancel(m.id), { data: { focus: 'cancel' } }) : null),
      el('h3', {}, m.deliveries.length === 1 ? '1 delivery' : `${m.deliveries.length.toLocaleString()} deliveries`),
      el('ul', { class: 'list deliveries' }, m.deliveries.map((d, i) => this.#delivery(d, this.#lines?.[i]))));
    if (focused) {
      (byId('detail-body').querySelector(`[data-focus="${CSS.escape(focused)}"]`) ?? this.#dialog.querySelector('[data-close]')).focus();
    }
  }

  #delivery(d, written) {
    return el('li', {},
      el('p', { class: 'line' }, badge(d.status), ' ', el('strong', {}, d.to), d.proof ? [' ', proof(d.proof)] : null,
        el('span', { class: 'sub inline' }, `${d.attempts === 1 ? '1 attempt' : `${d.attempts} attempts`}`, d.settledAt ? [', ended ', moment(d.settledAt)] : null)),
      d.reason ? el('p', { class: 'reason' }, d.reason) : null,
      written ? lines(d, written) : null);
  }
}

/** They are made for this answer, not kept since they were sent. */
const BASIS = {
  connection: 'as written on the connection that stands now',
  configuration: 'as written before a server has told its limits: there is no connection now',
};

function lines(delivery, { lines: list, basis }) {
  if (!list) {
    return el('p', { class: 'hint' }, 'How it is written is not known: nothing delivers there at present.');
  }
  if (list.length === 0) {
    return el('p', { class: 'hint' }, 'It has no visible text: nothing is written.');
  }
  return el('figure', {},
    el('figcaption', { class: 'hint' }, `${list.length === 1 ? '1 line' : `${list.length} lines`}, ${BASIS[basis]}`),
    el('pre', { class: 'lines', tabindex: '0', 'aria-label': `Lines for ${delivery.to}` }, list.flatMap((l, i) => [i > 0 ? '\n' : '', ...visible(l)])));
}
