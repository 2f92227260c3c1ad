// What can be clicked in blocks: buttons, link buttons, overflow menus, feedback buttons, and the confirm dialog
// that may stand before any of them. Sends through ctx.act; knows nothing of the server.

import { h, put, uid } from "./dom.js";
import { text, words } from "./text.js";

/** Runs an element's action: asks first if it has a confirm, shows that it is under way, answers false if called off. */
export async function fire(element, ctx, block, extra, node) {
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  if (node) node.setAttribute("aria-busy", "true");
  try {
    await ctx.act({ block_id: block, action_id: element.action_id, ...extra }, node);
  } finally {
    if (node) node.removeAttribute("aria-busy");
  }
  return true;
}

/** A button; with a url it is a link that also tells the bot. */
export function button(element, ctx, block) {
  const props = {
    class: `button ${element.style || ""}`,
    "aria-label": element.accessibility_label,
    "data-focus": `${block}/${element.action_id}`,
    "data-action-id": element.action_id,
  };
  const run = (event) => fire(element, ctx, block, { value: element.value }, event.currentTarget);
  if (element.url) return h("a", { ...props, href: safe(element.url), target: "_blank", rel: "noopener noreferrer", onclick: run }, text(element.text));
  return h("button", { ...props, type: "button", onclick: run }, text(element.text));
}

function safe(url) {
  return /^(https?:\/\/|mailto:)/i.test(url) ? url : "#";
}

/** The three-dot menu. */
export function overflow(element, ctx, block) {
  const id = uid("menu");
  const menu = h("div", { class: "menu", role: "menu", id, hidden: true });
  const opener = h(
    "button",
    { type: "button", class: "button quiet", "aria-label": element.accessibility_label || "More actions", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id, "data-focus": `${block}/${element.action_id}` },
    element.mark || "⋯",
  );
  const items = element.options.map((option) => menuItem(option, (event) => {
    close(true);
    if (option.url) window.open(safe(option.url), "_blank", "noopener");
    fire(element, ctx, block, { selected_option: option }, opener);
    event.preventDefault();
  }));
  put(menu, items);
  const close = (refocus) => shut(menu, opener, refocus);
  opener.addEventListener("click", () => (menu.hidden ? open(menu, opener, items) : close(true)));
  menu.addEventListener("keydown", (event) => walk(event, items, close));
  return h("span", { class: "menu-holder" }, opener, menu);
}

function menuItem(option, run) {
  return h("button", { type: "button", role: "menuitem", class: "menu-item", onclick: run }, text(option.text), option.description && h("small", {}, text(option.description)));
}

function open(menu, opener, items) {
  menu.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  items[0].focus();
  const away = (event) => {
    if (menu.contains(event.target) || opener.contains(event.target)) return;
    shut(menu, opener, false);
    document.removeEventListener("pointerdown", away);
  };
  document.addEventListener("pointerdown", away);
}

function shut(menu, opener, refocus) {
  menu.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  if (refocus) opener.focus();
}

function walk(event, items, close) {
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items[(at + step + items.length) % items.length].focus();
  else if (event.key === "Escape") close(true);
  else if (event.key === "Tab") close(false);
  else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}

/** The useful / not useful pair. */
export function feedback(element, ctx, block) {
  const one = (option, sign) => {
    const node = h("button", { type: "button", class: "button quiet", "aria-pressed": "false", "aria-label": option.accessibility_label, "data-focus": `${block}/${element.action_id}/${option.value}` }, h("span", { "aria-hidden": "true" }, sign), " ", text(option.text));
    node.addEventListener("click", async () => {
      if (!(await fire(element, ctx, block, { value: option.value }, node))) return;
      for (const other of node.parentElement.children) other.setAttribute("aria-pressed", String(other === node));
    });
    return node;
  };
  return h("span", { class: "feedback", role: "group", "aria-label": "Feedback" }, one(element.positive_button, "▲"), one(element.negative_button, "▼"));
}

/** A small button that is only a sign. */
export function iconButton(element, ctx, block) {
  const label = element.accessibility_label || words(element.text);
  return h("button", { type: "button", class: "button quiet", "aria-label": label, "data-focus": `${block}/${element.action_id}`, onclick: (event) => fire(element, ctx, block, { value: element.value }, event.currentTarget) }, text(element.text));
}

/** Asks in a dialog of its own; resolves to true for the confirming button only. */
export function confirmed(ask) {
  return new Promise((resolve) => {
    const title = uid("confirm");
    const yes = h("button", { type: "submit", class: `button ${ask.style || "primary"}`, value: "yes" }, text(ask.confirm) || "Yes");
    const no = h("button", { type: "submit", class: "button", value: "no" }, text(ask.deny) || "Cancel");
    const box = h(
      "dialog",
      { class: "dialog confirm", "aria-labelledby": title },
      h("form", { method: "dialog" }, h("header", {}, h("h2", { id: title }, text(ask.title))), h("div", { class: "dialog-body" }, text(ask.text)), h("footer", {}, no, yes)),
    );
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "yes");
    });
    document.body.append(box);
    box.showModal();
    yes.focus();
  });
}
