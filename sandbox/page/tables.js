// The table and data_table blocks: a plain HTML table in a box that scrolls by itself, so that a narrow screen
// scrolls the table and never the page. A data_table has a caption, pages and columns that sort.

import { h, put } from "./dom.js";
import { richText } from "./richtext.js";

/** A table block: its first row is the header. */
export function table(block) {
  const [head, ...rows] = block.rows || [];
  const settings = block.column_settings || [];
  const label = (head || []).map(plain).join(", ");
  return scroller(`Table: ${label}`, h("table", {}, h("thead", {}, row(head || [], settings, "th")), h("tbody", {}, rows.map((r) => row(r, settings, "td")))));
}

function scroller(label, content) {
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": label }, content);
}

function row(cells, settings, tag) {
  return h("tr", {}, cells.map((cell, i) => {
    const setting = settings[i] || {};
    const kind = `${setting.align || (cell.type === "raw_number" ? "right" : "left")} ${setting.is_wrapped ? "wrapped" : ""}`;
    return h(tag, { class: kind, scope: tag === "th" ? "col" : null }, h("div", {}, content(cell)));
  }));
}

function content(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return plain(cell);
}

/** A cell's words. */
function plain(cell) {
  if (cell.type === "rich_text") return richText(cell).textContent;
  return String(cell.text ?? cell.value ?? "");
}

/** A data_table block. */
export function dataTable(block) {
  const [head, ...rows] = block.rows;
  const size = block.page_size || 5;
  const view = { rows, page: 0, sorted: null };
  const root = h("div", { class: "data-table" });
  const draw = () => put(root, scroller(block.caption, drawn(block, head, view, size, draw)), pager(view, size, draw));
  draw();
  return root;
}

function drawn(block, head, view, size, draw) {
  const key = block.row_header_column_index || 0;
  const titles = head.map((cell, i) => {
    const up = view.sorted && view.sorted.at === i ? view.sorted.up : null;
    const order = up === null ? "none" : up ? "ascending" : "descending";
    const sort = h("button", { type: "button", class: "sort", onclick: () => resort(block, view, i, draw) }, plain(cell), h("span", { "aria-hidden": "true" }, up === null ? "" : up ? " ↑" : " ↓"));
    return h("th", { scope: "col", "aria-sort": order }, sort);
  });
  const page = view.rows.slice(view.page * size, (view.page + 1) * size);
  const body = page.map((cells) => h("tr", {}, cells.map((cell, i) => h(i === key ? "th" : "td", { scope: i === key ? "row" : null, class: cell.type === "raw_number" ? "right wrapped" : "wrapped" }, h("div", {}, content(cell))))));
  return h("table", {}, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, titles)), h("tbody", {}, body));
}

function resort(block, view, at, draw) {
  const up = !(view.sorted && view.sorted.at === at && view.sorted.up);
  const value = (cells) => (cells[at].type === "raw_number" ? Number(cells[at].value ?? cells[at].text) : plain(cells[at]));
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  view.rows = block.rows.slice(1).sort((a, b) => compare(value(a), value(b)) * (up ? 1 : -1));
  Object.assign(view, { sorted: { at, up }, page: 0 });
  draw();
}

function pager(view, size, draw) {
  const pages = Math.ceil(view.rows.length / size);
  if (pages < 2) return null;
  const turn = (step, words) => h("button", { type: "button", class: "button quiet", disabled: view.page + step < 0 || view.page + step >= pages, onclick: () => ((view.page += step), draw()) }, words);
  const from = view.page * size + 1;
  return h("div", { class: "pager" }, turn(-1, "Previous"), h("span", { class: "muted" }, `${from}–${Math.min(from + size - 1, view.rows.length)} of ${view.rows.length}`), turn(1, "Next"));
}
