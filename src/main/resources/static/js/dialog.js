/** Questions, answers and problems. */
import { h, fill } from "./dom.js";

/**
 * Asks before something is done, does it, and stays open with the problem when it cannot be done.
 *
 * @param {{title: string, text: (string|Node)[], action: string, danger?: boolean,
 *     run: function(): Promise<*>}} question
 * @returns {Promise<*>} what run returned; null when the answer was no
 */
export function confirm({ title, text, action, danger = false, run }) {
  return new Promise((resolve) => {
    const problem = h("div", { role: "alert" });
    const yes = h("button", { type: "submit", class: danger ? "danger" : "primary", text: action });
    const no = h("button", { type: "button", text: "Cancel", onclick: () => dialog.close() });
    let result = null;
    const form = h(
      "form",
      {
        method: "dialog",
        onsubmit: async (event) => {
          event.preventDefault();
          yes.disabled = true;
          yes.classList.add("busy");
          try {
            result = { value: await run() };
            dialog.close();
          } catch (e) {
            fill(problem, problemBox(e));
            yes.disabled = false;
            yes.classList.remove("busy");
          }
        },
      },
      h("h2", { id: "ask-title", text: title }),
      text.map((part) => (part instanceof Node ? part : h("p", { text: part }))),
      problem,
      h("div.row", {}, no, yes),
    );
    const dialog = h("dialog", { "aria-labelledby": "ask-title" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result === null ? null : result.value ?? true);
    });
    document.body.append(dialog);
    dialog.showModal();
    (danger ? no : yes).focus();
  });
}

/** A problem in full: what is wrong, and each field that is at fault. */
export function problemBox(e) {
  const errors = e.errors ?? [];
  const told = new Set([e.message]);
  const listed = errors.some((one) => !told.has(one.message));
  return h(
    "div.problem",
    {},
    h("strong", { text: (e.title ?? "Error") + ". " }),
    listed && errors.length > 1 ? null : e.message,
    listed &&
      h("ul", {}, errors.map((one) => h("li", { text: (one.field ? one.field + ": " : "") + one.message }))),
  );
}

/**
 * Says what came of something, for a while.
 *
 * @param {string} text
 * @param {"good"|"wait"|"bad"} look
 */
export function toast(text, look = "good") {
  const close = () => item.remove();
  const item = h(
    "div.toast",
    { class: look },
    h("p", { text }),
    h("button.quiet.tiny", { type: "button", "aria-label": "Close this message", text: "\u2715", onclick: close }),
  );
  document.getElementById("toasts").append(item);
  setTimeout(close, look === "bad" ? 15_000 : 6_000);
}

/** What stands where there is nothing. */
export function notice(title, text, ...more) {
  return h("div.notice", {}, h("strong", { text: title }), text, more);
}
