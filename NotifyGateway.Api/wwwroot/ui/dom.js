// Builds elements. Text is only ever text: nothing here, or anywhere on this page, reads markup.

/**
 * Makes an element. Properties: `class`, `data`, `on`, or any attribute; false and null leave one out.
 * Children: elements, texts, lists of them; null is left out.
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (key === 'class') {
      element.className = value;
    } else if (key === 'data') {
      Object.assign(element.dataset, value);
    } else if (key === 'on') {
      for (const [event, act] of Object.entries(value)) {
        element.addEventListener(event, act);
      }
    } else {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
  return element;
}

export const byId = id => document.getElementById(id);

/** Replaces what an element holds; null is left out. */
export const fill = (element, ...children) => element.replaceChildren(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false && c !== ''));

/** Sets a text only where it differs: a live region speaks at each change. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A cell of a table that becomes a card on a narrow screen, where the column's name stands beside it. */
export const cell = (label, properties, ...children) => el('td', { role: 'cell', data: { label }, ...properties }, ...children);

let due = new Set();
let asked = 0;

const WITHOUT_FRAMES = 500;

function run() {
  const acts = due;
  due = new Set();
  clearTimeout(asked);
  asked = 0;
  acts.forEach(act => act());
}

/** Runs each function once with the next frame, however often it was asked for. A hidden page gets no frames, but its title is seen. */
export function nextFrame(act) {
  due.add(act);
  if (asked === 0) {
    asked = setTimeout(run, WITHOUT_FRAMES);
    requestAnimationFrame(() => { if (due.size > 0) { run(); } });
  }
}

/**
 * Makes the rows of a table body those of the list, in its order. A row whose `stamp` is as before stays as it is, focus and selection with it.
 * @param {{key: string, stamp: string, build: () => HTMLElement}[]} items
 * @returns the keys of rows that were not there before
 */
export function patch(body, items) {
  const before = new Map([...body.children].map(row => [row.dataset.key, row]));
  const added = [];
  let place = body.firstElementChild;
  for (const item of items) {
    let row = before.get(item.key);
    before.delete(item.key);
    if (row === undefined || row.dataset.stamp !== item.stamp) {
      const made = item.build();
      made.dataset.key = item.key;
      made.dataset.stamp = item.stamp;
      if (row === undefined) {
        added.push(item.key);
      } else {
        const focused = row.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
        if (row === place) {
          place = made;
        }
        row.replaceWith(made);
        if (focused) {
          made.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
        }
      }
      row = made;
    }
    if (row === place) {
      place = place.nextElementSibling;
    } else {
      body.insertBefore(row, place);
    }
  }
  before.forEach(row => row.remove());
  return added;
}

let announced = 0;

/** Tells those who do not see the page. */
export function announce(text) {
  const region = byId('announce');
  region.textContent = '';
  clearTimeout(announced);
  announced = setTimeout(() => { region.textContent = text; }, 100);
}

let toasting = 0;

/** Says what went wrong with a command. */
export function toast(text) {
  const box = byId('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => { box.hidden = true; }, 8000);
}

/** A button that runs a command, and is out of use while it runs. */
export function command(label, act, properties = {}) {
  return el('button', {
    type: 'button',
    ...properties,
    on: {
      async click(event) {
        const button = event.currentTarget;
        if (button.getAttribute('aria-disabled') === 'true') {
          return;
        }
        // Not disabled: that would take the focus away.
        button.setAttribute('aria-disabled', 'true');
        try {
          await act(button);
        } catch (error) {
          toast(error.message);
        } finally {
          button.removeAttribute('aria-disabled');
        }
      },
    },
  }, label);
}

/** What IRC and other control characters look like. */
export function visible(text) {
  // eslint-disable-next-line no-control-regex
  return text.split(/([\x00-\x08\x0B-\x1F\x7F])/).map((part, i) => (i % 2 === 1
    ? el('span', { class: 'control', title: 'a control character: a format code, for example' }, `^${String.fromCharCode(part.charCodeAt(0) ^ 0x40)}`)
    : part));
}
