// The Home tab of the app: the view it has published for the viewer.

import { blocks } from "./blocks.js";
import { contextFor } from "./acts.js";
import { h, put } from "./dom.js";
import { carry, fillFrom } from "./form.js";
import { store } from "./store.js";

/** A pane that shows a Home view and keeps its place and focus when it is published again. */
export class HomePane {
  constructor() {
    this.content = h("div", { class: "home-content", "data-surface": "home" });
    this.node = h("div", { class: "pane-body home", "data-noted": "", role: "tabpanel", "aria-label": "Home", tabindex: "0" }, h("div", { class: "note", role: "status" }), h("div", { class: "home-scroll" }, this.content));
    this.mark = null;
  }

  /** Shows `view`, or that there is none yet. */
  show(view, viewer) {
    const mark = JSON.stringify([view && view.blocks, viewer, store.state.now.slice(0, 10)]);
    if (mark === this.mark) return;
    const same = this.viewer === viewer;
    Object.assign(this, { mark, viewer });
    const fresh = h("div", { class: "home-content", "data-surface": "home" });
    if (!view) put(fresh, h("p", { class: "empty" }, "The app has not published a Home for this person yet."));
    else put(fresh, blocks(view.blocks, contextFor({ home: true, view_id: view.id })));
    if (view) fillFrom(fresh, view.state && view.state.values);
    this.content.after(fresh);
    if (same) carry(this.content, fresh);
    this.content.remove();
    this.content = fresh;
  }
}
