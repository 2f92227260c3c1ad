// Words for instants, in the viewer's zone and against the workspace's clock: message times, day dividers and
// Slack's <!date^…> formats. Reads no clock of its own.

import { now, zone } from "./store.js";

const formats = new Map();

function format(date, options) {
  const key = JSON.stringify(options) + zone();
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...options }));
  return formats.get(key).format(date);
}

/** The local calendar day as YYYY-MM-DD. */
export function dayOf(date) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone() }).format(date);
}

/** A message's ts as a Date. */
export function fromTs(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** 09:05 */
export function time(date) {
  return format(date, { hour: "2-digit", minute: "2-digit" });
}

/** Thursday 5 November 2026, 09:05: for tooltips and screen readers. */
export function full(date) {
  return `${longDate(date)}, ${time(date)}`;
}

/** Mon 16 Nov 2026, 09:00 */
export function clockWords(date) {
  const day = format(date, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).replace(",", "");
  return `${day}, ${time(date)}`;
}

/** The divider above a day's messages. */
export function dividerWords(date) {
  return near(date, true) || format(date, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

function near(date, capital) {
  const days = Math.round((Date.parse(dayOf(date)) - Date.parse(dayOf(now()))) / 86_400_000);
  const word = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
  if (!word) return null;
  return capital ? word[0].toUpperCase() + word.slice(1) : word;
}

function shortDate(date) {
  return format(date, { day: "numeric", month: "short", year: "numeric" });
}

function plainDate(date) {
  return format(date, { day: "numeric", month: "long", year: "numeric" });
}

function longDate(date) {
  return format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(",", "");
}

function ago(date) {
  const seconds = (date - now()) / 1000;
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const [unit, size] =
    [
      ["day", 86_400],
      ["hour", 3600],
      ["minute", 60],
    ].find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
  return words.format(Math.trunc(seconds / size), unit);
}

const PARTS = {
  date_num: dayOf,
  date_slash: (d) => dayOf(d).replaceAll("-", "/"),
  date: plainDate,
  date_short: shortDate,
  date_long: longDate,
  date_pretty: (d) => near(d) || plainDate(d),
  date_short_pretty: (d) => near(d) || shortDate(d),
  date_long_pretty: (d) => near(d) || longDate(d),
  day_divider_pretty: dividerWords,
  time,
  time_secs: (d) => format(d, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** Slack's date template, e.g. "{date_short_pretty} {time}"; an unknown part or a bad instant gives the fallback. */
export function dateTemplate(seconds, template, fallback) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  let known = true;
  const words = template.replace(/\{(\w+)\}/g, (whole, name) => {
    if (PARTS[name]) return PARTS[name](date);
    known = false;
    return whole;
  });
  return known ? words : fallback;
}
