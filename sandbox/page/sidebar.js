// The left side: the workspace, who one is, the conversations. Row by row only what changed is drawn anew, so that a
// click or an open list is not lost when news arrives.

import { h, put, reconcile } from "./dom.js";
import { botChannel, myChannels, nameOf, otherChannels, people, store } from "./store.js";
import { avatar } from "./text.js";
import { isUnread } from "./unread.js";

/** Builds the side bar in `root`; answers its draw(). `on` has viewer(id), channel(id), home(). */
export function sidebar(root, on) {
  const title = h("div", { class: "workspace" });
  const face = h("span", { class: "face" });
  const select = h("select", { id: "viewer", onchange: (event) => on.viewer(event.target.value) });
  const groups = [group("Channels"), group("Direct messages"), group("Not a member")];
  const switcher = h("div", { class: "switcher" }, face, h("div", {}, h("label", { for: "viewer" }, "You are"), select));
  put(root, title, switcher, h("nav", { "aria-label": "Conversations" }, groups.map((g) => g.node)));
  return () => {
    title.textContent = store.state.team.name;
    put(face, avatar(store.viewer, "small"));
    drawPeople(select);
    groups[0].draw(myChannels().map((c) => place(c, on.channel)));
    groups[1].draw(withBot(on));
    groups[2].draw(otherChannels().map((c) => place(c, on.channel)));
  };
}

function drawPeople(select) {
  const waits = (p) => p.id !== store.viewer && isUnread(p.id, (botChannel(p.id) || {}).id);
  const names = people().map((p) => [p.id, `${nameOf(p.id)}${p.is_admin ? " (admin)" : ""}${waits(p) ? " ● new" : ""}`]);
  const mark = JSON.stringify(names);
  if (select.dataset.mark !== mark) put(select, names.map(([id, name]) => h("option", { value: id }, name)));
  select.dataset.mark = mark;
  if (select.value !== store.viewer) select.value = store.viewer;
}

function withBot(on) {
  const { bot } = store.state;
  const dm = botChannel();
  const home = { id: "home", current: store.tab === "home", mark: "⌂", name: "Home", detail: bot.name, go: on.home };
  if (!dm) return [home];
  const current = store.channel === dm.id && store.tab === "messages";
  return [{ id: dm.id, current, unread: isUnread(store.viewer, dm.id), bot: bot.user_id, name: bot.name, go: () => on.channel(dm.id) }, home];
}

function place(c, go) {
  return { id: c.id, current: store.channel === c.id, unread: isUnread(store.viewer, c.id), mark: c.is_private ? "⚿" : "#", name: c.name, go: () => go(c.id) };
}

function group(title) {
  const list = h("ul");
  const node = h("section", {}, h("h2", {}, title), list);
  const draw = (rows) => {
    node.hidden = !rows.length;
    reconcile(list, rows, { key: (r) => r.id, signature: (r) => JSON.stringify(r), build: row, carry: keepFocus });
  };
  return { node, draw };
}

function row({ current, unread, mark, bot, name, detail, go }) {
  const news = unread && !current;
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: `place ${news ? "unread" : ""}`, "aria-current": current ? "page" : null, onclick: go },
      h("span", { class: "place-mark", "aria-hidden": "true" }, bot ? avatar(bot, "small") : mark),
      h("span", { class: "place-name" }, name, detail && h("small", {}, ` ${detail}`)),
      news && h("span", { class: "dot" }, h("span", { class: "visually-hidden" }, "new messages")),
    ),
  );
}

function keepFocus(old, fresh) {
  if (old.contains(document.activeElement)) fresh.querySelector("button").focus({ preventScroll: true });
}
