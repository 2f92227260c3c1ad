// One message: who, when, its blocks or its text, what can be done with it. Built anew only when it changed.

import { api } from "./api.js";
import { blocks } from "./blocks.js";
import { contextFor, named, noteNear, refresh, shortcuts, tell } from "./acts.js";
import { h } from "./dom.js";
import { full, fromTs, time } from "./dates.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { reacting, reactions } from "./reactions.js";
import { channel, nameOf, store, user } from "./store.js";
import { avatar } from "./text.js";

/** `item` is {message, compact, open}: `open(ts)` opens its thread; without it there is no way to (in the thread pane). */
export function messageNode(item) {
  const { message: m, compact } = item;
  if (m.deleted) return h("article", { class: "message gone" }, h("span", { class: "avatar blank" }), h("div", { class: "message-main muted" }, "This message was deleted."));
  const when = fromTs(m.ts);
  const stamp = h("time", { class: "stamp", datetime: when.toISOString(), title: full(when) }, time(when));
  const bot = m.bot || user(m.user).is_bot;
  const name = m.username || nameOf(m.user);
  const head = h("div", { class: "message-head" }, h("span", { class: "name" }, name), bot && h("span", { class: "badge" }, "App"), stamp, m.edited && m.blocks && m.blocks.length > 0 && h("span", { class: "edited" }, "(edited)"));
  const main = h("div", { class: "message-main" }, m.ephemeral && only(), compact ? h("span", { class: "visually-hidden" }, `${name}, ${time(when)}`) : head, body(m), reactions(m), replies(item));
  const side = compact ? h("span", { class: "avatar blank", "aria-hidden": "true" }, time(when)) : avatar(m.user);
  const kind = `message ${compact ? "compact" : ""} ${m.ephemeral ? "ephemeral" : ""}`;
  return h("article", { class: kind, "data-ts": m.ts, "data-surface": "message", "aria-label": `${name}, ${time(when)}` }, side, main, tools(item));
}

function only() {
  return h("div", { class: "only-you" }, "Only visible to you");
}

function body(m) {
  const edited = m.edited && h("span", { class: "edited" }, " (edited)");
  if (!m.blocks || !m.blocks.length) return h("div", { class: "message-body text" }, mrkdwn(m.text), edited, files(m));
  return h("div", { class: "message-body blocks" }, blocks(m.blocks, contextFor({ channel: store.channel, ts: m.ts })));
}

/** Files as links that download them. */
function files(m) {
  if (!m.files || !m.files.length) return null;
  const one = (f) => h("li", {}, h("a", { class: "file", href: new URL(f.url_private_download).pathname, download: f.name }, h("span", { class: "file-title" }, f.title), h("span", { class: "file-name" }, `${f.name}, ${Math.max(1, Math.round(f.size / 1024))} KB`)));
  return h("ul", { class: "files", "aria-label": "Files" }, m.files.map(one));
}

function replies({ message: m, open }) {
  if (!open || !m.reply_count) return null;
  const words = m.reply_count === 1 ? "1 reply" : `${m.reply_count} replies`;
  return h("button", { type: "button", class: "replies", "data-focus": `replies/${m.ts}`, onclick: () => open(m.ts) }, words);
}

function tools({ message: m, open }) {
  const mine = m.user === store.viewer && !m.bot && !m.ephemeral;
  if (m.ephemeral) return null;
  return h(
    "div",
    { class: "message-tools" },
    open && h("button", { type: "button", class: "tool", "data-focus": `reply/${m.ts}`, onclick: () => open(m.ts) }, "Reply"),
    reacting(m),
    mine && h("button", { type: "button", class: "tool", "data-focus": `edit/${m.ts}`, onclick: (event) => edit(event.currentTarget.closest(".message"), m) }, "Edit"),
    shortcuts("message", { channel: store.channel, ts: m.ts }, m.ts),
  );
}

/** Puts a field in the message's place; a failed edit keeps what was typed. */
function edit(node, m) {
  const old = node.querySelector(".message-body");
  const input = h("textarea", { class: "field", rows: "3", "aria-label": "Edit message" });
  input.value = plain(m.text);
  const close = () => form.replaceWith(form.inPlaceOf);
  const save = async () => {
    const answer = await api.edit({ user: store.viewer, channel: store.channel, ts: m.ts, text: named(input.value) });
    tell(noteNear(form), answer);
    if (answer.ok === false) return;
    close();
    refresh();
  };
  const form = h("form", { class: "edit-form" }, input, h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, "Save"), h("button", { type: "button", class: "button", onclick: close }, "Cancel")));
  form.addEventListener("submit", (event) => (event.preventDefault(), save()));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    else save();
    event.preventDefault();
  });
  form.inPlaceOf = old;
  old.replaceWith(form);
  input.focus();
}

/** A message that changed while its words were being edited keeps the open edit. */
export function keepEdit(old, fresh) {
  const form = old.querySelector(".edit-form");
  const place = fresh.querySelector(".message-body");
  if (!form || !place) return;
  form.inPlaceOf = place;
  place.replaceWith(form);
}

/** A stored text as it was typed: mentions as names, entities as characters. */
function plain(text) {
  const room = (id) => (channel(id) || { name: id }).name;
  return unescape(text.replace(/<@([A-Z0-9]+)>/g, (_, id) => `@${nameOf(id)}`).replace(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id) => `#${room(id)}`));
}
