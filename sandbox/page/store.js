// What the page knows: the workspace's state as last fetched, who is looking, and what is open.
// Holds and answers; it neither fetches nor draws.

export const store = {
  state: null, // GET /_sandbox/state
  viewer: null, // the id of the person one is
  channel: null, // the id of the open conversation
  thread: null, // the ts of the open thread's parent
  tab: "messages", // of the bot's conversation: "home" or "messages"
};

/** A member by id; an unknown id gets a plain record, so that nothing has to check. */
export function user(id) {
  const bot = store.state && store.state.bot;
  const found = store.state && store.state.users.find((u) => u.id === id);
  if (found) return found;
  if (bot && bot.user_id === id) return { id, name: bot.name, real_name: bot.name, is_bot: true, tz: "UTC" };
  return { id, name: id || "unknown", real_name: "", is_bot: false, tz: "UTC" };
}

/** The name people see. */
export function nameOf(id) {
  const found = user(id);
  return found.real_name || found.name;
}

/** A conversation by id, or undefined. */
export function channel(id) {
  return store.state && store.state.channels.find((c) => c.id === id);
}

/** People, without the bots, by name. */
export function people() {
  return store.state.users.filter((u) => !u.is_bot).sort((a, b) => nameOf(a.id).localeCompare(nameOf(b.id)));
}

/** A person's direct conversation with the bot, or undefined. */
export function botChannel(person = store.viewer) {
  return store.state.channels.find((c) => c.is_im && c.user === person);
}

/** Channels the viewer is in, by name. */
export function myChannels() {
  return store.state.channels
    .filter((c) => !c.is_im && !c.is_archived && c.members.includes(store.viewer))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Open channels the viewer is not in. */
export function otherChannels() {
  return store.state.channels
    .filter((c) => !c.is_im && !c.is_archived && !c.is_private && !c.members.includes(store.viewer))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The viewer's IANA zone, which every time on the page is shown in. */
export function zone() {
  return user(store.viewer).tz || "UTC";
}

/** The workspace's clock as a Date: "today" is its day, not the browser's. */
export function now() {
  return new Date(store.state.now);
}
