// Signing in: a secret that this tab keeps for as long as it is open.
import { ask, Refused, secret } from './api.js';
import { byId } from './dom.js';

export class SignIn {
  #dialog = byId('signin');
  #field = byId('secret');
  #signedIn;

  /** @param signedIn called when a secret was right */
  constructor(signedIn) {
    this.#signedIn = signedIn;
    byId('signin-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#try();
    });
    this.#dialog.addEventListener('click', event => {
      if (event.target === this.#dialog || 'close' in event.target.dataset) {
        this.#dialog.close();
      }
    });
    this.#dialog.addEventListener('close', () => { this.#field.value = ''; });
    this.#field.addEventListener('input', () => this.#fault(''));
  }

  open(fault = '') {
    this.#fault(fault);
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
    this.#field.focus();
  }

  #fault(words) {
    byId('signin-error').textContent = words;
    this.#field.toggleAttribute('aria-invalid', words !== '');
  }

  async #try() {
    const given = this.#field.value.trim();
    // A header takes no other characters.
    if (!/^[\x21-\x7E\xA0-\xFF]+$/.test(given)) {
      this.#fault('A secret has no spaces, and here only characters that a header can carry.');
      return;
    }
    try {
      await ask('api/v1/whoami', { as: given });
    } catch (error) {
      this.#fault(error instanceof Refused && error.status === 401 ? 'This secret is wrong, or not valid any more.' : error instanceof Refused ? error.message : 'The gateway cannot be reached.');
      this.#field.select();
      return;
    }
    secret.set(given);
    this.#dialog.close();
    this.#signedIn();
  }
}
