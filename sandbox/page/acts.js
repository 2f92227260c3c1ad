// What a person does in the page, sent to the sandbox, and its quiet grey answer shown where it was done.

import { api } from "./api.js";
import { collect } from "./form.js";
import { h, put } from "./dom.js";
import { overflow } from "./elements.js";
import { people, store } from "./store.js";

/** Asks the app to fetch and draw anew; the stream of changes would do it too, a moment later. */
export function refresh() {
  document.dispatchEvent(new CustomEvent("sandbox:refresh"));
}

/** The grey line of the pane or dialog that `node` stands in. */
export function noteNear(node) {
  const holder = node.closest("[data-noted]");
  return holder ? holder.querySelector(":scope .note") : null;
}

/** Shows (or takes away) the sandbox's note. */
export function tell(line, answer) {
  if (!line) return;
  const words = answer && answer.note;
  put(line, words ? [h("span", {}, words), h("button", { type: "button", class: "quiet-close", "aria-label": "Dismiss", onclick: () => put(line) }, "×")] : null);
}

/** The ctx that blocks need to be used: `target` says which message, view or Home they stand in. */
export function contextFor(target) {
  return {
    act: (payload, node) => click(target, payload, node),
    suggest: async (payload) => {
      const answer = await api.suggest({ user: store.viewer, ...target, ...payload });
      return answer.options || (answer.option_groups || []).flatMap((group) => group.options);
    },
  };
}

async function click(target, payload, node) {
  const line = noteNear(node);
  const surface = node.closest("[data-surface]");
  const answer = await api.click({ user: store.viewer, ...target, ...payload, state: collect(surface) });
  tell(line, answer);
  refresh();
}

/** The menu of the app's shortcuts of a kind ("global" or "message"), or null when it has none. */
export function shortcuts(kind, target, focus) {
  const mine = (store.state.shortcuts || []).filter((one) => one.type === kind);
  if (!mine.length) return null;
  const options = mine.map((one) => ({ value: one.callback_id, text: { type: "plain_text", text: one.name }, description: { type: "plain_text", text: one.description || "" } }));
  const act = async (chosen, node) => {
    const line = noteNear(node);
    tell(line, await api.shortcut({ user: store.viewer, callback_id: chosen.selected_option.value, ...target }));
    refresh();
  };
  return overflow({ action_id: focus, options, accessibility_label: "Shortcuts" }, { act }, kind);
}

/** Sends a line from a composer: a slash command or a message. Answers whether it arrived. */
export async function send(line, { channel, thread, text }) {
  const command = /^\/\S/.test(text);
  if (command && thread) {
    tell(line, { note: "Slash commands do not work in Slack's threads. Type it in the conversation." });
    return false;
  }
  const body = { user: store.viewer, channel, text: command ? text : named(text) };
  const answer = command ? await api.command(body) : await api.say(thread ? { ...body, thread_ts: thread } : body);
  tell(line, answer);
  refresh();
  return answer.ok !== false;
}

/** Turns @Ana Ruiz, @ana and #crm into the mentions that Slack sends. */
export function named(text) {
  const names = people().concat(store.state.users.filter((u) => u.is_bot)).flatMap((u) => [u.real_name, u.name].filter(Boolean).map((n) => [`@${n}`, `<@${u.id}>`]));
  const rooms = store.state.channels.filter((c) => !c.is_im).map((c) => [`#${c.name}`, `<#${c.id}>`]);
  const all = names.concat(rooms).sort((a, b) => b[0].length - a[0].length);
  return all.reduce((words, [typed, mention]) => replaceWord(words, typed, mention), text);
}

function replaceWord(text, typed, mention) {
  const safe = typed.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\w<])${safe}(?![\\w-])`, "gi"), mention);
}
