// The canvases of a channel: a tab each beside its name, and the document in a dialog.

import { h, put } from "./dom.js";
import { markdown } from "./markdown.js";
import { store } from "./store.js";

/** The canvases in a channel's tabs, oldest first. */
export function canvasesOf(channel) {
  return (store.state.canvases || []).filter((one) => one.channel === channel);
}

/** Their tabs. */
export function canvasTabs(papers) {
  return papers.map((one) => h("button", { type: "button", class: "button quiet canvas-tab", title: one.title, onclick: () => show(one) }, `Canvas: ${one.title}`));
}

function show(one) {
  const dialog = h("dialog", { class: "dialog canvas", "aria-label": one.title });
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() }, "×");
  put(dialog, h("div", { class: "canvas-head" }, h("h2", {}, one.title), close), h("div", { class: "canvas-body" }, markdown(one.markdown)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
