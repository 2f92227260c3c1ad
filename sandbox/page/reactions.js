// Reactions under a message, and the menu that puts one on. A click on one of one's own takes it off.

import { api } from "./api.js";
import { noteNear, refresh, tell } from "./acts.js";
import { h } from "./dom.js";
import { overflow } from "./elements.js";
import { nameOf, store } from "./store.js";

export const SIGNS = { link: "🔗", zap: "⚡", bulb: "💡", "+1": "👍", eyes: "👀", white_check_mark: "✅" };

function sign(name) {
  return SIGNS[name] || `:${name}:`;
}

async function turn(m, name, node) {
  const line = noteNear(node);
  tell(line, await api.react({ user: store.viewer, channel: store.channel, ts: m.ts, name }));
  refresh();
}

/** What stands under a message, or null. */
export function reactions(m) {
  if (!m.reactions || !m.reactions.length) return null;
  const one = (r) => {
    const users = r.users || [];
    const mine = users.includes(store.viewer);
    const who = users.map(nameOf).join(", ");
    return h("button", { type: "button", class: mine ? "reaction mine" : "reaction", title: who, "aria-pressed": String(mine), "aria-label": `${r.name.replaceAll("_", " ")}, ${who}`, "data-focus": `reaction/${m.ts}/${r.name}`, onclick: (event) => turn(m, r.name, event.currentTarget) }, `${sign(r.name)} ${r.count || users.length}`);
  };
  return h("div", { class: "reactions" }, m.reactions.map(one));
}

/** The menu of signs among a message's tools. */
export function reacting(m) {
  const options = Object.entries(SIGNS).map(([name, shown]) => ({ value: name, text: { type: "plain_text", text: `${shown} ${name.replaceAll("_", " ")}` } }));
  const act = (chosen, node) => turn(m, chosen.selected_option.value, node);
  return overflow({ action_id: `react/${m.ts}`, options, accessibility_label: "React", mark: "☺" }, { act }, "react");
}
