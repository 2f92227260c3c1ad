// Slack's mrkdwn as DOM nodes: *bold* _italic_ ~strike~ `code` ```pre``` > quotes, list lines, links, mentions, dates.
// Everything else is text. It makes nodes and text nodes only, so a person's "<img …>" stays the words it is.

import { h } from "./dom.js";
import { dateTemplate, full } from "./dates.js";
import { channel, nameOf, store } from "./store.js";

const OPEN = "\uE000";
const SHUT = "\uE001";
const STYLES = [
  ["*", "strong"],
  ["_", "em"],
  ["~", "s"],
].map(([mark, tag]) => {
  const m = mark === "*" ? "\\*" : mark;
  return [new RegExp(`(?<![\\p{L}\\p{N}${m}])${m}(?=[^\\s${m}])([^\\n]*?[^\\s${m}])${m}(?![\\p{L}\\p{N}${m}])`, "u"), tag];
});

/** A whole text: code blocks, quotes, list lines and inline marks. */
export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  const clean = String(text ?? "").replace(/[\uE000\uE001]/g, "");
  clean.split(/```\n?([\s\S]*?)\n?```/).forEach((part, i) => {
    if (i % 2) out.append(h("pre", {}, unescape(part)));
    else if (part) lines(part.replace(i ? /^\n/ : "", "").replace(/\n$/, ""), out);
  });
  return out;
}

function lines(text, out) {
  let quote = null;
  let rest = false;
  let previous = null;
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:>>>|&gt;&gt;&gt;)\s?(.*)$/) || line.match(/^(?:>|&gt;)\s?(.*)$/);
    if (rest || quoted) {
      rest = rest || /^(>>>|&gt;&gt;&gt;)/.test(line);
      if (!quote) out.append((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(inline(quoted ? quoted[1] : line));
      previous = "block";
      continue;
    }
    quote = null;
    const item = line.match(/^(\s*)([•◦▪]|-|\d{1,2}[.)])(\s+)(.*)$/);
    if (item) {
      const depth = Math.min(3, Math.floor(item[1].length / 2));
      out.append(h("div", { class: `item depth-${depth}` }, h("span", { class: "marker" }, item[2], " "), h("span", {}, inline(item[4]))));
      previous = "block";
      continue;
    }
    if (previous === "line" || (previous === "block" && line === "")) out.append(h("br"));
    out.append(inline(line));
    previous = line === "" && previous === "block" ? "block" : "line";
  }
}

/** One line's inline marks. */
export function inline(text) {
  const kept = [];
  const keep = (node) => `${OPEN}${kept.push(node) - 1}${SHUT}`;
  const marked = text
    .replace(/`([^`\n]+)`/g, (_, code) => keep(h("code", {}, unescape(code))))
    .replace(/<([^<>\n]+)>/g, (whole, inner) => {
      const node = special(inner);
      return node ? keep(node) : whole;
    })
    .replace(/\bhttps?:\/\/[^\s<>|\uE000]+[^\s<>|.,;:!?)\]'"\uE000*_~]/g, (url) => keep(link(unescape(url), unescape(url))));
  return styled(marked, kept);
}

function styled(text, kept) {
  const out = document.createDocumentFragment();
  const first = STYLES.map(([pattern, tag]) => ({ tag, hit: pattern.exec(text) }))
    .filter(({ hit }) => hit)
    .sort((a, b) => a.hit.index - b.hit.index)[0];
  if (!first) {
    plain(text, kept, out);
    return out;
  }
  const { hit, tag } = first;
  plain(text.slice(0, hit.index), kept, out);
  out.append(h(tag, {}, styled(hit[1], kept)));
  out.append(styled(text.slice(hit.index + hit[0].length), kept));
  return out;
}

function plain(text, kept, out) {
  text.split(/\uE000(\d+)\uE001/).forEach((part, i) => {
    if (i % 2) out.append(kept[Number(part)]);
    else if (part) out.append(unescape(part));
  });
}

/** What stands between < and >: a mention, a channel, a date or a link; null for anything else. */
function special(inner) {
  const [body, label] = split(inner);
  if (/^@[A-Z0-9]+$/.test(body)) return mention(body.slice(1));
  if (/^#[A-Z0-9]+$/.test(body)) return channelLink(body.slice(1), label);
  if (body.startsWith("!date^")) return dateNode(body, label);
  if (/^!(here|channel|everyone)$/.test(body)) return h("span", { class: "mention" }, `@${body.slice(1)}`);
  if (body.startsWith("!subteam^")) return h("span", { class: "mention" }, unescape(label || "@group"));
  if (/^(https?:\/\/|mailto:)/i.test(body)) return link(unescape(body), unescape(label || body.replace(/^mailto:/i, "")));
  return null;
}

function split(inner) {
  const bar = inner.indexOf("|");
  return bar < 0 ? [inner, ""] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

/** A person's name as Slack marks it; stronger when it is the viewer's own. */
export function mention(id) {
  return h("span", { class: id === store.viewer ? "mention me" : "mention" }, `@${nameOf(id)}`);
}

/** A link that opens the conversation in this page. */
export function channelLink(id, label) {
  const found = channel(id);
  const name = (found && found.name) || unescape(label || "") || id;
  return found ? h("a", { class: "mention", href: "#", "data-channel": id }, `#${name}`) : h("span", { class: "mention" }, `#${name}`);
}

function dateNode(body, fallback) {
  const [, seconds, template, url] = body.split("^");
  const words = dateTemplate(seconds, unescape(template || ""), unescape(fallback));
  const date = new Date(Number(seconds) * 1000);
  const title = Number.isNaN(date.getTime()) ? null : full(date);
  if (url && /^https?:\/\//i.test(url)) return link(unescape(url), words);
  return h("time", { datetime: title ? date.toISOString() : null, title }, words);
}

/** A link out; only http, https and mailto ever become one. */
export function link(url, label) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return document.createTextNode(label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** Slack's three entities back to characters. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
