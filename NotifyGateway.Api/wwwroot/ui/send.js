// The form for a test message, and the names of the destinations that the configuration knows.
import { ask } from './api.js';
import { byId, el } from './dom.js';
import { badge, proof } from './delivery-row.js';

const WAIT = 10;

export class Send {
  constructor() {
    byId('send').addEventListener('submit', event => {
      event.preventDefault();
      this.#send(event.target);
    });
  }

  /** Fills the list of destinations. */
  async start() {
    const known = await ask('api/v1/destinations');
    byId('destinations').replaceChildren(...known.map(d => el('option', { value: d.name, label: d.session ? `${d.kind} on ${d.session}` : d.kind })));
    byId('send-to-hint').textContent = known.length === 0 ? 'The configuration lists none for you.'
      : `${known.length.toLocaleString()} known; others may be reached by their name or URL.`;
    const field = byId('send-to');
    if (field.value === '' && known.length > 0) {
      field.value = known[0].name;
    }
  }

  async #send(form) {
    const { to, title, text, severity } = form.elements;
    const button = form.querySelector('[type=submit]');
    const outcome = byId('send-outcome');
    if (button.getAttribute('aria-disabled') === 'true') {
      return;
    }
    button.setAttribute('aria-disabled', 'true');
    outcome.replaceChildren(el('p', { class: 'faint' }, 'Sending …'));
    try {
      const receipt = await ask(`api/v1/messages?wait=${WAIT}`, {
        method: 'POST',
        body: { to: [to.value.trim()], text: text.value, title: title.value.trim() || null, severity: severity.value || null },
      });
      outcome.replaceChildren(el('ul', { class: 'list' }, receipt.deliveries.map(d => el('li', {},
        el('p', { class: 'line' }, badge(d.status), ' ', el('a', { href: `#message=${receipt.id}` }, d.to), d.proof ? [' ', proof(d.proof)] : null),
        d.reason ? el('p', { class: 'reason' }, d.reason) : d.status === 'queued' ? el('p', { class: 'hint' }, 'It is on disk and waits for its turn.') : null))));
    } catch (error) {
      outcome.replaceChildren(el('p', { class: 'error' }, error.message));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }
}
