// Block Kit as DOM nodes: one small function a block type. Data in, nodes out; clicks leave through ctx.act and
// ctx.suggest. A type this page does not know is shown as such, never left out.

import { chart } from "./charts.js";
import { h, uid } from "./dom.js";
import { combobox } from "./combobox.js";
import { button, feedback, iconButton, overflow } from "./elements.js";
import { choices, memberSelect, numberInput, staticSelect, textInput, whenInput } from "./inputs.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { image, text, words } from "./text.js";

/** All blocks of a message, a modal or Home. */
export function blocks(list, ctx) {
  return (list || []).map((block) => {
    const draw = BLOCKS[block.type];
    const body = draw ? draw(block, ctx) : h("p", { class: "unsupported" }, `This page cannot show a “${block.type}” block.`);
    const kind = block.type.replaceAll("_", "-");
    return h("div", { class: `block block-${kind}`, "data-block-id": block.block_id }, body);
  });
}

const BLOCKS = {
  section,
  header: (block) => h("h3", { class: "header" }, text(block.text)),
  divider: () => h("hr"),
  context,
  actions: (block, ctx) => h("div", { class: "actions" }, (block.elements || []).map((e) => element(e, ctx, block))),
  context_actions: (block, ctx) => h("div", { class: "actions small" }, (block.elements || []).map((e) => element(e, ctx, block))),
  image: (block) => h("figure", {}, block.title && h("figcaption", {}, text(block.title)), image(block.image_url, block.alt_text, "picture")),
  input,
  rich_text: richText,
  table: (block) => table(block),
  data_table: (block) => dataTable(block),
  data_visualization: (block) => chart(block),
  markdown: (block) => markdown(block.text),
  alert,
  card,
  carousel: (block, ctx) => h("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" }, block.elements.map((c) => card(c, ctx))),
  container,
  video: (block) => h("div", { class: "card" }, h("strong", {}, text(block.title)), image(null, block.alt_text, "picture")),
  task_card: task,
  plan: (block) => h("div", { class: "card" }, h("strong", {}, text(block.title)), (block.tasks || []).map(task)),
};

function section(block, ctx) {
  const main = h("div", { class: "section-text" }, block.text && h("div", { class: "text" }, text(block.text)), block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("div", { class: "text" }, text(f)))));
  if (!block.accessory) return main;
  return h("div", { class: `section ${block.accessory.type === "overflow" ? "tight" : ""}` }, main, h("div", { class: "accessory" }, element(block.accessory, ctx, block, words(block.text))));
}

function context(block) {
  const one = (e) => (e.type === "image" ? image(e.image_url, e.alt_text, "tiny") : h("span", { class: "text" }, text(e)));
  return h("div", { class: "context" }, (block.elements || []).map(one));
}

const ALERTS = { info: ["i", "Note"], warning: ["!", "Warning"], error: ["×", "Error"], success: ["✓", "Done"], default: ["i", "Note"] };

function alert(block) {
  const level = ALERTS[block.level] ? block.level : "default";
  const [sign, word] = ALERTS[level];
  const mark = h("span", { class: "alert-sign", "aria-hidden": "true" }, sign);
  return h("div", { class: `alert ${level}`, role: level === "error" ? "alert" : "status" }, mark, h("span", { class: "visually-hidden" }, `${word}: `), h("div", { class: "text" }, text(block.text)));
}

function card(block, ctx) {
  return h(
    "div",
    { class: "card" },
    block.hero_image && image(block.hero_image.image_url, block.hero_image.alt_text, "picture"),
    h("div", { class: "card-head" }, block.icon && image(block.icon.image_url, block.icon.alt_text, "icon"), h("div", {}, block.title && h("strong", {}, text(block.title)), block.subtitle && h("div", { class: "muted" }, text(block.subtitle)))),
    block.body && h("div", { class: "text" }, text(block.body)),
    block.actions && h("div", { class: "actions" }, block.actions.map((e) => element(e, ctx, block))),
  );
}

function container(block, ctx) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : h("strong", {}, text(block.title));
  const head = [h("div", {}, title, block.subtitle && h("div", { class: "muted" }, text(block.subtitle)))];
  const body = h("div", { class: "container-body" }, blocks(block.child_blocks, ctx));
  const name = `container ${block.width || "standard"} ${block.has_header_divider ? "divided" : ""}`;
  if (!block.is_collapsible) return h("div", { class: name }, h("div", { class: "container-head" }, head), body);
  return h("details", { class: name, open: !block.default_collapsed }, h("summary", { class: "container-head", "data-focus": `${block.block_id}/summary` }, head), body);
}

const TASKS = { pending: "○ pending", in_progress: "◐ in progress", complete: "✓ complete", error: "× failed" };

function task(block) {
  return h("div", { class: "task" }, h("strong", {}, text(block.title)), h("span", { class: "muted" }, ` ${TASKS[block.status] || ""}`), block.details && richText(block.details), block.output && richText(block.output));
}

const ELEMENTS = {
  button,
  overflow,
  feedback_buttons: feedback,
  icon_button: iconButton,
  workflow_button: button,
};

const INPUTS = {
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: numberInput,
  datepicker: whenInput,
  timepicker: whenInput,
  static_select: staticSelect,
  users_select: memberSelect,
  channels_select: memberSelect,
  conversations_select: memberSelect,
  radio_buttons: choices,
  checkboxes: choices,
  external_select: combobox,
  multi_external_select: combobox,
  multi_static_select: combobox,
  multi_users_select: combobox,
};

/** An element of an actions block or an accessory: it acts as soon as it is used. */
function element(e, ctx, block, label) {
  if (e.type === "image") return image(e.image_url, e.alt_text, "thumb");
  if (ELEMENTS[e.type]) return ELEMENTS[e.type](e, ctx, block.block_id);
  const name = words(e.placeholder) || label || e.action_id;
  if (INPUTS[e.type]) return INPUTS[e.type](e, ctx, { block: block.block_id, id: uid("field"), label: name, fires: true });
  return h("span", { class: "unsupported" }, `This page cannot show a “${e.type}”.`);
}

/** An input block: label, field, the place of its error, hint. */
function input(block, ctx) {
  const [id, errorId, labelId] = [uid("field"), uid("error"), uid("label")];
  const group = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const place = { block: block.block_id, id, labelledby: group ? labelId : null, fires: block.dispatch_action };
  const make = INPUTS[block.element.type];
  const node = make ? make(block.element, ctx, place) : h("p", { class: "unsupported" }, `This page cannot show a “${block.element.type}”.`);
  const optional = block.optional && h("span", { class: "muted" }, " (optional)");
  const label = group ? h("span", { class: "label", id: labelId }, text(block.label), optional) : h("label", { class: "label", for: id, id: labelId }, text(block.label), optional);
  node.dataset.required = block.optional ? "" : "yes";
  return [label, node, h("p", { class: "field-error", id: errorId, hidden: true }), block.hint && h("p", { class: "hint" }, text(block.hint))];
}
