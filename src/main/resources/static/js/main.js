/** The page: which view is shown, whether it is signed in, and whether it is live. */
import { Api } from "./api.js";
import { Stream } from "./stream.js";
import { fill } from "./dom.js";
import * as campaigns from "./views/campaigns.js";
import * as campaign from "./views/campaign.js";
import * as plan from "./views/plan.js";
import * as deliveries from "./views/deliveries.js";
import * as system from "./views/system.js";
import * as signIn from "./views/sign-in.js";

const VIEWS = { campaigns, campaign, plan, deliveries, system };
const LIVE = { live: "Live", connecting: "Connecting", away: "No connection, trying again" };

const main = document.getElementById("main");
const live = document.getElementById("live");
const trouble = document.getElementById("trouble");
const signOut = document.getElementById("sign-out");

const api = new Api();
const stream = new Stream(api);
let dispose = () => {};
let shown = "";

/** "#/campaigns/cmp_1?tab=x" as view, id and query. */
function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...id] = path.split("/");
  const params = new URLSearchParams(query);
  if (name === "campaigns" && id.length && id[0]) {
    return { view: "campaign", id: decodeURIComponent(id.join("/")), params };
  }
  return { view: VIEWS[name] && name !== "campaign" ? name : "campaigns", id: null, params };
}

function show(force = false) {
  const { view, id, params } = place();
  const here = view + "/" + (id ?? "");
  if (!force && here === shown) return;
  const first = shown === "";
  shown = here;
  dispose();
  main.className = "";
  main.replaceChildren();
  for (const tab of document.querySelectorAll(".tabs a")) {
    const on = tab.dataset.view === (view === "campaign" ? "campaigns" : view);
    if (on) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  dispose = VIEWS[view].mount(main, { api, stream, id, params, setTrouble, title }) ?? (() => {});
  if (!first) main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function title(text) {
  document.title = text + " \u2013 Campaign Routes";
}

function setTrouble(text) {
  trouble.hidden = !text;
  if (trouble.textContent !== (text ?? "")) trouble.textContent = text ?? "";
}

function askForKey() {
  stream.stop();
  dispose();
  shown = "";
  signOut.hidden = true;
  fill(live);
  delete live.dataset.state;
  setTrouble("");
  main.className = "";
  main.replaceChildren();
  document.body.classList.add("signed-out");
  title("Sign in");
  dispose = signIn.mount(main, { api, done: begin });
}

function begin() {
  document.body.classList.remove("signed-out");
  signOut.hidden = !api.key;
  stream.start();
  show(true);
}

api.addEventListener("signed-out", askForKey);
signOut.addEventListener("click", () => {
  api.key = null;
  askForKey();
});
stream.addEventListener("state", ({ detail }) => {
  live.textContent = LIVE[detail];
  live.dataset.state = detail;
});
stream.addEventListener("changes", ({ detail }) => {
  if (detail.trouble !== undefined) setTrouble(detail.trouble);
});
window.addEventListener("hashchange", () => show());

// one letter goes somewhere, as long as nobody is writing
const KEYS = { c: "#/campaigns", p: "#/plan", d: "#/deliveries", s: "#/system" };
let going = false;
document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, dialog");
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const search = main.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "g") {
    going = true;
    setTimeout(() => (going = false), 1200);
  } else if (going && KEYS[event.key]) {
    going = false;
    location.hash = KEYS[event.key];
  }
});

try {
  // tells whether a key is wanted before anything is drawn
  await api.get("/overview?limit=1");
  begin();
} catch (e) {
  if (e.status !== 401) begin();
}
