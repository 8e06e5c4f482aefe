// The deliveries: pages of messages from the API, kept up to date by events. Only one page is ever held or shown.
import { ask } from './api.js';
import { announce, byId, nextFrame, patch, say } from './dom.js';
import { canRetry, deliveryRow } from './delivery-row.js';

/** The filter's value for what did not arrive: of what arrived in part only the rest is shown. */
export const LOST = 'failed,expired,partial';

const PER_PAGE = 25;
const ROWS_OF_A_MESSAGE = 20;
const EMPTY_PAGES = 25; // A rare message may stand behind pages without a match.
const REFRESH_AT_MOST = 1000;
const ANNOUNCE_AT_MOST = 8000;

export class Deliveries {
  #messages = [];
  #next = null;
  #cursors = []; // Of the pages before this one; none: the newest.
  #loading = null;
  #refreshAt = 0;
  #refreshing = 0;
  #heard = { ended: 0, failed: 0 };
  #telling = 0;
  #fresh = false;
  #active = false;
  #onMessage;
  #failed;

  /**
   * @param onMessage called with a message that has changed
   * @param failed called with what a page could not be read for
   */
  constructor(onMessage, failed) {
    this.#onMessage = onMessage;
    this.#failed = failed;
    const filter = byId('deliveries-filter');
    let typing = 0;
    filter.addEventListener('input', event => {
      clearTimeout(typing);
      typing = setTimeout(() => this.#first(), event.target.tagName === 'SELECT' ? 0 : 300);
    });
    filter.addEventListener('reset', () => setTimeout(() => this.#first(), 0));
    filter.addEventListener('submit', event => { event.preventDefault(); clearTimeout(typing); this.#first(); });
    byId('deliveries-pages').addEventListener('click', event => this.#turn(event.target));
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.#fresh) { this.refresh(); } });
  }

  commands = {
    retry: id => this.#change(id, 'api/v1/messages/' + id + '/retry', 'POST', 'Queued once more.'),
    cancel: id => this.#change(id, 'api/v1/messages/' + id, 'DELETE', 'Cancelled what was queued.'),
  };

  start() { this.#active = true; return this.#first(); }

  stop() {
    this.#active = false;
    this.#loading?.abort();
    this.#messages = [];
    this.#show();
  }

  /** A delivery has come to its end. */
  ended(event) {
    this.#heard.ended++;
    this.#heard.failed += event.status === 'failed' || event.status === 'expired' ? 1 : 0;
    this.#tell();
    const message = this.#messages.find(m => m.id === event.messageId);
    const delivery = message?.deliveries.find(d => d.id === event.id);
    if (delivery) {
      Object.assign(delivery, { status: event.status, attempts: event.attempts, reason: event.reason, proof: event.proof, settledAt: event.settledAt });
      this.#onMessage(message);
      this.#show();
    }
    // A page that is filtered by status may not hold it any more, or hold it from now on; the newest page may not know it yet.
    if (!delivery || byId('deliveries-filter').elements.status.value !== '') {
      this.refresh();
    }
  }

  /** Reads the newest page again, soon; at most once a second, and less often where it takes long. Older pages stand still. */
  refresh() {
    this.#fresh = true;
    if (this.#refreshing || this.#cursors.length > 0 || document.hidden || !this.#active) {
      return;
    }
    this.#refreshing = setTimeout(async () => {
      this.#fresh = false;
      const began = performance.now();
      try {
        await this.#load(this.#at(), true);
      } finally {
        this.#refreshAt = performance.now() + Math.max(REFRESH_AT_MOST, 4 * (performance.now() - began));
        this.#refreshing = 0;
        if (this.#fresh) {
          this.refresh();
        }
      }
    }, Math.max(150, this.#refreshAt - performance.now()));
  }

  /** Shows the messages that stand so: a value of the filter. */
  showOnly(status) {
    const filter = byId('deliveries-filter');
    for (const field of filter.querySelectorAll('input')) {
      field.value = '';
    }
    filter.elements.status.value = status;
    this.#first();
    filter.elements.status.focus({ preventScroll: true });
    byId('deliveries-title').scrollIntoView({ block: 'start' });
  }

  #at() { return this.#cursors.at(-1) ?? null; }

  #first() {
    this.#cursors = [];
    return this.#load(null, false);
  }

  #turn(button) {
    const go = button.dataset?.go;
    if (!go || button.getAttribute('aria-disabled') === 'true') {
      return;
    }
    if (go === 'older') {
      this.#cursors.push(this.#next);
    } else if (go === 'newer') {
      this.#cursors.pop();
    } else {
      this.#cursors = [];
    }
    this.#load(this.#at(), false);
  }

  async #load(before, quietly) {
    this.#loading?.abort();
    const loading = this.#loading = new AbortController();
    const { status, to, client } = byId('deliveries-filter').elements;
    const query = new URLSearchParams({ limit: PER_PAGE });
    for (const [name, field] of Object.entries({ status, to, from: client })) {
      if (field.value.trim() !== '') {
        query.set(name, field.value.trim());
      }
    }
    const table = byId('deliveries');
    if (!quietly) {
      table.setAttribute('aria-busy', 'true');
    }
    try {
      const items = [];
      let cursor = before;
      for (let pages = 0; pages < EMPTY_PAGES; pages++) {
        if (cursor) {
          query.set('before', cursor);
        }
        const page = await ask(`api/v1/messages?${query}`, { signal: loading.signal });
        items.push(...page.items);
        cursor = page.next;
        if (items.length > 0 || !cursor) {
          break;
        }
      }
      this.#messages = items;
      this.#next = cursor;
      this.#show(!quietly);
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.#failed(error);
      }
    } finally {
      if (this.#loading === loading) {
        table.removeAttribute('aria-busy');
      }
    }
  }

  async #change(id, path, method, words) {
    const receipt = await ask(path, { method });
    const message = this.#messages.find(m => m.id === id);
    if (message) {
      message.status = receipt.status;
      message.deliveries = receipt.deliveries;
      this.#show();
    }
    this.#onMessage({ id, ...receipt });
    announce(words);
    return receipt;
  }

  #isNew = false;

  #show(isNewPage = false) {
    this.#isNew ||= isNewPage;
    nextFrame(this.#render);
  }

  #render = () => {
    const { status } = byId('deliveries-filter').elements;
    const to = byId('deliveries-filter').elements.to.value.trim();
    const rows = this.#messages.flatMap(message => message.deliveries
      .filter(d => (to === '' || d.to === to) && (status.value !== LOST || canRetry(d)))
      .sort((a, b) => Number(canRetry(b)) - Number(canRetry(a)))
      .slice(0, ROWS_OF_A_MESSAGE)
      .map(delivery => ({ message, delivery })));
    const body = byId('deliveries').tBodies[0];
    const added = patch(body, rows.map(row => ({
      key: row.delivery.id,
      stamp: JSON.stringify([row.delivery, row.message.title, row.message.text, row.message.cut]),
      build: () => deliveryRow(row, this.commands),
    })));
    if (!this.#isNew) {
      for (const key of added) {
        body.querySelector(`[data-key="${CSS.escape(key)}"]`)?.classList.add('new');
      }
    }
    this.#isNew = false;

    const page = this.#cursors.length;
    byId('deliveries').hidden = rows.length === 0;
    const empty = byId('deliveries-empty');
    empty.hidden = rows.length > 0;
    const isFiltered = status.value !== '' || to !== '' || byId('deliveries-filter').elements.client.value.trim() !== '';
    say(empty, isFiltered ? 'No message matches the filter.' : page > 0 ? 'There are no older messages.' : 'No messages yet. The form below sends one.');
    const nav = byId('deliveries-pages');
    nav.hidden = page === 0 && !this.#next;
    say(nav.querySelector('span'), page === 0 ? 'Newest, live' : `Page ${page + 1}, not live`);
    const off = (go, yes) => nav.querySelector(`[data-go="${go}"]`).setAttribute('aria-disabled', String(yes));
    off('newest', page === 0);
    off('newer', page === 0);
    off('older', !this.#next);
    say(byId('deliveries-count'), page === 0 ? 'newest first' : '');
  };

  /** One sentence for many events. */
  #tell() {
    if (this.#telling) {
      return;
    }
    this.#telling = setTimeout(() => {
      const { ended, failed } = this.#heard;
      this.#heard = { ended: 0, failed: 0 };
      this.#telling = 0;
      announce(`${ended} ${ended === 1 ? 'delivery' : 'deliveries'} ended${failed > 0 ? `, ${failed} of them not delivered` : ''}.`);
    }, ANNOUNCE_AT_MOST);
  }
}
