// Errors of a form, shown below the fields they belong to: the app's own and the checks that Slack's client makes
// before it sends anything. What was typed is never touched.

/** Shows {block_id: words} under `root` and moves the focus to the first one. */
export function showErrors(root, errors) {
  clearErrors(root);
  let first = null;
  for (const [block, words] of Object.entries(errors)) {
    const place = root.querySelector(`[data-block-id="${CSS.escape(block)}"]`);
    const line = place && place.querySelector(".field-error");
    if (!line) continue;
    const field = fieldOf(place);
    line.textContent = words;
    line.hidden = false;
    place.classList.add("wrong");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", line.id);
    place.addEventListener("input", () => clear(place), { once: true });
    place.addEventListener("change", () => clear(place), { once: true });
    first = first || field;
  }
  if (first) first.focus();
  return Boolean(first);
}

function fieldOf(place) {
  return place.querySelector(".control:is(input, textarea, select), .control input, .control");
}

function clear(place) {
  const line = place.querySelector(".field-error");
  const field = fieldOf(place);
  place.classList.remove("wrong");
  line.hidden = true;
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

/** Takes all errors away. */
export function clearErrors(root) {
  for (const place of root.querySelectorAll(".wrong")) clear(place);
}

/** {block_id: words} of required fields left empty and of numbers that are none. */
export function check(blocks, values) {
  const errors = {};
  for (const block of blocks.filter((b) => b.type === "input")) {
    const state = (values[block.block_id] || {})[block.element.action_id] || {};
    const words = wrong(block, state);
    if (words) errors[block.block_id] = words;
  }
  return errors;
}

function wrong(block, state) {
  const { type, ...rest } = state;
  const value = Object.values(rest)[0];
  const empty = value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
  if (empty) return block.optional ? null : "Please complete this required field.";
  if (type === "number_input") return wrongNumber(block.element, value);
  const least = block.element.min_length;
  if (least && typeof value === "string" && value.length < least) return `At least ${least} characters, please.`;
  return null;
}

function wrongNumber(element, value) {
  const number = Number(value);
  if (Number.isNaN(number)) return `“${value}” is not a number.`;
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "A whole number, please.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `At least ${element.min_value}, please.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `At most ${element.max_value}, please.`;
  return null;
}
