// Texts with IRC's format codes, as they look. Codes become classes, and nothing else: no text is read as markup.
import { el, visible } from './dom.js';

// eslint-disable-next-line no-control-regex
const CODE = /(\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-fA-F]{6}(?:,[0-9a-fA-F]{6})?)?|[\x02\x0F\x11\x16\x1D\x1E\x1F])/;

const MARKS = { '\x02': 'bold', '\x11': 'code', '\x1D': 'italic', '\x1E': 'strike', '\x1F': 'under' };

/** Those of the sixteen that can be read on any ground, by their number; black, white and the other eighty are left out. */
const COLOURS = { 2: 'blue', 3: 'green', 4: 'red', 5: 'red', 6: 'purple', 7: 'orange', 8: 'orange', 9: 'green', 10: 'cyan', 11: 'cyan', 12: 'blue', 13: 'purple', 14: 'grey', 15: 'grey' };

/** A text as somebody on IRC reads it. Control characters that are no codes are shown as `^G`. */
export function styled(text) {
  const marks = new Set();
  let colour = null;
  return text.split(CODE).map((part, i) => {
    if (i % 2 === 0) {
      const classes = [...marks, ...(colour ? [`fg-${colour}`] : [])];
      return part === '' ? null : classes.length === 0 ? visible(part) : el('span', { class: classes.join(' ') }, visible(part));
    }
    const mark = MARKS[part[0]];
    if (mark) {
      if (!marks.delete(mark)) {
        marks.add(mark);
      }
    } else if (part[0] === '\x0F') {
      marks.clear();
      colour = null;
    } else if (part[0] === '\x03') {
      colour = COLOURS[Number.parseInt(part.slice(1), 10)] ?? null;
    } else if (part[0] === '\x04') {
      colour = null;
    }
    return null;
  });
}
