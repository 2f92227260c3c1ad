// A list of messages with its composer: the middle pane shows a conversation, the right one a thread. The list is kept
// in step message by message, so that what someone is typing or choosing in one of them stays.

import { composer, draftName } from "./composer.js";
import { dayOf, dividerWords, fromTs } from "./dates.js";
import { h, put, reconcile } from "./dom.js";
import { carry } from "./form.js";
import { keepEdit, messageNode } from "./message.js";
import { store } from "./store.js";

const CLOSE_TOGETHER = 300; // seconds within which one person's messages share a head

/** A pane of messages; `open(ts)` opens a thread and is left out in the thread pane itself. */
export class MessagePane {
  constructor(label, open) {
    this.open = open;
    this.shown = null;
    this.stick = true;
    this.list = h("div", { class: "messages", role: "log", "aria-label": label, tabindex: "0" });
    this.note = h("div", { class: "note", role: "status" });
    this.newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd() }, "Newest ↓");
    this.composer = composer("Message", () => this.where);
    this.node = h("div", { class: "pane-body", "data-noted": "" }, h("div", { class: "scroll-holder" }, this.list, this.newer), this.note, this.composer);
    this.list.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.stay()).observe(this.list);
  }

  /** Shows `messages` of a place; the place changes the draft, the same place keeps scroll and focus. */
  show({ channel, thread, messages, placeholder, empty }) {
    const name = draftName(channel, thread);
    const moved = name !== this.shown;
    this.shown = name;
    this.where = channel ? { channel, thread } : null;
    this.composer.hidden = !channel;
    this.composer.turn(name, placeholder);
    if (moved) {
      put(this.list);
      put(this.note);
      this.stick = true;
    }
    const before = this.list.lastElementChild && this.list.lastElementChild.dataset.key;
    reconcile(this.list, this.items(messages, empty), {
      key: (item) => item.key,
      signature: (item) => JSON.stringify([item.message, item.words, item.compact, store.viewer, dayOf(new Date(store.state.now))]),
      build: (item) => (item.message ? messageNode({ ...item, open: this.open }) : item.node()),
      carry: carryAll,
    });
    const newest = this.list.lastElementChild && this.list.lastElementChild.dataset.key;
    if (newest === before) this.stay();
    else if (this.stick) this.toEnd();
    else this.newer.hidden = false;
  }

  items(messages, empty) {
    if (!messages.length) return [{ key: "empty", words: empty, node: () => h("p", { class: "empty" }, empty) }];
    const out = [];
    let last = null;
    for (const m of messages) {
      const day = dayOf(fromTs(m.ts));
      const divided = !last || dayOf(fromTs(last.ts)) !== day;
      if (divided) out.push(divider(day, fromTs(m.ts)));
      const compact = !divided && last.user === m.user && !m.ephemeral && !last.ephemeral && !last.deleted && m.ts - last.ts < CLOSE_TOGETHER;
      out.push({ key: `${m.ts}${m.ephemeral ? "e" : ""}`, message: m, compact });
      last = m;
    }
    return out;
  }

  scrolled() {
    this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40;
    this.stick = this.atEnd || Math.abs(this.list.scrollTop - this.put) < 4;
    if (this.stick) this.newer.hidden = true;
  }

  /** Keeps the end in sight when something above or below it grew. */
  stay() {
    if (this.atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  /** To the newest message: to its end, or to its beginning when it is taller than the screen. */
  toEnd() {
    const last = this.list.lastElementChild;
    const tall = last && last.offsetHeight > this.list.clientHeight;
    this.list.scrollTop = tall ? last.offsetTop - this.list.offsetTop - 8 : this.list.scrollHeight;
    this.put = this.list.scrollTop;
    this.atEnd = !tall;
    this.newer.hidden = true;
  }
}

function divider(day, date) {
  const words = dividerWords(date);
  return { key: `day-${day}`, words, node: () => h("div", { class: "day", role: "separator", "aria-label": words }, h("span", {}, words)) };
}

function carryAll(old, fresh) {
  const field = document.activeElement;
  keepEdit(old, fresh);
  carry(old, fresh);
  if (fresh.contains(field)) field.focus({ preventScroll: true });
}
