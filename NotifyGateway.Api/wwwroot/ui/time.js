// Moments and spans, and the one clock that moves them all.
import { el } from './dom.js';
import { now } from './api.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });

/** 42 s, 3 min, 2 h 5 min, 4 d 3 h: at most two units. */
export function span(milliseconds) {
  const s = Math.max(0, Math.round(milliseconds / 1000));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min`;
  }
  if (s < 86400) {
    return Math.floor(s / 60) % 60 === 0 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  }
  return Math.floor(s / 3600) % 24 === 0 ? `${Math.floor(s / 86400)} d` : `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/** m:ss below an hour: what is counted down is watched. */
function countdown(milliseconds) {
  const s = Math.ceil(milliseconds / 1000);
  return s <= 0 ? 'now' : s < 3600 ? `in ${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}` : `in ${span(milliseconds)}`;
}

export const full = iso => whole.format(new Date(iso));

/** The time of a day, with its date unless that is today. */
export function moment(iso) {
  const date = new Date(iso);
  const isToday = date.toDateString() === new Date(now()).toDateString();
  return el('time', { datetime: iso, title: full(iso) }, isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`);
}

const WORDS = {
  ago: at => `${span(now() - at)} ago`,
  for: at => span(now() - at),
  until: at => countdown(at - now()),
};

/** A time whose words move on: `ago`, `for` (how long since) or `until` (a countdown). */
export function moving(kind, iso) {
  return el('time', { datetime: iso, title: full(iso), data: { moving: kind } }, WORDS[kind](Date.parse(iso)));
}

/** Moves them all, once a second, while somebody looks. */
export function startClock(root) {
  const tick = () => {
    if (!document.hidden) {
      for (const time of root.querySelectorAll('time[data-moving]')) {
        const words = WORDS[time.dataset.moving](Date.parse(time.dateTime));
        if (time.firstChild.data !== words) {
          time.firstChild.data = words;
        }
      }
    }
    setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
