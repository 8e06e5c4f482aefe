// The status page: who looks, what they may see, and which part shows it.
import { ask, base, Refused, secret } from './api.js';
import { byId, say, toast } from './dom.js';
import { startClock, moving } from './time.js';
import { listen } from './events.js';
import { Glance } from './glance.js';
import { Sessions } from './sessions.js';
import { Deliveries } from './deliveries.js';
import { Detail } from './detail.js';
import { Send } from './send.js';
import { hideHooks, showHooks } from './hooks.js';
import { hideConfiguration, showConfiguration } from './configuration.js';
import { SignIn } from './signin.js';

const LOOK = 15000;
const LOOK_SOON = 1000;

const glance = new Glance(() => sessions.showTrouble(), status => deliveries.showOnly(status));
let queued = 0;
const sessions = new Sessions(list => {
  if (me.client === null) {
    return;
  }
  glance.sessions(list);
  // No event tells that a message was accepted: the queues do.
  const now = sessions.queued;
  if (now !== queued) {
    queued = now;
    deliveries.refresh();
  }
});
const deliveries = new Deliveries(message => detail.changed(message), failed);
const detail = new Detail(deliveries.commands);
const send = new Send();
const signIn = new SignIn(() => begin());

const NOBODY = { client: null, admin: false };
let me = NOBODY;
let stream = null;
let lostSince = null;
let tellsConfiguration = false;

function link(state, ...words) {
  byId('link').dataset.state = state;
  byId('link-text').replaceChildren(...words);
}

/** A secret that is valid no more ends it all; that the gateway cannot be reached, the stream tells. */
function failed(error) {
  if (error instanceof Refused && error.status === 401) {
    leave('This secret is not valid any more.');
  } else if (error instanceof Refused) {
    toast(error.message);
  }
}

function leave(why) {
  end();
  secret.forget();
  return begin(why);
}

function end() {
  me = NOBODY;
  stream?.stop();
  stream = null;
  lostSince = null;
  deliveries.stop();
  sessions.clear();
  glance.losses(undefined);
  detail.close();
  hideHooks();
  hideConfiguration();
}

async function begin(fault = '') {
  stream?.stop();
  stream = null;
  try {
    me = await ask('api/v1/whoami');
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      leave('This secret is not valid any more.');
      return;
    }
    link('lost', 'No connection');
    glance.closed(error instanceof Refused ? error.message : 'The gateway cannot be reached');
    setTimeout(() => begin(), 3000);
    return;
  }
  showWho();
  const nobody = me.client === null;
  byId('gate').hidden = !nobody;
  byId('content').hidden = nobody;
  byId('jump').hidden = nobody;
  byId('glance').hidden = nobody;
  if (nobody) {
    say(byId('gate-why'), me.reason ?? 'A secret is needed.');
    link('closed', 'Not signed in');
    glance.closed('Not signed in');
    if (fault) {
      signIn.open(fault);
    }
    return;
  }
  open();
}

function showWho() {
  say(byId('who'), me.client === null || me.client === 'anonymous' ? '' : me.client);
  byId('sign-in').hidden = secret.get() !== null || me.client === null;
  byId('sign-out').hidden = secret.get() === null;
  byId('client-filter').hidden = !me.admin;
  say(byId('version'), me.version ? `Version ${me.version}` : '');
}

function open() {
  sessions.isAdmin = me.admin;
  link('connecting', 'Connecting');
  ask('api/v1/sessions').then(list => sessions.fill(list)).catch(failed);
  countLosses();
  deliveries.start();
  send.start().catch(failed);
  tellsConfiguration = me.admin;
  if (me.admin) {
    showHooks().catch(failed);
  }
  lookAround();
  stream = listen({
    opened() {
      lostSince = null;
      sessions.begin();
      glance.stream(null);
      link('live', 'Live');
      deliveries.refresh();
    },
    event(name, data) {
      if (name === 'session') {
        sessions.put(data);
      } else if (name === 'delivery') {
        deliveries.ended(data);
        if (data.status === 'failed' || data.status === 'expired') {
          lookSoon();
        }
      } else if (name === 'removed') {
        sessions.remove(data.name);
      } else if (name === 'dropped') {
        deliveries.refresh();
      }
    },
    lost(reason, retryAt) {
      lostSince ??= new Date().toISOString();
      glance.stream({ since: lostSince, reason });
      link('lost', 'Connection lost, again ', moving('until', new Date(retryAt).toISOString()));
    },
    refused: failed,
  });
  detail.route();
}

let looking = 0;

/** Something was lost: counts anew, once for many. */
function lookSoon() {
  if (looking === 0) {
    looking = setTimeout(() => {
      looking = 0;
      countLosses();
    }, LOOK_SOON);
  }
}

async function countLosses() {
  if (me.client !== null) {
    try {
      glance.losses(await ask('api/v1/summary'));
    } catch (error) {
      glance.losses(null);
      failed(error);
    }
  }
}

/** What no event tells: whether messages are taken, what was lost, and how the configuration stands. */
async function lookAround() {
  if (me.client === null) {
    return;
  }
  const ready = await fetch(new URL('health/ready', base), { cache: 'no-store' }).then(r => r.json()).catch(() => null);
  if (ready) {
    glance.readiness(ready.reasons ?? []);
  }
  glance.look();
  countLosses();
  if (tellsConfiguration) {
    try {
      const problems = await showConfiguration();
      tellsConfiguration = problems !== null;
      glance.configuration(problems ?? []);
    } catch (error) {
      failed(error);
    }
  }
}

byId('sign-in').addEventListener('click', () => signIn.open());
byId('gate-button').addEventListener('click', () => signIn.open());
byId('sign-out').addEventListener('click', async () => {
  await leave('');
  byId(me.client === null ? 'gate-button' : 'sign-in').focus();
});
window.addEventListener('online', () => stream?.retry());
document.addEventListener('visibilitychange', lookAround);
setInterval(lookAround, LOOK);
startClock(document.body);
begin();
