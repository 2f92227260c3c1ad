// The left side: the workspace, who one is, the conversations. Redrawn as a whole; its focus is kept by name.

import { h, put } from "./dom.js";
import { botChannel, myChannels, nameOf, otherChannels, people, store } from "./store.js";
import { avatar } from "./text.js";
import { isUnread } from "./unread.js";

/** Draws it into `root`; `on` has viewer(id), channel(id), home(). */
export function sidebar(root, on) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  const bot = store.state.bot;
  const dm = botChannel();
  const hidden = otherChannels();
  put(
    root,
    h("div", { class: "workspace" }, store.state.team.name),
    switcher(on),
    h(
      "nav",
      { "aria-label": "Conversations" },
      group("Channels", myChannels().map((c) => place(c, `${c.is_private ? "⚿" : "#"}`, c.name, on.channel))),
      group("Direct messages", [
        dm && row({ id: dm.id, current: store.channel === dm.id && store.tab === "messages", unread: isUnread(dm.id), mark: avatar(bot.user_id, "small"), name: bot.name, go: () => on.channel(dm.id) }),
        row({ id: "home", current: store.tab === "home", mark: "⌂", name: "Home", detail: bot.name, go: on.home }),
      ]),
      hidden.length ? group("Not a member", hidden.map((c) => place(c, "#", c.name, on.channel))) : null,
    ),
  );
  const again = focused && root.querySelector(`[data-focus="${CSS.escape(focused)}"]`);
  if (again) again.focus({ preventScroll: true });
}

function switcher(on) {
  const select = h("select", { id: "viewer", "data-focus": "viewer", onchange: (event) => on.viewer(event.target.value) }, people().map((p) => h("option", { value: p.id }, `${nameOf(p.id)}${p.is_admin ? " (admin)" : ""}`)));
  select.value = store.viewer;
  return h("div", { class: "switcher" }, avatar(store.viewer, "small"), h("div", {}, h("label", { for: "viewer" }, "You are"), select));
}

function group(title, rows) {
  return h("section", {}, h("h2", {}, title), h("ul", {}, rows.filter(Boolean).map((r) => h("li", {}, r))));
}

function place(c, sign, name, go) {
  return row({ id: c.id, current: store.channel === c.id, unread: isUnread(c.id), mark: sign, name, go: () => go(c.id) });
}

function row({ id, current, unread, mark, name, detail, go }) {
  return h(
    "button",
    { type: "button", class: `place ${unread && !current ? "unread" : ""}`, "aria-current": current ? "page" : null, "data-focus": `place/${id}`, onclick: go },
    h("span", { class: "place-mark", "aria-hidden": "true" }, mark),
    h("span", { class: "place-name" }, name, detail && h("small", {}, ` ${detail}`)),
    unread && !current && h("span", { class: "dot" }, h("span", { class: "visually-hidden" }, "new messages")),
  );
}
