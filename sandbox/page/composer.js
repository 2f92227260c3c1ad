// The field to write a message in: Enter sends, Shift+Enter makes a new line. It is built once for a pane and never
// redrawn, and keeps a draft for each person and place.

import { h, put } from "./dom.js";
import { noteNear, send, shortcuts } from "./acts.js";
import { store } from "./store.js";

const drafts = new Map();

/** A composer; `place()` answers {channel, thread} or null. */
export function composer(label, place) {
  const input = h("textarea", { class: "composer-input", rows: "1", "aria-label": label, autocomplete: "off" });
  const go = h("button", { type: "submit", class: "button primary send", disabled: true }, "Send");
  const hint = h("p", { class: "composer-hint", "aria-hidden": "true" });
  const extra = h("span", {});
  const form = h("form", { class: "composer" }, h("div", { class: "composer-box" }, extra, input, go), hint);
  let shown = null;

  const changed = () => {
    grow(input);
    go.disabled = !input.value.trim();
    put(hint, commandHint(input.value));
    if (shown) drafts.set(shown, input.value);
  };
  const submit = async () => {
    const [text, where, at] = [input.value.trim(), place(), shown];
    if (!text || !where) return;
    input.value = "";
    changed();
    if (await send(noteNear(form), { ...where, text })) return;
    if (at === shown && !input.value) input.value = text;
    else if (!drafts.get(at)) drafts.set(at, text);
    changed();
  };
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    input.focus();
  });

  /** Shows the draft of the place that is open now; leaves what is being typed alone when it is still the same. */
  form.turn = (name, placeholder) => {
    input.placeholder = placeholder;
    input.setAttribute("aria-label", placeholder);
    if (shown === name) return;
    put(extra, place() && !place().thread ? shortcuts("global", {}, "composer") : null);
    shown = name;
    input.value = drafts.get(name) || "";
    changed();
  };
  form.start = () => input.focus();
  return form;
}

/** What a command takes, as its manifest says. */
function commandHint(typed) {
  if (!typed.startsWith("/")) return "";
  const known = store.state.commands || [];
  const name = typed.split(/\s/)[0];
  const found = known.find((one) => one.command === name);
  if (found) return `${found.command} ${found.usage_hint || ""}`;
  const near = known.filter((one) => one.command.startsWith(name));
  return near.length ? near.map((one) => `${one.command} · ${one.description}`).join("\n") : `There is no command ${name} here`;
}

function grow(input) {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
}

/** The name a draft is kept under. */
export function draftName(channel, thread) {
  return `${store.viewer}/${channel}/${thread || ""}`;
}
