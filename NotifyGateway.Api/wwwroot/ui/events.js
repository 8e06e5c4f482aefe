// The event stream: server-sent events read by hand, and taken up again when they end.
import { open, Refused } from './api.js';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const SILENCE = 40000; // The gateway says something every 15 s.

/** Cuts a text that comes in pieces into events. Comments and lines of other fields are left out. */
export function parser(emit) {
  let rest = '';
  let name = '';
  let data = [];
  return piece => {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) {
          emit(name || 'message', data.join('\n'));
        }
        name = '';
        data = [];
      } else if (line.startsWith('event:')) {
        name = line.slice(6).trim();
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
      }
    }
  };
}

/**
 * Listens until stopped.
 * @param {{opened(): void, event(name: string, data: object): void, lost(reason: string, retryAt: number): void, refused(error: Refused): void}} on
 * @returns {{stop(): void, retry(): void}}
 */
export function listen(on) {
  let stopped = false;
  let wake = () => {};
  let current = new AbortController();

  const read = async () => {
    current = new AbortController();
    let watchdog = 0;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => current.abort(new Error('The gateway has been silent for too long.')), SILENCE);
    };
    try {
      alive();
      const body = await open('api/v1/events', current.signal);
      on.opened();
      const feed = parser((name, data) => on.event(name, JSON.parse(data)));
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          return 'The gateway ended the stream.';
        }
        alive();
        feed(value);
      }
    } finally {
      clearTimeout(watchdog);
    }
  };

  const run = async () => {
    let pause = FIRST_PAUSE;
    while (!stopped) {
      const began = performance.now();
      let reason;
      try {
        reason = await read();
      } catch (error) {
        if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
          if (!stopped) {
            on.refused(error);
          }
          return;
        }
        reason = error instanceof Refused || error.message.startsWith('The gateway') ? error.message : 'The gateway cannot be reached.';
      }
      if (stopped) {
        return;
      }
      pause = performance.now() - began > 10000 ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      const wait = pause * (0.75 + Math.random() / 2);
      on.lost(reason, Date.now() + wait);
      await new Promise(done => {
        const timer = setTimeout(done, wait);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  };
  run();

  return {
    retry: () => wake(),
    stop() {
      stopped = true;
      current.abort(new Error('stopped'));
      wake();
    },
  };
}
