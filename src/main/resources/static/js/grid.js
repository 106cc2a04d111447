/**
 * A long list of which only what can be seen is in the page. Rows are asked for a page at a time as
 * they come into view; arrow keys, Page Up and Down, Home and End move through all of them.
 */
import { h, fill, throttle } from "./dom.js";

const PAGE = 100;
const BEYOND = 8;

export class Grid {
  #columns;
  #load;
  #open;
  #pages = new Map();
  #asked = new Set();
  #total = null;
  #active = 0;
  #generation = 0;
  #nodes = new Map();
  #observer;
  #media = matchMedia("(max-width: 700px)");

  /**
   * @param {{label: string, columns: object[], load: function(number, number): Promise<{items:
   *     object[], total: number}>, open: function(object), key: function(object): string,
   *     sort: function(string), failed: function(Error), empty: function(): Node,
   *     scrolled: function(), leaving: function()}} options
   */
  constructor(options) {
    this.options = options;
    this.#columns = options.columns;
    this.#load = options.load;
    this.#open = options.open;
    this.heads = h("div.line.heads", { role: "row", "aria-rowindex": "1" });
    this.rows = h("div.rows", { role: "rowgroup" });
    this.space = h("div.space", { role: "presentation" }, this.rows);
    this.hint = h("div.empty");
    this.scroller = h(
      "div.scroller",
      { role: "presentation", onscroll: () => this.#scrolled(), onkeydown: (e) => this.#key(e) },
      this.space,
    );
    this.grid = h(
      "div",
      { role: "grid", "aria-label": options.label, "aria-readonly": "true" },
      h("div", { role: "rowgroup" }, this.heads),
      this.scroller,
    );
    this.element = h("div.grid", {}, this.grid);
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.scroller);
    this.#media.addEventListener("change", this.#resized);
    this.refresh = throttle(() => this.#reload(false), 1500);
  }

  #resized = () => {
    this.#nodes.clear();
    this.rows.replaceChildren();
    this.#draw();
  };

  get rowHeight() {
    return this.#media.matches ? 84 : 38;
  }

  /** Where it stands, for {@link reset}. */
  get position() {
    return { top: this.scroller.scrollTop, active: this.#active, total: this.#total };
  }

  /** Loads from the start, as after another filter, or from where it stood before. */
  reset({ top = 0, active = 0, total = null } = {}) {
    this.#total = total;
    this.space.style.height = (total ?? 0) * this.rowHeight + "px";
    this.scroller.scrollTop = top;
    this.#active = active;
    return this.#reload(true);
  }

  #scrolled() {
    this.#draw();
    this.options.scrolled();
  }

  /** Puts a changed row in the place of the one with the same key. Returns whether it was there. */
  update(item) {
    const key = this.options.key(item);
    for (const page of this.#pages.values()) {
      const at = page.findIndex((row) => this.options.key(row) === key);
      if (at >= 0) {
        page[at] = item;
        this.#draw();
        return true;
      }
    }
    return false;
  }

