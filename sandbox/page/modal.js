// Modals: the top of the viewer's stack of views in a dialog. A view that is updated keeps what was typed; one that is
// covered by another is kept as it was until it is on top again.

import { api } from "./api.js";
import { blocks } from "./blocks.js";
import { contextFor, refresh, tell } from "./acts.js";
import { h, put, uid } from "./dom.js";
import { check, showErrors } from "./errors.js";
import { carry, collect, fillFrom } from "./form.js";
import { store } from "./store.js";
import { text } from "./text.js";

const dialog = h("dialog", { class: "dialog modal", "data-noted": "" });
let drawn = new Map(); // view id -> {form, mark}
let opener = null;

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  const top = [...drawn.values()].at(-1);
  if (top) leave(top.view);
});

/** Shows the top of `stack`; closes the dialog when it is empty. */
export function showStack(stack) {
  const kept = new Map();
  for (const view of stack) kept.set(view.id, drawn.get(view.id) || { form: null, mark: null, view });
  drawn = kept;
  const top = stack.at(-1);
  if (!top) return shut();
  if (!dialog.isConnected) document.body.append(dialog);
  const entry = drawn.get(top.id);
  const mark = JSON.stringify([top.title, top.submit, top.close, top.blocks, stack.length, store.viewer]);
  const fresh = entry.form === null;
  if (entry.mark !== mark) redraw(entry, top, mark, stack.length > 1);
  const shown = dialog.firstElementChild;
  if (shown !== entry.form) put(dialog, entry.form);
  dialog.setAttribute("aria-labelledby", entry.form.dataset.title);
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  if (shown !== entry.form && (fresh || !entry.form.contains(document.activeElement))) focusFirst(entry.form);
  if (top.errors && Object.keys(top.errors).length && entry.errors !== JSON.stringify(top.errors)) {
    entry.errors = JSON.stringify(top.errors);
    showErrors(entry.form, top.errors);
  }
  return undefined;
}

function shut() {
  if (!dialog.open) return;
  dialog.close();
  put(dialog);
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
}

function redraw(entry, view, mark, stacked) {
  const form = build(view, stacked);
  const old = entry.form;
  Object.assign(entry, { form, mark, view, errors: null });
  if (!old) return;
  const scroll = old.querySelector(".dialog-body").scrollTop;
  if (old.isConnected) old.after(form);
  carry(old, form);
  old.remove();
  form.querySelector(".dialog-body").scrollTop = scroll;
}

function build(view, stacked) {
  const title = uid("title");
  const line = h("div", { class: "note", role: "status" });
  const submit = view.submit && h("button", { type: "submit", class: "button primary" }, text(view.submit));
  const close = h("button", { type: "button", class: "button", onclick: () => leave(view) }, text(view.close) || (view.submit ? "Cancel" : "Close"));
  const form = h(
    "form",
    { novalidate: true, "data-surface": "view", "data-title": title, "data-view": view.id },
    h("header", {}, stacked && h("button", { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => leave(view) }, "‹"), h("h2", { id: title }, text(view.title)), h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => leave(view, true) }, "×")),
    h("div", { class: "dialog-body" }, blocks(view.blocks, contextFor({ view_id: view.id }))),
    line,
    h("footer", {}, close, submit),
  );
  fillFrom(form, view.state && view.state.values);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit) send(view, form, line, submit);
  });
  return form;
}

async function send(view, form, line, button) {
  if (button.disabled) return;
  const values = collect(form);
  const missing = check(view.blocks, values);
  if (Object.keys(missing).length) {
    showErrors(form, missing);
    return;
  }
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const answer = await api.submit({ user: store.viewer, view_id: view.id, values });
  button.disabled = false;
  button.removeAttribute("aria-busy");
  const known = answer.errors && showErrors(form, answer.errors);
  const lost = answer.errors && !known ? { note: Object.values(answer.errors).join(" ") } : answer;
  tell(line, lost);
  if (!answer.errors) refresh();
}

/** Closes a view; with `all` the whole stack, as the cross does in Slack. */
async function leave(view, all = false) {
  const answer = await api.close({ user: store.viewer, view_id: view.id, all });
  if (answer.ok === false && dialog.open) tell(dialog.querySelector(".note"), answer);
  refresh();
}

function focusFirst(form) {
  const first = form.querySelector(".dialog-body :is(input, select, textarea, button, summary):not(:disabled)") || form.querySelector("footer button:last-child");
  first.focus();
}
