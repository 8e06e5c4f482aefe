// The hooks, for the administrator: where they lead, and a command line to try one. A token is fetched only when it is asked for.
import { ask, base } from './api.js';
import { announce, byId, command, el } from './dom.js';

/** A word that no shell reads anything into. */
const quoted = text => `'${text.replaceAll("'", `'\\''`)}'`;

const curl = token => `curl -H 'Content-Type: application/json' -d '{"text": "A test of this hook"}' ${quoted(base + 'hooks/' + encodeURIComponent(token))}`;

export async function showHooks() {
  const hooks = await ask('api/v1/hooks');
  byId('hooks-card').hidden = byId('jump-hooks').hidden = false;
  byId('hooks-count').textContent = String(hooks.length);
  byId('hooks').replaceChildren(...(hooks.length === 0 ? [el('li', { class: 'faint' }, 'The configuration has no hooks.')] : hooks.map(row)));
}

export function hideHooks() {
  byId('hooks-card').hidden = byId('jump-hooks').hidden = true;
  byId('hooks').replaceChildren();
}

function row(hook) {
  const facts = [
    hook.format && `format ${hook.format}`, hook.template && `template ${hook.template}`, hook.nick && `as ${hook.nick}`,
    hook.allowGet && 'GET too', `${hook.perMinute.toLocaleString()} a minute`, hook.signed && 'signed requests only',
  ].filter(Boolean).join(' · ');
  const place = el('div', {});
  return el('li', {},
    el('div', { class: 'line spread' },
      el('p', {}, el('strong', {}, hook.name), ' → ', hook.to.join(', '), el('span', { class: 'sub' }, facts)),
      hook.token === 'sha256' ? null : command('Show curl line', button => toggle(hook, button, place), { 'aria-expanded': 'false', 'aria-label': `Show curl line of ${hook.name}` })),
    hook.token === 'sha256' ? el('p', { class: 'hint' }, 'Only the SHA-256 of its token is configured: it cannot be shown.') : null,
    place);
}

async function toggle(hook, button, place) {
  if (place.hasChildNodes()) {
    place.replaceChildren();
    button.textContent = 'Show curl line';
    button.setAttribute('aria-label', `Show curl line of ${hook.name}`);
    button.setAttribute('aria-expanded', 'false');
    return;
  }
  const { token } = await ask(`api/v1/hooks/${encodeURIComponent(hook.name)}/token`);
  const line = curl(token);
  const code = el('code', {}, line);
  place.replaceChildren(
    el('pre', { class: 'lines', tabindex: '0', 'aria-label': `curl line of ${hook.name}` }, code),
    el('p', { class: 'row' }, command('Copy', async copy => {
      await copyText(line, code);
      copy.textContent = 'Copied';
      announce('Copied.');
      setTimeout(() => { copy.textContent = 'Copy'; }, 2000);
    }), el('span', { class: 'hint' }, 'Whoever has this line may send.', hook.signed ? ' This hook takes signed requests only: curl alone will be refused.' : '')));
  button.textContent = 'Hide';
  button.setAttribute('aria-label', `Hide curl line of ${hook.name}`);
  button.setAttribute('aria-expanded', 'true');
}

/** Where a page may not write to the clipboard (plain HTTP), the line is selected instead. */
async function copyText(text, element) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  getSelection().selectAllChildren(element);
  if (!document.execCommand('copy')) {
    throw new Error('The line is selected: copy it with the keyboard.');
  }
}
