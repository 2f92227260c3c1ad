// Who has something they have not looked at, and where. Kept for as long as the page is open.

const newest = new Map(); // "person/channel" -> ts of the newest message by someone else
const seen = new Map(); // "person/channel" -> ts up to which the person has looked

/** Remembers what is in a conversation, as just fetched for this person. */
export function noteMessages(person, channel, messages) {
  const last = messages.filter((m) => !m.deleted && m.user !== person).at(-1);
  if (last) newest.set(`${person}/${channel}`, last.ts);
}

/** The person is looking at it now. */
export function look(person, channel) {
  const key = `${person}/${channel}`;
  if (newest.has(key)) seen.set(key, newest.get(key));
}

/** Whether there is news for the person. */
export function isUnread(person, channel) {
  const key = `${person}/${channel}`;
  return newest.has(key) && newest.get(key) > (seen.get(key) || "");
}
