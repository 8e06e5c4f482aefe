// Talks to the gateway. Every URL is relative to the page, so that a proxy may put a path before it.

const KEY = 'notify-gateway.secret';

/** What the gateway refused, in its own words. */
export class Refused extends Error {
  constructor(status, problem) {
    const fields = problem?.errors ? Object.entries(problem.errors).map(([field, words]) => `${field}: ${words.join('; ')}`) : [];
    super(fields.join('\n') || problem?.detail || `The gateway answered ${status}.`);
    this.status = status;
  }
}

let skew = 0;

/** The gateway's clock, in milliseconds: the one of this machine may be wrong. */
export const now = () => Date.now() + skew;

export const secret = {
  get: () => sessionStorage.getItem(KEY),
  set: value => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

/** The page's own place, without query and fragment, ending with a slash. */
export const base = new URL('.', location.href).href;

function headers(given) {
  const key = given ?? secret.get();
  return key ? { Authorization: `Bearer ${key}` } : {};
}

function learnTime(response) {
  const date = Date.parse(response.headers.get('Date') ?? '');
  // The header has whole seconds: a smaller difference is none.
  if (!Number.isNaN(date) && Math.abs(date + 500 - Date.now()) > 2500) {
    skew = date + 500 - Date.now();
  } else if (!Number.isNaN(date)) {
    skew = 0;
  }
}

/** Asks for JSON or text. Throws Refused for what the gateway refuses, TypeError when it cannot be reached. */
export async function ask(path, { method = 'GET', body, as, signal } = {}) {
  const response = await fetch(new URL(path, base), {
    method,
    signal,
    cache: 'no-store',
    credentials: 'same-origin',
    headers: { ...headers(as), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  learnTime(response);
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
  const answer = isJson ? await response.json().catch(() => null) : await response.text();
  if (!response.ok) {
    throw new Refused(response.status, isJson ? answer : null);
  }
  return answer;
}

/** Opens the event stream. An EventSource could carry no header. */
export async function open(path, signal) {
  const response = await fetch(new URL(path, base), { headers: headers(), cache: 'no-store', signal });
  learnTime(response);
  if (!response.ok) {
    throw new Refused(response.status, await response.json().catch(() => null));
  }
  return response.body;
}
