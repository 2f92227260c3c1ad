// Builds DOM nodes. Text always becomes text nodes, so nothing a person or the bot wrote can turn into markup.
// The page has no other way to make elements: innerHTML is not used anywhere.

const SVG = "http://www.w3.org/2000/svg";
let counter = 0;

/** An element: `props` are attributes, `on…` functions are listeners, `false` and `null` leave an attribute out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces what is in `node`. */
export function put(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** A document-wide unique id, for labels and descriptions. */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Keeps `parent`'s children in step with `items`: unchanged ones stay as they are, changed ones are built anew. */
export function reconcile(parent, items, { key, signature, build, carry }) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    const mark = signature(item);
    let node = known.get(id);
    known.delete(id);
    if (!node || node.sandboxMark !== mark) {
      const fresh = build(item);
      fresh.dataset.key = id;
      fresh.sandboxMark = mark;
      if (node) {
        if (place === node) place = fresh;
        node.before(fresh);
        if (carry) carry(node, fresh);
        node.remove();
      }
      node = fresh;
    }
    if (place === node) place = node.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const left of known.values()) left.remove();
}
