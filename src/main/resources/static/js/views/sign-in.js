/** Lets people sign in where they may, and asks for an API key, which stays in this tab. */
import { address } from "../api.js";
import { h, fill } from "../dom.js";
import { problemBox } from "../dialog.js";

const PLACE = "campaign-routes.place";

/** Why somebody comes back from signing in and is not. */
const WHY = {
  role: "You are known, but have none of the roles viewer, operator and admin here. Ask whoever gives them.",
  again: "The browser has come back without what it left with, or too late. Sign in again; cookies have to be allowed, and the console opened by the address that PUBLIC_URL has.",
  denied: "The sign-in was refused or given up.",
  issuer: "Whoever lets people sign in does not answer at the moment. Try again in a moment.",
  busy: "Too many people sign in at this moment. Try again.",
  store: "The store cannot be used at the moment. Try again in a moment.",
  failed: "The sign-in has failed; the service's log says why. Try again.",
};

/** To the view from which somebody went to sign in. */
export function comeBack() {
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place && !location.hash) history.replaceState(history.state, "", place);
}

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
  const people = h("div.stack");
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
    people,
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
    const answer = await fetch(address("/whoami"), {
      headers: { Authorization: "Bearer " + value },
      cache: "no-store",
      credentials: "omit",
    }).catch(() => null);
    if (answer?.ok) {
      api.key = value;
      api.me = await answer.json();
      done();
    } else if (answer?.status === 401) {
      throw Object.assign(new Error("The service does not know this key, or it has expired. It is the value of API_KEY where the service was started, or what the command keys add has printed."), { title: "Not signed in" });
    } else {
      throw Object.assign(new Error("The service cannot be reached or is not well. Try again in a moment."), { title: "No answer" });
    }
  }

  async function offer() {
    const { signIn } = await api.get("/console/access").catch(() => ({}));
    if (!signIn) return;
    fill(
      people,
      h("a.button.primary", {
        id: "sign-in-here",
        href: address("/console/sign-in"),
        text: "Sign in with your account",
        onclick: () => sessionStorage.setItem(PLACE, location.hash),
      }),
      h("p.muted", { text: "Or use a key:" }),
    );
  }

  root.append(h("section.panel.sign-in", { "aria-label": "Sign in" }, form));
  const query = new URLSearchParams(location.search);
  const why = query.get("sign-in");
  if (why) {
    fill(problem, problemBox(Object.assign(new Error(WHY[why] ?? WHY.failed), { title: "Not signed in" })));
    history.replaceState(history.state, "", location.pathname + location.hash);
  }
  offer();
  key.focus();
  return () => {};
}
