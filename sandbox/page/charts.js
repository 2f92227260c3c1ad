// The data_visualization block as inline SVG: line, area, bar and pie. Series differ by dash, marker and pattern as
// well as by colour, and the figures stand in a hidden table for screen readers.

import { h, put, s, uid } from "./dom.js";

const HEIGHT = 210;
const DASHES = [null, "7 4", "2 4", "10 3 2 3", "4 2", "1 3"];

/** A chart: drawn for the width it gets, and again when that changes. */
export function chart(block) {
  const spec = block.chart || {};
  const holder = h("div", { class: "chart-plot" });
  const draw = (width) => put(holder, spec.type === "pie" ? pie(spec, block.title) : axes(spec, block.title, Math.max(240, width)));
  new ResizeObserver(([entry]) => draw(Math.min(560, entry.contentRect.width))).observe(holder);
  draw(460);
  const names = spec.type === "pie" ? spec.segments.map((g) => `${g.label} (${g.value})`) : spec.series.map((one) => one.name);
  const legend = h("ul", { class: "legend" }, names.map((name, i) => h("li", {}, sample(spec.type, i), name)));
  return h("figure", { class: "chart" }, h("figcaption", {}, block.title), holder, legend, figures(spec, block.title));
}

function sample(type, i) {
  const line = type === "line" || type === "area";
  const mark = line ? [s("path", { class: `line c${i}`, d: "M0 7H28", "stroke-dasharray": DASHES[i] }), marker(i, 14, 7)] : pattern(i, s("rect", { x: 6, y: 0, width: 16, height: 14, class: `bar c${i}` }));
  return s("svg", { width: 28, height: 14, "aria-hidden": "true" }, mark);
}

function figures(spec, title) {
  if (spec.type === "pie") return null;
  const head = h("tr", {}, h("th", {}, ""), spec.series.map((one) => h("th", { scope: "col" }, one.name)));
  const rows = spec.axis_config.categories.map((c) => h("tr", {}, h("th", { scope: "row" }, c), spec.series.map((one) => h("td", {}, valueAt(one, c)))));
  return h("div", { class: "visually-hidden" }, h("table", {}, h("caption", {}, title), h("thead", {}, head), h("tbody", {}, rows)));
}

function valueAt(series, category) {
  const point = series.data.find((p) => p.label === category);
  return point ? point.value : null;
}

/** Round steps that cover all values, with zero among them. */
export function scale(values) {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const raw = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= raw * 0.999);
  const from = Math.floor(low / step + 1e-9) * step;
  const ticks = [];
  for (let i = 0; from + i * step <= high + step * 0.999; i += 1) ticks.push(Number((from + i * step).toPrecision(10)));
  return ticks;
}

