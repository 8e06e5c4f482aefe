// The configuration: what is wrong with it, for the administrator.
import { ask, Refused } from './api.js';
import { byId, el, fill } from './dom.js';
import { moment, moving } from './time.js';

/** Shows it, and answers with what is wrong (`{reason}` or `{who, words, since}`); null when the gateway does not tell. */
export async function showConfiguration() {
  let state;
  try {
    state = await ask('api/v1/configuration');
  } catch (error) {
    if (error instanceof Refused && error.status === 404) {
      hideConfiguration();
      return null;
    }
    throw error;
  }
  const list = (title, items) => (items?.length > 0 ? [el('h3', {}, title), el('ul', { class: 'list' }, items)] : null);
  const problems = state.problems ?? [];
  const unserved = state.unserved ?? [];
  byId('configuration-card').hidden = false;
  fill(byId('configuration'),
    el('p', { class: 'hint' }, 'Loaded ', state.loadedAt ? moment(state.loadedAt) : '', state.files?.length > 0 ? ` from ${state.files.join(', ')}` : ''),
    problems.length > 0 ? el('p', { class: 'error' }, 'The files were changed, but not taken over: the configuration of before goes on.') : null,
    list('Problems', problems.map(p => el('li', {}, el('code', {}, p.path), el('span', { class: 'reason' }, p.message)))),
    list('Taken over at the next start', (state.needsRestart ?? []).map(path => el('li', {}, el('code', {}, path)))),
    list('Warnings', (state.warnings ?? []).map(words => el('li', {}, words))),
    list('Nobody delivers', unserved.map(u => el('li', {}, el('code', {}, u.session), el('span', { class: 'reason' }, waiting(u), ', the oldest for ', moving('for', u.oldestQueuedAt), ': it is configured no more. '
      + 'They go out when it is back, else they expire.')))),
    unserved.length + problems.length + (state.needsRestart?.length ?? 0) + (state.warnings?.length ?? 0) === 0 ? el('p', {}, 'Nothing is wrong with it.') : null,
  );
  return [
    ...problems.map(p => ({ reason: `${p.path} ${p.message}` })),
    ...((state.needsRestart?.length ?? 0) > 0 ? [{ reason: `a restart is needed for ${state.needsRestart.join(', ')}` }] : []),
    ...unserved.map(u => ({ who: u.session, words: `is configured no more, and ${waiting(u)}`, since: u.oldestQueuedAt, queued: u.queued, oldestQueuedAt: u.oldestQueuedAt, show: 'queued' })),
  ];
}

const waiting = ({ queued }) => (queued === 1 ? '1 delivery waits' : `${queued.toLocaleString()} deliveries wait`);

export function hideConfiguration() {
  byId('configuration-card').hidden = true;
  byId('configuration').replaceChildren();
}
