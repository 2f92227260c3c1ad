// Which conversations have something the viewer has not looked at. Kept for as long as the page is open.

import { store } from "./store.js";

const newest = new Map(); // "viewer/channel" -> ts of the newest message by someone else
const seen = new Map(); // "viewer/channel" -> ts up to which the viewer has looked

function key(channel) {
  return `${store.viewer}/${channel}`;
}

/** Remembers what is in a conversation, as just fetched for the viewer. */
export function noteMessages(channel, messages) {
  const last = messages.filter((m) => !m.deleted && m.user !== store.viewer).at(-1);
  if (last) newest.set(key(channel), last.ts);
}

/** The viewer is looking at it now. */
export function look(channel) {
  if (newest.has(key(channel))) seen.set(key(channel), newest.get(key(channel)));
}

/** Whether there is news for the viewer. */
export function isUnread(channel) {
  const last = newest.get(key(channel));
  return last !== undefined && last > (seen.get(key(channel)) || "");
}