  /** Shows which column the rows are sorted by. */
  sorted(by, descending) {
    fill(
      this.heads,
      this.#columns.map((column) => {
        const on = column.sort === by;
        return h(
          "div",
          {
            role: "columnheader",
            class: column.class,
            title: column.title,
            "aria-sort": column.sort ? (on ? (descending ? "descending" : "ascending") : "none") : null,
          },
          column.sort
            ? h(
                "button",
                { type: "button", onclick: () => this.options.sort(column.sort) },
                column.name,
                h("span", { "aria-hidden": "true", text: on ? (descending ? "\u2193" : "\u2191") : "" }),
              )
            : h("span", { text: column.name }),
        );
      }),
    );
  }

  dispose() {
    this.#observer.disconnect();
    this.#media.removeEventListener("change", this.#resized);
    this.refresh.cancel();
    this.#generation++;
  }

  async #reload(clear) {
    const generation = ++this.#generation;
    const [first, last] = this.#visible();
    const pages = new Set([Math.floor(first / PAGE), Math.floor(last / PAGE)]);
    if (clear) {
      this.#pages.clear();
      this.rows.replaceChildren();
      this.#nodes.clear();
    }
    this.#asked = new Set(pages);
    try {
      const loaded = await Promise.all([...pages].map((page) => this.#load(page * PAGE, PAGE)));
      if (generation !== this.#generation) return;
      this.#pages.clear();
      [...pages].forEach((page, i) => this.#pages.set(page, loaded[i].items));
      this.#total = loaded[0].total;
      this.options.failed(null);
    } catch (e) {
      if (generation === this.#generation) this.options.failed(e);
    } finally {
      if (generation === this.#generation) {
        this.#asked.clear();
        this.#draw();
      }
    }
  }

  async #loadPage(page) {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const generation = this.#generation;
    try {
      const loaded = await this.#load(page * PAGE, PAGE);
      if (generation !== this.#generation) return;
      this.#pages.set(page, loaded.items);
      this.#total = loaded.total;
      this.options.failed(null);
    } catch (e) {
      if (generation === this.#generation) this.options.failed(e);
    } finally {
      this.#asked.delete(page);
      if (generation === this.#generation) this.#draw();
    }
  }

  #visible() {
    const top = Math.max(0, Math.floor(this.scroller.scrollTop / this.rowHeight) - BEYOND);
    const rows = Math.ceil((this.scroller.clientHeight || 600) / this.rowHeight) + 2 * BEYOND;
    return [top, top + rows];
  }

  #draw() {
    if (this.#total === null) return;
    const height = this.rowHeight;
    this.space.style.height = this.#total * height + "px";
    this.grid.setAttribute("aria-rowcount", String(this.#total + 1));
    const [first, end] = this.#visible();
    const last = Math.min(this.#total, end);
    const wanted = new Map();
    for (let index = first; index < last; index++) {
      const page = Math.floor(index / PAGE);
      const items = this.#pages.get(page);
      if (!items) this.#loadPage(page);
      const item = items?.[index % PAGE] ?? null;
      wanted.set(index, item);
    }
    const focused = this.rows.contains(document.activeElement);
    for (const [index, node] of this.#nodes) {
      if (!wanted.has(index)) {
        node.element.remove();
        this.#nodes.delete(index);
      }
    }
    for (const [index, item] of wanted) {
      const node = this.#nodes.get(index);
      if (node && node.item === item) continue;
      const element = this.#row(index, item);
      if (node) node.element.replaceWith(element);
      else this.rows.append(element);
      this.#nodes.set(index, { item, element });
    }
    if (focused && !this.rows.contains(document.activeElement)) this.#focus(this.#active, false);
    this.#roving();
    if (this.#total === 0) {
      fill(this.hint, this.options.empty());
      this.scroller.append(this.hint);
    } else {
      this.hint.remove();
    }
  }

  #row(index, item) {
    const row = h(
      "div.line",
      {
        role: "row",
        tabindex: "-1",
        "aria-rowindex": String(index + 2),
        "data-key": item ? this.options.key(item) : null,
        onclick: (event) => {
          this.options.leaving();
          // a link within goes where it says, in a new tab too
          if (item && !event.target.closest("a")) this.#open(item);
        },
        onfocus: () => {
          this.#active = index;
          this.#roving();
        },
      },
      this.#columns.map((column) =>
        h(
          "div",
          { role: "gridcell", class: column.class },
          item ? column.cell(item) : h("span.wait-line"),
        ),
      ),
    );
    row.style.position = "absolute";
    row.style.left = "0";
    row.style.right = "0";
    row.style.transform = "translateY(" + index * this.rowHeight + "px)";
    return row;
  }

  #roving() {
    const there = this.#nodes.has(this.#active);
    let first = true;
    for (const [index, node] of [...this.#nodes].sort((a, b) => a[0] - b[0])) {
      const on = there ? index === this.#active : first;
      node.element.tabIndex = on ? 0 : -1;
      first = false;
    }
  }

  #key(event) {
    const rows = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: rows, PageUp: -rows, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.#focus(this.#active + steps[event.key], true);
    } else if (event.key === "Enter") {
      const item = this.#nodes.get(this.#active)?.item;
      this.options.leaving();
      if (item) this.#open(item);
    }
  }

  #focus(index, scroll) {
    this.#active = Math.min(Math.max(0, index), (this.#total ?? 1) - 1);
    if (scroll) {
      const top = this.#active * this.rowHeight;
      const bottom = top + this.rowHeight;
      if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
      else if (bottom > this.scroller.scrollTop + this.scroller.clientHeight) {
        this.scroller.scrollTop = bottom - this.scroller.clientHeight;
      }
      this.#draw();
    }
    this.#nodes.get(this.#active)?.element.focus({ preventScroll: true });
  }
}
