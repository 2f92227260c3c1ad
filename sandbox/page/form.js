// Keeps what people enter: every input element registers here how it is read and written. From that come the state
// Slack sends with a click or a submission, and the carrying over of typed words and focus when something is redrawn.

const controls = new WeakMap();

/** Registers `node` as the input of a block's element. `read()` answers Slack's state for it, `write(state)` sets it. */
export function control(node, { block, action, read, write }) {
  node.classList.add("control");
  node.dataset.block = block || "";
  node.dataset.action = action || "";
  const entry = { read, write, touched: false };
  controls.set(node, entry);
  const touch = () => (entry.touched = true);
  node.addEventListener("input", touch);
  node.addEventListener("change", touch);
  return node;
}

function all(root) {
  return [...root.querySelectorAll(".control")].filter((node) => controls.has(node));
}

/** What one registered input holds, in Slack's shape. */
export function valueOf(node) {
  return controls.get(node).read();
}

/** Sets one registered input, in Slack's shape, as the server had it. */
export function setValue(node, state) {
  controls.get(node).write(state);
}

/** {block_id: {action_id: state}} of everything under `root`. */
export function collect(root) {
  const values = {};
  for (const node of all(root)) {
    const { block, action } = node.dataset;
    values[block] = { ...values[block], [action]: valueOf(node) };
  }
  return values;
}

/** Sets everything under `root` to {block_id: {action_id: state}}, as the server remembers it. */
export function fillFrom(root, values) {
  for (const node of all(root)) {
    const state = ((values || {})[node.dataset.block] || {})[node.dataset.action];
    if (state && state.type === valueOf(node).type) setValue(node, state);
  }
}

/** Moves what was entered, and the focus, from a drawing to the one that takes its place; both are in the document. */
export function carry(old, fresh) {
  const before = new Map(all(old).map((node) => [`${node.dataset.block}/${node.dataset.action}`, node]));
  for (const node of all(fresh)) {
    const twin = before.get(`${node.dataset.block}/${node.dataset.action}`);
    if (!twin || !controls.get(twin).touched) continue;
    setValue(node, valueOf(twin));
    controls.get(node).touched = true;
  }
  carryFocus(old, fresh);
}

const FOCUSABLE = "input, select, textarea, button, a[href], summary";

function carryFocus(old, fresh) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return;
  const target = twinOf(active, old, fresh);
  if (!target) return;
  const selection = active.selectionStart === undefined ? null : [active.selectionStart, active.selectionEnd];
  target.focus({ preventScroll: true });
  try {
    if (selection && selection[0] !== null) target.setSelectionRange(...selection);
  } catch {
    // dates and numbers have no selection
  }
}

function twinOf(active, old, fresh) {
  const holder = active.closest(".control, [data-focus]");
  if (!holder || !old.contains(holder)) return null;
  const selector = holder.dataset.focus
    ? `[data-focus="${CSS.escape(holder.dataset.focus)}"]`
    : `.control[data-block="${CSS.escape(holder.dataset.block)}"][data-action="${CSS.escape(holder.dataset.action)}"]`;
  const twin = fresh.querySelector(selector);
  if (!twin || holder === active) return twin;
  const place = [...holder.querySelectorAll(FOCUSABLE)].indexOf(active);
  return [...twin.querySelectorAll(FOCUSABLE)][place] || null;
}
