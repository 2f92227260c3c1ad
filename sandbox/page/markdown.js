// The markdown block (standard Markdown, not mrkdwn) as DOM nodes: headings, lists, quotes, fences, tables, inline marks.
// Raw HTML in it stays text.

import { h } from "./dom.js";
import { link } from "./mrkdwn.js";

/** A markdown text. */
export function markdown(text) {
  return h("div", { class: "markdown" }, blocks(String(text ?? "").replaceAll("\r", "").split("\n")));
}

const READERS = [
  [/^\s*```/, fence],
  [/^(#{1,6})\s+/, heading],
  [/^\s*([-*_])(\s*\1){2,}\s*$/, (rows) => [h("hr"), rows.slice(1)]],
  [/^\s*>/, quote],
  [/^\s*([-*+]|\d+[.)])\s+/, list],
  [/^\s*\|.*\|\s*$/, table],
];

function blocks(rows) {
  const out = [];
  let left = rows;
  while (left.length) {
    if (!left[0].trim()) {
      left = left.slice(1);
      continue;
    }
    const reader = READERS.find(([pattern]) => pattern.test(left[0]));
    const [node, rest] = (reader ? reader[1] : paragraph)(left);
    out.push(node);
    left = rest;
  }
  return out;
}

function paragraph(rows) {
  let end = 1;
  while (end < rows.length && rows[end].trim() && !READERS.some(([pattern]) => pattern.test(rows[end]))) end += 1;
  const words = rows.slice(0, end).map((row, i) => [i ? h("br") : null, inline(row.trim())]);
  return [h("p", {}, words), rows.slice(end)];
}

function fence(rows) {
  const end = rows.findIndex((row, i) => i > 0 && /^\s*```/.test(row));
  const stop = end < 0 ? rows.length : end;
  return [h("pre", {}, rows.slice(1, stop).join("\n")), rows.slice(stop + 1)];
}

function heading(rows) {
  const [, marks, words] = rows[0].match(/^(#{1,6})\s+(.*?)#*\s*$/);
  return [h("p", { class: `heading level-${marks.length}`, role: "heading", "aria-level": marks.length + 2 }, inline(words)), rows.slice(1)];
}

function quote(rows) {
  let end = 0;
  while (end < rows.length && /^\s*>/.test(rows[end])) end += 1;
  return [h("blockquote", {}, blocks(rows.slice(0, end).map((row) => row.replace(/^\s*>\s?/, "")))), rows.slice(end)];
}

function list(rows) {
  const indent = rows[0].search(/\S/);
  const ordered = /^\s*\d/.test(rows[0]);
  const items = [];
  let at = 0;
  while (at < rows.length) {
    const row = rows[at];
    const depth = row.search(/\S/);
    if (depth < 0) break;
    const bullet = row.match(/^\s*(?:[-*+]|\d+[.)])\s+(.*)$/);
    if (depth <= indent && !bullet) break;
    if (depth < indent) break;
    if (bullet && depth <= indent) items.push([bullet[1], []]);
    else items.at(-1)[1].push(row.slice(Math.min(depth, indent + 2)));
    at += 1;
  }
  const nodes = items.map(([words, inner]) => h("li", {}, inline(words), inner.length ? blocks(inner) : null));
  return [h(ordered ? "ol" : "ul", {}, nodes), rows.slice(at)];
}

function table(rows) {
  let end = 0;
  while (end < rows.length && /^\s*\|.*\|\s*$/.test(rows[end])) end += 1;
  const cells = rows.slice(0, end).map((row) => row.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const headed = cells.length > 1 && cells[1].every((cell) => /^:?-+:?$/.test(cell));
  const head = headed ? h("thead", {}, h("tr", {}, cells[0].map((cell) => h("th", { scope: "col" }, inline(cell))))) : null;
  const body = (headed ? cells.slice(2) : cells).map((row) => h("tr", {}, row.map((cell) => h("td", {}, inline(cell)))));
  return [h("div", { class: "table-scroll" }, h("table", {}, head, h("tbody", {}, body))), rows.slice(end)];
}

const MARKS = [
  [/`([^`]+)`/, (m) => h("code", {}, m[1])],
  [/!?\[([^\]]+)\]\(([^)\s]+)\)/, (m) => link(m[2], m[1])],
  [/\*\*(?=\S)(.+?\S|\S)\*\*|__(?=\S)(.+?\S|\S)__/, (m) => h("strong", {}, inline(m[1] || m[2]))],
  [/~~(?=\S)(.+?)~~/, (m) => h("s", {}, inline(m[1]))],
  [/(?<![\p{L}\p{N}*])\*(?=\S)(.+?\S|\S)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)(.+?\S|\S)_(?![\p{L}\p{N}_])/u, (m) => h("em", {}, inline(m[1] || m[2]))],
  [/https?:\/\/[^\s<>)]+/, (m) => link(m[0], m[0])],
];

function inline(text) {
  const hits = MARKS.map(([pattern, make]) => ({ make, hit: pattern.exec(text) })).filter(({ hit }) => hit);
  if (!hits.length) return [text];
  const { hit, make } = hits.reduce((a, b) => (b.hit.index < a.hit.index ? b : a));
  return [text.slice(0, hit.index), make(hit), ...inline(text.slice(hit.index + hit[0].length))];
}
