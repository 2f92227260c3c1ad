// The bar above everything: the workspace's clock, the jump to the next event, and the trouble one can order.

import { api } from "./api.js";
import { refresh } from "./acts.js";
import { clockWords } from "./dates.js";
import { h, put, uid } from "./dom.js";
import { now, store, zone } from "./store.js";

const TROUBLES = [
  ["Drop 5 % of the responses, after accepting", { drop_response: { probability: 0.05 } }],
  ["Drop the next response, after accepting", { drop_response: { next: 1 } }],
  ["Answer 429 to the next call", { rate_limit: { next: 1 } }],
  ["Answer 500 to the next call", { server_error: { next: 1 } }],
];
const SWITCHES = [
  ["redeliver", "Deliver each event twice"],
  ["enforce_rates", "Hold to one message a second"],
  ["revoke_token", "Revoke the bot's token"],
];

/** The bar; `draw()` brings it up to date. */
export function topbar(root) {
  const clock = h("time", { class: "clock" });
  const place = h("span", { class: "clock-zone" });
  const said = h("span", { class: "clock-said", role: "status" });
  const next = h("button", { type: "button", class: "button", id: "next-event" }, "Next event");
  const link = h("span", { class: "link", role: "status" });
  const faults = faultsMenu();
  next.addEventListener("click", async () => {
    next.disabled = true;
    next.setAttribute("aria-busy", "true");
    const answer = await api.clock("next");
    next.removeAttribute("aria-busy");
    put(said, answer.what || answer.note || "");
    next.disabled = !store.state.can_jump;
    refresh();
  });
  put(root, h("span", { class: "clock-holder" }, h("span", { class: "visually-hidden" }, "The workspace's clock: "), clock, place), next, said, link, faults.node);

  return {
    draw() {
      put(clock, clockWords(now()));
      clock.setAttribute("datetime", store.state.now);
      put(place, zone().replaceAll("_", " "));
      if (!next.hasAttribute("aria-busy")) next.disabled = !store.state.can_jump;
      next.title = store.state.can_jump ? "Jump to the next thing that is due" : "The clock of this sandbox cannot be moved";
      put(link, store.state.connections ? "" : "No app is connected");
      faults.draw(store.state.faults || {});
    },
    /** Says whether the stream of changes is up. */
    link(up) {
      document.body.classList.toggle("offline", !up);
      if (!up) put(link, "The sandbox does not answer; trying again");
    },
  };
}

function faultsMenu() {
  const id = uid("faults");
  const panel = h("div", { class: "faults-panel", id, hidden: true, role: "group", "aria-label": "Faults" });
  const opener = h("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": id }, "Faults");
  const toggle = (open) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  };
  opener.addEventListener("click", () => toggle(panel.hidden));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && (toggle(false), opener.focus()));
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !panel.contains(event.target) && !opener.contains(event.target)) toggle(false);
  });
  const { draw } = faultsPanel(panel);
  return { node: h("span", { class: "faults" }, opener, panel), draw: (faults) => (draw(faults), opener.classList.toggle("on", anyOf(faults))) };
}

function anyOf(faults) {
  return SWITCHES.some(([key]) => faults[key]) || Number(faults.latency) > 0 || (faults.rules || []).length > 0;
}

async function order(body) {
  await api.faults(body);
  refresh();
}

function faultsPanel(panel) {
  const boxes = SWITCHES.map(([key, words]) => {
    const box = h("input", { type: "checkbox", onchange: (event) => order({ [key]: event.target.checked }) });
    return { key, box, node: h("label", { class: "choice" }, box, h("span", {}, words)) };
  });
  const latency = h("select", { class: "field select", onchange: (event) => order({ latency: Number(event.target.value) }) }, [0, 0.5, 2, 5].map((s) => h("option", { value: s }, s ? `${s} s` : "none")));
  const set = h("ul", { class: "rules" });
  put(
    panel,
    h("p", { class: "muted" }, "Trouble for the bot's calls to Slack, to see how it copes."),
    TROUBLES.map(([words, body]) => h("button", { type: "button", class: "button", onclick: () => order(body) }, words)),
    boxes.map((b) => b.node),
    h("label", { class: "choice" }, h("span", {}, "Wait before each answer "), latency),
    set,
    h("button", { type: "button", class: "button danger", onclick: () => order({ clear: true }) }, "No trouble"),
  );
  const draw = (faults) => {
    for (const { key, box } of boxes) box.checked = Boolean(faults[key]);
    if (document.activeElement !== latency) latency.value = String(faults.latency || 0);
    put(set, (faults.rules || []).map((rule) => h("li", {}, ruleWords(rule))));
  };
  return { draw };
}

function ruleWords(rule) {
  const chance = rule.probability ? `${Math.round(rule.probability * 100)} %` : rule.left ? `next ${rule.left}` : "every call";
  return `${rule.kind.replaceAll("_", " ")}${rule.code ? ` ${rule.code}` : ""}: ${chance}${rule.method ? ` of ${rule.method}` : ""}`;
}
