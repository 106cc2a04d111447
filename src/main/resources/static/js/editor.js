/** A text field for JSON with line numbers, in which lines can be marked. */
import { h, fill } from "./dom.js";

export class Editor {
  #marks = new Map();

  /**
   * @param {{label: string, describedBy: string, onInput: function(), onSubmit: function(),
   *     onFile: function(File), onText: function(string)}} options the last two are told of what is
   *     dropped
   */
  constructor({ label, describedBy, onInput, onSubmit, onFile, onText }) {
    this.gutter = h("div.gutter", { "aria-hidden": "true" });
    this.area = h("textarea", {
      "aria-label": label,
      "aria-describedby": describedBy,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      wrap: "off",
      oninput: () => {
        this.#draw();
        onInput();
      },
      onscroll: () => {
        this.gutter.scrollTop = this.area.scrollTop;
      },
      onkeydown: (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onSubmit();
        }
      },
    });
    this.element = h("div.editor", {}, this.gutter, this.area);
    this.element.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.element.classList.add("over");
    });
    this.element.addEventListener("dragleave", () => this.element.classList.remove("over"));
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.element.classList.remove("over");
      const file = event.dataTransfer.files[0];
      if (file) onFile(file);
      else onText(event.dataTransfer.getData("text/plain"));
    });
    this.#draw();
  }

  get value() {
    return this.area.value;
  }

  set value(text) {
    this.area.value = text;
    this.mark(new Map());
    this.area.dispatchEvent(new Event("input"));
  }

  /**
   * Marks lines.
   *
   * @param {Map<number, {bad: boolean, text: string}>} marks by line, from 1
   */
  mark(marks) {
    this.#marks = marks;
    const bad = [...marks.values()].some((one) => one.bad);
    this.area.setAttribute("aria-invalid", String(bad));
    this.#draw();
  }

  /** Puts the cursor on a line, and the line into view. */
  goTo(line) {
    const before = this.value.split("\n").slice(0, line - 1);
    const start = before.reduce((all, one) => all + one.length + 1, 0);
    const end = start + (this.value.split("\n")[line - 1] ?? "").length;
    this.area.focus();
    this.area.setSelectionRange(start, end);
    this.area.scrollTop = Math.max(0, (line - 6) * 20);
  }

  #draw() {
    const lines = this.value.split("\n").length;
    const nodes = [];
    for (let n = 1; n <= lines; n++) {
      const mark = this.#marks.get(n);
      nodes.push(h("div", { class: mark ? (mark.bad ? "bad" : "wait") : "", title: mark?.text, text: (mark ? (mark.bad ? "\u25cf " : "\u25b2 ") : "") + n }));
    }
    fill(this.gutter, nodes);
    this.gutter.scrollTop = this.area.scrollTop;
  }
}
