// The page itself: puts the panes together, fetches what is shown after every change, and knows what is open.

import { api, listen } from "./api.js";
import { canvasesOf, canvasTabs } from "./canvas.js";
import { MessagePane } from "./conversation.js";
import { h, put } from "./dom.js";
import { HomePane } from "./home.js";
import { showStack } from "./modal.js";
import { sidebar } from "./sidebar.js";
import { botChannel, channel, myChannels, nameOf, people, store } from "./store.js";
import { topbar } from "./topbar.js";
import { look, noteMessages } from "./unread.js";

const $ = (id) => document.getElementById(id);
const bar = topbar($("topbar"));
const side = sidebar($("sidebar"), { viewer: setViewer, channel: openChannel, home: openHome });
const thread = new MessagePane("Thread");
const main = new MessagePane("Messages", (ts) => openThread(ts, true));
const home = new HomePane();
const fetched = { messages: [], home: null, stack: [] };
const news = new Set(); // channels with changes that are not open
let busy = false;
let again = false;

// ---- what is open -------------------------------------------------------------------------------------------------

function openChannel(id) {
  Object.assign(store, { channel: id, thread: null, tab: "messages" });
  pane("main");
  sync().then(() => matchMedia("(min-width: 700px)").matches && main.composer.start());
}

function openHome() {
  const dm = botChannel();
  Object.assign(store, { channel: dm ? dm.id : null, thread: null, tab: "home" });
  pane("main");
  sync();
  api.openHome(store.viewer).then(sync);
}

function openThread(ts, focus) {
  const found = fetched.messages.find((m) => m.ts === ts);
  store.thread = found && found.thread_ts ? found.thread_ts : ts;
  pane("thread");
  draw();
  if (focus) thread.composer.start();
}

function closeThread() {
  const parent = store.thread;
  store.thread = null;
  pane("main");
  draw();
  const back = main.list.querySelector(`[data-ts="${parent}"] button.replies`) || main.list;
  back.focus({ preventScroll: true });
}

function setViewer(id) {
  const before = channel(store.channel);
  store.viewer = id;
  sessionStorage.setItem("viewer", id);
  const mine = before && (before.is_im ? botChannel() : before.members.includes(id) && before);
  const next = mine || botChannel() || myChannels()[0];
  const moved = !before || !next || next.id !== before.id;
  Object.assign(store, { channel: next ? next.id : null, thread: moved ? null : store.thread });
  lookAround();
  if (store.tab === "home") openHome();
  else sync();
}

/** On a narrow screen one pane is shown at a time: list, main or thread. */
function pane(name) {
  document.body.dataset.pane = name;
}

// ---- fetching -----------------------------------------------------------------------------------------------------

/** Fetches what is shown and draws it; calls that come meanwhile are answered by one more round. */
async function sync() {
  again = true;
  if (busy) return;
  busy = true;
  while (again) {
    again = false;
    await round();
  }
  busy = false;
}

async function round() {
  const state = await api.state();
  if (!state.team) return bar.link(false);
  store.state = state;
  if (!store.viewer) start();
  const [viewer, open, tab] = [store.viewer, store.channel, store.tab];
  const [messages, view, views] = await Promise.all([
    open ? api.messages(open, viewer) : { messages: [] },
    tab === "home" ? api.home(viewer) : { view: null },
    api.views(viewer),
  ]);
  if (viewer !== store.viewer || open !== store.channel || tab !== store.tab) {
    again = true;
    return undefined;
  }
  Object.assign(fetched, { messages: messages.messages || fetched.messages, home: view.view, stack: views.stack || [] });
  if (open) noteMessages(viewer, open, fetched.messages);
  draw();
  if (await readNews(viewer)) side();
  return undefined;
}

/** Looks for unread messages where something changed: in direct messages for their person, elsewhere for the viewer. */
async function readNews(viewer) {
  const rooms = [...news].map(channel).filter((room) => room && room.id !== store.channel);
  news.clear();
  for (const room of rooms) {
    const reader = room.is_im ? room.user : viewer;
    const answer = await api.messages(room.id, reader);
    if (answer.messages) noteMessages(reader, room.id, answer.messages);
  }
  return rooms.length > 0;
}

function lookAround() {
  for (const room of store.state.channels.filter((c) => c.is_im).slice(0, 60).concat(myChannels())) news.add(room.id);
}

