// Slack's text objects and small pieces that several modules draw: text, avatars, images.

import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { nameOf, user } from "./store.js";

/** A text object (plain_text or mrkdwn) or a bare string as nodes. plain_text is shown to the letter. */
export function text(object) {
  if (!object) return null;
  if (typeof object === "string") return object;
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return (object.text || "").split("\n").map((line, i) => (i ? [h("br"), line] : line));
}

/** A text object's words without marks, for labels that screen readers say. */
export function words(object) {
  return typeof object === "string" ? object : (object && object.text) || "";
}

/** A coloured square with initials: the same person always has the same one. */
export function avatar(id, size = "") {
  const hue = [...id].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 997, 7) % 8;
  const kind = user(id).is_bot ? "bot" : `hue-${hue}`;
  return h("span", { class: `avatar ${kind} ${size}`, "aria-hidden": "true" }, user(id).is_bot ? plumb() : initials(nameOf(id)));
}

function initials(name) {
  const parts = name.split(/\s+/).filter(Boolean);
  return ((parts[0] || "?")[0] + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
}

function plumb() {
  return h("span", { class: "plumb" });
}

/** An image of this machine, or a quiet placeholder with its description: the page loads nothing from elsewhere. */
export function image(url, alt, className) {
  const local = url && (url.startsWith("/") || url.startsWith(`${location.origin}/`) || url.startsWith("data:image/png;"));
  if (local) return h("img", { class: className, src: url, alt: alt || "" });
  return h("span", { class: `${className} placeholder`, role: "img", "aria-label": alt || "image" }, alt || "image");
}
