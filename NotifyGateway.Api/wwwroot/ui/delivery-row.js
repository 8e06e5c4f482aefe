// One delivery as a row.
import { cell, command, el } from './dom.js';
import { styled } from './styled.js';
import { moment } from './time.js';

export const STATUS = { queued: 'Queued', delivered: 'Delivered', failed: 'Failed', expired: 'Expired', cancelled: 'Cancelled', partial: 'Partial' };

const PROOFS = {
  echo: 'the server sent it back',
  pong: 'the server answered a PING behind it',
  ack: 'the server acknowledged it',
  reflection: 'the room showed it',
  exit: 'the program ended well',
};

/** What showed that the other side has processed it. */
export const proof = word => (word ? el('span', { class: 'proof', title: PROOFS[word] ?? '' }, word) : null);

export const badge = status => el('span', { class: `badge ${status}` }, STATUS[status] ?? status);

export const canRetry = delivery => ['failed', 'expired', 'cancelled'].includes(delivery.status);

/**
 * @param {{message: object, delivery: object}} row
 * @param {{retry(id): Promise, cancel(id): Promise, only(name): void}} commands
 */
export function deliveryRow({ message, delivery }, commands) {
  const title = message.title ? el('strong', {}, styled(message.title), ' ') : null;
  const link = el('a', { href: `#message=${message.id}`, class: 'open', data: { focus: 'open' } }, title, styled(message.text || (message.title ? '' : '(no text)')), message.cut ? ' …' : null);
  return el('tr', { role: 'row', class: delivery.status },
    cell('Accepted', { class: 'when' }, moment(message.acceptedAt)),
    cell('Outcome', {}, badge(delivery.status), delivery.proof ? [' ', proof(delivery.proof)] : null, delivery.attempts > 1 ? el('span', { class: 'sub inline', title: `${delivery.attempts} attempts` }, ` ${delivery.attempts}×`) : null),
    cell('Destination', { class: 'dest' }, delivery.to, el('span', { class: 'sub' }, `from ${message.client}`)),
    cell('Message', { class: 'text' }, el('span', { class: `clip ${message.severity ?? ''}` }, link), delivery.reason ? el('span', { class: 'reason' }, delivery.reason) : null),
    cell('', { class: 'act' },
      delivery.status === 'queued' ? command('Cancel', () => commands.cancel(message.id), { 'aria-label': `Cancel the message to ${delivery.to}`, data: { focus: 'act' } })
        : canRetry(delivery) ? command('Retry', () => commands.retry(message.id), { 'aria-label': `Retry the message to ${delivery.to}`, data: { focus: 'act' } }) : null));
}