function start() {
  const [viewer, room, ts] = location.hash.replace(/^#\/?/, "").split("/");
  const known = (id) => people().some((p) => p.id === id) && id;
  store.viewer = known(viewer) || known(sessionStorage.getItem("viewer")) || people()[0].id;
  const open = channel(room) || botChannel() || myChannels()[0];
  store.channel = open ? open.id : null;
  store.tab = room === "home" ? "home" : "messages";
  store.thread = ts || null;
  pane(ts ? "thread" : room ? "main" : "list");
  lookAround();
  if (store.tab === "home") api.openHome(store.viewer).then(sync);
}

// ---- drawing ------------------------------------------------------------------------------------------------------

function draw() {
  const open = channel(store.channel);
  if (store.tab === "messages" && open && document.visibilityState === "visible") look(store.viewer, open.id);
  side();
  bar.draw();
  const isHome = store.tab === "home";
  drawHead(open, isHome);
  const shown = isHome ? home.node : main.node;
  if ($("main-content").firstElementChild !== shown) put($("main-content"), shown);
  if (isHome) home.show(fetched.home, store.viewer);
  else drawMessages(open);
  drawThread(open);
  showStack(fetched.stack);
  const place = isHome ? "home" : store.channel;
  history.replaceState(null, "", `#/${[store.viewer, place, store.thread].filter(Boolean).join("/")}`);
}

function nameOfPlace(open) {
  return open.is_im ? store.state.bot.name : `#${open.name}`;
}

function drawHead(open, isHome) {
  const title = open || isHome ? (isHome ? store.state.bot.name : nameOfPlace(open)) : "Nothing open";
  document.title = `${title} · ${store.state.team.name} · sandbox`;
  const papers = open && !isHome ? canvasesOf(open.id) : [];
  const mark = `${title}/${store.tab}/${open ? open.members.length : 0}/${store.viewer}/${papers.map((p) => p.id)}`;
  if ($("main-head").dataset.mark === mark) return;
  $("main-head").dataset.mark = mark;
  const tab = (name, words, go) => h("button", { type: "button", role: "tab", "aria-selected": String(store.tab === name), onclick: go }, words);
  const tabs = open && open.is_im ? h("div", { class: "tabs", role: "tablist", "aria-label": title }, tab("home", "Home", openHome), tab("messages", "Messages", () => openChannel(open.id))) : null;
  const size = open && !open.is_im ? h("span", { class: "muted" }, `${open.members.length} members`) : null;
  put($("main-head"), backTo("list", "Back to conversations"), h("h1", {}, title), size, tabs, canvasTabs(papers));
}

function backTo(name, label) {
  return h("button", { type: "button", class: "icon-button back", "aria-label": label, onclick: () => pane(name) }, "‹");
}

function drawMessages(open) {
  const top = fetched.messages.filter((m) => (!m.thread_ts || m.thread_ts === m.ts || m.broadcast) && (!m.deleted || m.reply_count));
  const placeholder = open ? `Message ${nameOfPlace(open)}` : "";
  main.show({ channel: store.channel, thread: null, messages: top, placeholder, empty: open && open.is_im ? "No messages yet. Try /okr help." : "No messages yet." });
}

function drawThread(open) {
  const on = Boolean(store.thread && open && store.tab === "messages");
  $("thread").hidden = !on;
  document.body.classList.toggle("with-thread", on);
  if (!on) return;
  const messages = fetched.messages.filter((m) => m.ts === store.thread || (m.thread_ts === store.thread && !m.deleted));
  thread.show({ channel: store.channel, thread: store.thread, messages, placeholder: "Reply", empty: "This thread is empty." });
  put($("thread-place"), nameOfPlace(open));
}

// ---- links inside the page, and the stream of changes -------------------------------------------------------------

document.addEventListener("click", (event) => {
  const anchor = event.target.closest("a");
  if (!anchor) return;
  const permalink = anchor.href.match(/\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?.*thread_ts=([\d.]+))?/);
  const room = anchor.dataset.channel || (permalink && permalink[1]);
  if (!room || !channel(room)) return;
  event.preventDefault();
  openChannel(room);
  if (permalink && permalink[4]) sync().then(() => openThread(permalink[4], true));
  else if (permalink) sync().then(() => showMessage(`${permalink[2]}.${permalink[3]}`));
});

function showMessage(ts) {
  const found = fetched.messages.find((m) => m.ts === ts);
  if (found && found.thread_ts && found.thread_ts !== ts) openThread(found.thread_ts, true);
  const node = document.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 2000);
}

put($("main-content"), main.node);
put($("thread-content"), thread.node);
$("thread-close").addEventListener("click", closeThread);
document.addEventListener("sandbox:refresh", sync);
document.addEventListener("visibilitychange", sync);

let timer = null;
listen(
  (change) => {
    if (change.channel) news.add(change.channel);
    timer = timer || setTimeout(() => ((timer = null), sync()), 60);
  },
  (up) => {
    bar.link(up);
    if (up) sync();
  },
);
setInterval(() => document.visibilityState === "visible" && sync(), 20_000); // the workspace's clock may run by itself
sync();
