// A field to search and pick from a list: external_select (options from the bot) and the multi selects (chips).
// Keyboard: arrows move, Enter picks, Esc closes the list, Backspace in an empty field takes the last chip away.

import { h, put, uid } from "./dom.js";
import { fire } from "./elements.js";
import { control } from "./form.js";
import { nameOf, people } from "./store.js";
import { text, words } from "./text.js";

/** external_select, multi_external_select, multi_static_select, multi_users_select. */
export function combobox(element, ctx, place) {
  const box = new Combobox(element, ctx, place);
  return control(box.root, { block: place.block, action: element.action_id, read: () => box.read(), write: (s) => box.write(s) });
}

class Combobox {
  constructor(element, ctx, place) {
    Object.assign(this, { element, ctx, place, multi: element.type.startsWith("multi_"), users: element.type === "multi_users_select" });
    this.external = element.type.endsWith("external_select");
    this.picked = this.initial();
    this.options = [];
    this.at = -1;
    this.asked = 0;
    this.build();
    this.show();
  }

  initial() {
    if (this.users) return (this.element.initial_users || []).map(userOption);
    return this.multi ? this.element.initial_options || [] : [this.element.initial_option].filter(Boolean);
  }

  build() {
    const listId = uid("list");
    this.chips = h("span", { class: "chips" });
    this.input = h("input", { class: "combo-input", type: "text", role: "combobox", autocomplete: "off", id: this.place.id, "aria-label": this.place.label, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId });
    this.list = h("ul", { class: "options", role: "listbox", id: listId, "aria-label": "Suggestions", hidden: true });
    this.status = h("span", { class: "visually-hidden", role: "status" });
    this.root = h("div", { class: "combobox" }, h("div", { class: "field combo", onclick: () => this.input.focus() }, this.chips, this.input), this.list, this.status);
    this.input.addEventListener("focus", () => this.search());
    this.input.addEventListener("click", () => this.list.hidden && this.search());
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  read() {
    const type = this.element.type;
    if (this.users) return { type, selected_users: this.picked.map((o) => o.value) };
    return this.multi ? { type, selected_options: this.picked } : { type, selected_option: this.picked[0] || null };
  }

  write(state) {
    if (this.users) this.picked = state.selected_users.map(userOption);
    else this.picked = this.multi ? state.selected_options : [state.selected_option].filter(Boolean);
    this.show();
  }

  show() {
    const chip = (option) => h("span", { class: "chip" }, text(option.text), h("button", { type: "button", "aria-label": `Remove ${words(option.text)}`, onclick: () => this.drop(option) }, "×"));
    put(this.chips, this.multi ? this.picked.map(chip) : []);
    this.input.value = this.multi ? "" : words(this.picked[0] && this.picked[0].text);
    this.input.placeholder = this.picked.length ? "" : words(this.element.placeholder) || "Type to search";
  }

  async search() {
    const query = this.query();
    const turn = (this.asked += 1);
    const found = await this.find(query);
    if (turn !== this.asked || document.activeElement !== this.input) return;
    const taken = new Set(this.multi ? this.picked.map((o) => o.value) : []);
    this.options = found.filter((option) => !taken.has(option.value));
    this.at = this.options.length && query ? 0 : -1;
    this.draw(query);
  }

  query() {
    const typed = this.input.value.trim();
    return !this.multi && this.picked[0] && typed === words(this.picked[0].text) ? "" : typed;
  }

  async find(query) {
    if (this.external) {
      if (query.length < (this.element.min_query_length ?? 3)) return [];
      return (await this.ctx.suggest({ block_id: this.place.block, action_id: this.element.action_id, query })) || [];
    }
    const local = this.users ? people().map((u) => userOption(u.id)) : this.element.options || (this.element.option_groups || []).flatMap((g) => g.options);
    return local.filter((option) => words(option.text).toLowerCase().includes(query.toLowerCase()));
  }

  draw(query) {
    const short = this.external && query.length < (this.element.min_query_length ?? 3);
    const rows = this.options.map((option, i) =>
      h("li", { role: "option", id: `${this.list.id}-${i}`, class: "option", "aria-selected": String(i === this.at), onclick: () => this.pick(option) }, text(option.text), option.description && h("small", {}, text(option.description))),
    );
    put(this.list, rows.length ? rows : h("li", { class: "option none" }, short ? "Type to search" : "No results"));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.aim(this.at);
    this.status.textContent = rows.length ? `${rows.length} found` : "No results";
  }

  aim(at) {
    this.at = at;
    [...this.list.children].forEach((row, i) => row.hasAttribute("aria-selected") && row.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${at}`);
    return this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && open && this.options.length) this.aim((this.at + step + this.options.length) % this.options.length);
    else if (step) this.search();
    else if (event.key === "Enter") open && this.at >= 0 && this.pick(this.options[this.at]);
    else if (event.key === "Escape" && open) event.stopPropagation(), this.shut();
    else if (event.key === "Backspace" && this.multi && !this.input.value && this.picked.length) return this.drop(this.picked.at(-1));
    else return;
    event.preventDefault();
  }

  pick(option) {
    const limit = this.multi ? this.element.max_selected_items || Infinity : 1;
    this.picked = this.multi ? [...this.picked, option].slice(0, limit) : [option];
    this.changed();
    this.shut();
  }

  drop(option) {
    this.picked = this.picked.filter((o) => o.value !== option.value);
    this.changed();
    this.input.focus();
  }

  changed() {
    this.show();
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
    if (!this.place.fires) return;
    const { type: _type, ...extra } = this.read();
    fire(this.element, this.ctx, this.place.block, extra, this.root);
  }

  leave() {
    if (!this.multi && this.input.value.trim() === "" && this.picked.length) {
      this.picked = [];
      this.changed();
    } else this.show();
    this.shut();
  }

  shut() {
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function userOption(id) {
  return { value: id, text: { type: "plain_text", text: nameOf(id) } };
}
