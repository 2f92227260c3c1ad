// rich_text blocks as DOM nodes: sections, lists, quotes, preformatted, with their inline elements and styles.

import { h } from "./dom.js";
import { dateTemplate } from "./dates.js";
import { channelLink, link, mention } from "./mrkdwn.js";

/** A rich_text block. */
export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements || []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_list":
      return list(element);
    case "rich_text_quote":
      return h("blockquote", {}, inlines(element.elements));
    case "rich_text_preformatted":
      return h("pre", {}, inlines(element.elements));
    default:
      return h("div", {}, inlines(element.elements));
  }
}

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const start = element.offset ? element.offset + 1 : null;
  const items = (element.elements || []).map((item) => h("li", {}, inlines(item.elements)));
  return h(tag, { class: `depth-${element.indent || 0}`, start }, items);
}

function inlines(elements) {
  return (elements || []).map((element) => styled(bare(element), element.style || {}));
}

function bare(element) {
  switch (element.type) {
    case "text":
      return broken(element.text);
    case "link":
      return link(element.url, element.text || element.url);
    case "user":
      return mention(element.user_id);
    case "channel":
      return channelLink(element.channel_id, "");
    case "emoji":
      return element.unicode ? String.fromCodePoint(...element.unicode.split("-").map((c) => Number.parseInt(c, 16))) : `:${element.name}:`;
    case "date":
      return h("time", {}, dateTemplate(element.timestamp, element.format, element.fallback || ""));
    case "broadcast":
      return h("span", { class: "mention" }, `@${element.range}`);
    default:
      return `[${element.type}]`;
  }
}

function broken(text) {
  return text.split("\n").map((line, i) => (i ? [h("br"), line] : line));
}

function styled(content, style) {
  let node = content;
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  if (style.underline) node = h("u", {}, node);
  return node;
}
