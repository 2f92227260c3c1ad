// Input elements: text, numbers, dates, times, radio buttons, checkboxes and the plain selects. Each registers with
// form.js, so that it can be read in Slack's shape and keeps its content when it is redrawn.

import { h, put } from "./dom.js";
import { fire } from "./elements.js";
import { control } from "./form.js";
import { channel, nameOf, people, store } from "./store.js";
import { text, words } from "./text.js";

/** What every builder gets: the element, ctx, {block, id, label, fires}. `id` ties it to its label. */

function field(input, element, ctx, place, { read, write }) {
  input.id = place.id;
  if (place.label) input.setAttribute("aria-label", place.label);
  if (element.placeholder && "placeholder" in input) input.placeholder = words(element.placeholder);
  control(input, { block: place.block, action: element.action_id, read, write });
  return input;
}

function fires(node, element, ctx, place, event, read) {
  if (!place.fires) return node;
  node.addEventListener(event, () => {
    const { type: _type, ...extra } = read();
    fire(element, ctx, place.block, extra, node);
  });
  return node;
}

/** plain_text_input, email_text_input, url_text_input: Enter in a single line sends the form, as in Slack. */
export function textInput(element, ctx, place) {
  const props = { class: "field", maxlength: element.max_length, autocomplete: "off", spellcheck: "true" };
  const input = element.multiline ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type: "text" });
  input.value = element.initial_value || "";
  const read = () => ({ type: element.type, value: input.value === "" ? null : input.value });
  if (place.fires) onEnter(input, element, ctx, place);
  return field(input, element, ctx, place, { read, write: (state) => (input.value = state.value || "") });
}

function onEnter(input, element, ctx, place) {
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    fire(element, ctx, place.block, { value: input.value }, input);
  });
}

/** number_input: a text field, so that what was typed stays to be corrected whatever it is. */
export function numberInput(element, ctx, place) {
  const input = h("input", { class: "field number", type: "text", inputmode: element.is_decimal_allowed ? "decimal" : "numeric", autocomplete: "off" });
  input.value = element.initial_value ?? "";
  const read = () => ({ type: element.type, value: input.value.trim() === "" ? null : input.value.trim() });
  if (place.fires) onEnter(input, element, ctx, place);
  return field(input, element, ctx, place, { read, write: (state) => (input.value = state.value ?? "") });
}

/** datepicker and timepicker, with the browser's own picker. */
export function whenInput(element, ctx, place) {
  const [type, key, first] = element.type === "datepicker" ? ["date", "selected_date", element.initial_date] : ["time", "selected_time", element.initial_time];
  const input = h("input", { class: "field when", type });
  input.value = first || "";
  const read = () => ({ type: element.type, [key]: input.value || null });
  fires(input, element, ctx, place, "change", read);
  return field(input, element, ctx, place, { read, write: (state) => (input.value = state[key] || "") });
}

/** static_select as the browser's select: works with keyboards, screen readers and phones by itself. */
export function staticSelect(element, ctx, place) {
  const groups = element.option_groups || [{ options: element.options || [] }];
  const options = groups.flatMap((group) => group.options);
  const at = (option) => (option ? String(options.findIndex((o) => o.value === option.value)) : "");
  const draw = (option) => h("option", { value: at(option) }, words(option.text));
  const drawn = groups.map((group) => (group.label ? h("optgroup", { label: words(group.label) }, group.options.map(draw)) : group.options.map(draw)));
  return select(element, ctx, place, {
    drawn,
    first: at(element.initial_option),
    read: (value) => ({ selected_option: value === "" ? null : options[Number(value)] }),
    write: (state) => at(state.selected_option),
  });
}

const PICKS = {
  users_select: ["selected_user", "initial_user", () => people().map((u) => [u.id, nameOf(u.id)])],
  channels_select: ["selected_channel", "initial_channel", () => places(false)],
  conversations_select: ["selected_conversation", "initial_conversation", () => places(true)],
};

function places(all) {
  const mine = store.state.channels.filter((c) => !c.is_im && !c.is_archived && (all || !c.is_private));
  return mine.map((c) => [c.id, `#${channel(c.id).name}`]).sort((a, b) => a[1].localeCompare(b[1]));
}

/** users_select, channels_select, conversations_select. */
export function memberSelect(element, ctx, place) {
  const [key, initial, list] = PICKS[element.type];
  const drawn = list().map(([id, name]) => h("option", { value: id }, name));
  return select(element, ctx, place, {
    drawn,
    first: element[initial] || "",
    read: (value) => ({ [key]: value || null }),
    write: (state) => state[key] || "",
  });
}

function select(element, ctx, place, { drawn, first, read, write }) {
  const empty = h("option", { value: "" }, words(element.placeholder) || "Choose…");
  const input = h("select", { class: "field select" }, empty, drawn);
  input.value = first;
  const state = () => ({ type: element.type, ...read(input.value) });
  let before = input.value;
  if (place.fires) {
    input.addEventListener("change", async () => {
      const done = await fire(element, ctx, place.block, read(input.value), input);
      if (done) before = input.value;
      else input.value = before;
    });
  }
  return field(input, element, ctx, place, { read: state, write: (saved) => (input.value = write(saved)) });
}

/** radio_buttons and checkboxes as a labelled group. */
export function choices(element, ctx, place) {
  const single = element.type === "radio_buttons";
  const picked = single ? [element.initial_option].filter(Boolean) : element.initial_options || [];
  const rows = element.options.map((option, i) => {
    const input = h("input", { type: single ? "radio" : "checkbox", name: place.id, id: `${place.id}-${i}`, value: String(i) });
    input.checked = picked.some((p) => p.value === option.value);
    return { input, option };
  });
  const chosen = () => rows.filter((row) => row.input.checked).map((row) => row.option);
  const read = () => (single ? { type: element.type, selected_option: chosen()[0] || null } : { type: element.type, selected_options: chosen() });
  const write = (state) => {
    const values = (single ? [state.selected_option].filter(Boolean) : state.selected_options).map((o) => o.value);
    for (const row of rows) row.input.checked = values.includes(row.option.value);
  };
  const group = h("div", { class: "choices", role: single ? "radiogroup" : "group", id: place.id, "aria-labelledby": place.labelledby, "aria-label": place.label, tabindex: "-1" });
  put(group, rows.map(({ input, option }) => h("label", { class: "choice", for: input.id }, input, h("span", {}, text(option.text), option.description && h("small", {}, text(option.description))))));
  fires(group, element, ctx, place, "change", read);
  return control(group, { block: place.block, action: element.action_id, read, write });
}
