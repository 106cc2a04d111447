/** Asks for the API key, which stays in this tab. */
import { address } from "../api.js";
import { h, fill } from "../dom.js";
import { problemBox } from "../dialog.js";

export function mount(root, { api, done }) {
  const problem = h("div", { role: "alert" });
  const key = h("input", {
    type: "password",
    name: "key",
    id: "api-key",
    autocomplete: "off",
    required: true,
    spellcheck: "false",
  });
  const go = h("button.primary", { type: "submit", text: "Sign in" });
  const form = h(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        go.disabled = true;
        fill(problem);
        try {
          await tryKey(key.value.trim());
        } catch (e) {
          fill(problem, problemBox(e));
          go.disabled = false;
          key.select();
        }
      },
    },
    h("h1", { text: "Sign in" }),
    h("p.muted", {
      text: "This service needs an API key. The key is kept for this tab and forgotten when the tab is closed.",
    }),
    h("label", { for: "api-key" }, "API key", key),
    problem,
    go,
  );

  // asked without the usual handling of a 401, which would ask for the key again
  async function tryKey(value) {
    if (/[^\x20-\xff]/.test(value)) {
      throw Object.assign(new Error("This key has a character that cannot be sent as a key, such as a letter of another script or a typographic quote. It is the value of API_KEY where the service was started, or what the command keys add has printed."), { title: "Not signed in" });
    }
    const answer = await fetch(address("/overview?limit=1"), {
      headers: { Authorization: "Bearer " + value },
      cache: "no-store",
      credentials: "omit",
    }).catch(() => null);
    if (answer?.ok) {
      api.key = value;
      done();
    } else if (answer?.status === 401) {
      throw Object.assign(new Error("The service does not know this key, or it has expired. It is the value of API_KEY where the service was started, or what the command keys add has printed."), { title: "Not signed in" });
    } else {
      throw Object.assign(new Error("The service cannot be reached or is not well. Try again in a moment."), { title: "No answer" });
    }
  }

  root.append(h("section.panel.sign-in", { "aria-label": "Sign in" }, form));
  key.focus();
  return () => {};
}