function axes(spec, title, width) {
  const { categories, x_label: xLabel, y_label: yLabel } = spec.axis_config;
  const values = spec.series.flatMap((one) => one.data.map((p) => p.value)).filter((v) => typeof v === "number");
  const ticks = scale(values);
  const left = 14 + 7 * Math.max(...ticks.map((t) => tickWords(t).length)) + (yLabel ? 14 : 0);
  const slot = (width - 12 - left) / categories.length;
  const longest = Math.max(...categories.map((c) => c.length)) * 6.4;
  const tilted = spec.type === "bar" && longest > slot - 4; // a bar without its name says nothing
  const foot = tilted ? Math.min(76, longest * 0.72 + 12) : 26;
  const box = { left, right: width - 12, top: 10, bottom: HEIGHT - foot - (xLabel ? 16 : 0) };
  const y = (v) => box.bottom - ((v - ticks[0]) / (ticks.at(-1) - ticks[0] || 1)) * (box.bottom - box.top);
  const x = (i) => box.left + slot * (i + 0.5);
  const plot = { spec, categories, x, y, slot, box, longest, tilted };
  return s(
    "svg",
    { role: "img", "aria-label": `${spec.type} chart: ${title}`, width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
    ticks.map((t) => [s("path", { class: t === 0 ? "axis" : "grid", d: `M${box.left} ${y(t)}H${box.right}` }), s("text", { x: box.left - 6, y: y(t) + 4, "text-anchor": "end" }, tickWords(t))]),
    categoryLabels(plot),
    xLabel && s("text", { class: "axis-label", x: (box.left + box.right) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, xLabel),
    yLabel && s("text", { class: "axis-label", x: 0, y: 0, "text-anchor": "middle", transform: `translate(11 ${(box.top + box.bottom) / 2}) rotate(-90)` }, yLabel),
    spec.type === "bar" ? bars(plot) : spec.series.map((one, i) => lineOf(plot, one, i)),
  );
}

function tickWords(t) {
  const [size, mark] = [[1e9, "B"], [1e6, "M"], [1e4, "k"]].find(([limit]) => Math.abs(t) >= limit) || [1, ""];
  return `${Number((t / (mark === "k" ? 1e3 : size)).toPrecision(4))}${mark}`;
}

function categoryLabels({ spec, categories, x, slot, box, longest, tilted }) {
  if (tilted) return categories.map((c, i) => s("text", { transform: `translate(${x(i) + 4} ${box.bottom + 12}) rotate(-45)`, "text-anchor": "end" }, s("title", {}, c), c.length > 14 ? `${c.slice(0, 13)}…` : c));
  const every = spec.type === "bar" ? 1 : Math.max(1, Math.ceil(46 / slot));
  const room = Math.max(4, Math.floor((slot * every + 10) / 6.4));
  const short = (c) => (longest > slot * every && c.length > room ? `${c.slice(0, room - 1)}…` : c);
  const last = categories.length - 1; // the newest point, or where it is heading, is never the one without a name
  return categories.map((c, i) => (last - i) % every === 0 && s("text", { x: x(i), y: box.bottom + 17, "text-anchor": "middle" }, s("title", {}, c), short(c)));
}

function lineOf({ spec, categories, x, y }, series, i) {
  const points = categories.map((c, at) => [x(at), valueAt(series, c), c]).filter(([, v]) => v !== null);
  const path = points.map(([px, v], at) => `${at ? "L" : "M"}${px} ${y(v)}`).join("");
  const area = spec.type === "area" && points.length && s("path", { class: `area c${i}`, d: `${path}L${points.at(-1)[0]} ${y(0)}L${points[0][0]} ${y(0)}Z` });
  return s("g", {}, area, s("path", { class: `line c${i}`, d: path, "stroke-dasharray": DASHES[i] }), points.map(([px, v, c]) => marker(i, px, y(v), `${series.name}, ${c}: ${v}`)));
}

const SHAPES = [
  (x, y) => s("circle", { cx: x, cy: y, r: 3.5 }),
  (x, y) => s("rect", { x: x - 3.2, y: y - 3.2, width: 6.4, height: 6.4 }),
  (x, y) => s("path", { d: `M${x} ${y - 4.4}L${x + 4.2} ${y + 3.2}H${x - 4.2}Z` }),
  (x, y) => s("path", { d: `M${x} ${y - 4.6}L${x + 4.6} ${y}L${x} ${y + 4.6}L${x - 4.6} ${y}Z` }),
  (x, y) => s("path", { d: `M${x - 3.5} ${y - 3.5}L${x + 3.5} ${y + 3.5}M${x + 3.5} ${y - 3.5}L${x - 3.5} ${y + 3.5}` }),
  (x, y) => s("path", { d: `M${x - 4.5} ${y}H${x + 4.5}M${x} ${y - 4.5}V${y + 4.5}` }),
];

function marker(i, x, y, title) {
  return s("g", { class: `marker c${i} ${i === 1 ? "hollow" : ""}` }, title && s("title", {}, title), SHAPES[i % SHAPES.length](x, y));
}

function bars({ spec, categories, x, y, slot }) {
  const width = Math.min(34, (slot * 0.76) / spec.series.length);
  const one = (series, i, c, at) => {
    const v = valueAt(series, c);
    if (!v) return null;
    const px = x(at) + (i - spec.series.length / 2) * width;
    const bar = s("rect", { class: `bar c${i}`, x: px + 0.5, y: Math.min(y(v), y(0)), width: width - 1, height: Math.max(1, Math.abs(y(v) - y(0))) }, s("title", {}, `${series.name}, ${c}: ${v}`));
    return pattern(i, bar);
  };
  return spec.series.map((series, i) => categories.map((c, at) => one(series, i, c, at)));
}

const HATCHES = [null, "M0 6L6 0M-1 1L1 -1M5 7L7 5", "M3 3h.01", "M0 3H6", "M3 0V6", "M0 0L6 6"];

/** The bar itself and, from the second series on, a white pattern above it. */
function pattern(i, bar) {
  if (!HATCHES[i]) return bar;
  const id = uid("hatch");
  const over = bar.cloneNode(true);
  over.setAttribute("class", "hatch");
  over.setAttribute("fill", `url(#${id})`);
  return [s("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, s("path", { class: "hatch-line", d: HATCHES[i] })), bar, over];
}

function pie(spec, title) {
  const sum = spec.segments.reduce((total, g) => total + g.value, 0);
  let from = 0;
  const slices = spec.segments.flatMap((g, i) => {
    const d = slice(from, (from += g.value / sum));
    return pattern(i, s("path", { class: `bar c${i}`, d }, s("title", {}, `${g.label}: ${g.value}`)));
  });
  return s("svg", { role: "img", "aria-label": `pie chart: ${title}`, width: 180, height: 180, viewBox: "-90 -90 180 180" }, slices);
}

function slice(from, to) {
  const at = (share) => `${84 * Math.sin(share * 2 * Math.PI)} ${-84 * Math.cos(share * 2 * Math.PI)}`;
  const end = Math.min(to, from + 0.9999);
  return `M0 0L${at(from)}A84 84 0 ${end - from > 0.5 ? 1 : 0} 1 ${at(end)}Z`;
}
