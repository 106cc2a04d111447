/** The page: which view is shown, whether it is signed in, and whether it is live. */
import { Api } from "./api.js";
import { Stream } from "./stream.js";
import { debounce, fill, h, setText } from "./dom.js";
import { time } from "./format.js";
import { confirm, toast } from "./dialog.js";
import { Sending } from "./sending.js";
import * as campaigns from "./views/campaigns.js";
import * as campaign from "./views/campaign.js";
import * as pools from "./views/pools.js";
import * as plan from "./views/plan.js";
import * as deliveries from "./views/deliveries.js";
import * as system from "./views/system.js";
import * as signIn from "./views/sign-in.js";

const VIEWS = { campaigns, campaign, pools, plan, deliveries, system };
const LIVE = { live: "Live", connecting: "Connecting", away: "No connection, trying again" };
const SCROLL_BACK_MS = 3_000;
const NAMED = 5;
const CONTROL_MS = 5_000;

const main = document.getElementById("main");
const live = document.getElementById("live");
const trouble = document.getElementById("trouble");
const control = document.getElementById("control");
const signOut = document.getElementById("sign-out");
const who = document.getElementById("who");
const strip = document.getElementById("sending");

const api = new Api();
const stream = new Stream(api);
const sending = new Sending(api, stream);
let dispose = () => {};
let shown = null;
let uncontrolled = 0;
let named = "Campaigns";

/** "#/campaigns/cmp_1?tab=x" as view, id and query. */
function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...id] = path.split("/");
  const params = new URLSearchParams(query);
  if (name === "campaigns" && id.length && id[0]) {
    return { view: "campaign", id: decodeURIComponent(id.join("/")), params };
  }
  if (name === "pools" && id.length && id[0]) {
    return { view: "pools", id: decodeURIComponent(id.join("/")), params };
  }
  return { view: VIEWS[name] && name !== "campaign" ? name : "campaigns", id: null, params };
}

function show() {
  const { view, id, params } = place();
  const first = shown === null;
  shown = view;
  // read before the view puts its own state there
  const y = history.state?.y ?? 0;
  dispose();
  main.className = "";
  main.replaceChildren();
  for (const tab of document.querySelectorAll(".tabs a")) {
    const on = tab.dataset.view === (view === "campaign" ? "campaigns" : view);
    if (on) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  dispose = VIEWS[view].mount(main, { api, stream, sending, id, params, setTrouble, title }) ?? (() => {});
  drawStrip();
  if (!first) main.focus({ preventScroll: true });
  scrollBack(y);
}

/** To where the page was left; what it shows may still have to be loaded. */
function scrollBack(y) {
  window.scrollTo(0, y);
  if (!y) return;
  const grown = new ResizeObserver(() => {
    window.scrollTo(0, y);
    if (window.scrollY >= y - 1) grown.disconnect();
  });
  grown.observe(main);
  const enough = () => grown.disconnect();
  setTimeout(enough, SCROLL_BACK_MS);
  for (const type of ["wheel", "touchstart", "keydown", "hashchange"]) addEventListener(type, enough, { once: true });
}

function title(text) {
  named = text;
  document.title = (uncontrolled ? "(!) " : "") + text + " \u2013 Campaign Routes";
}

/** Campaigns that CXone goes on dialing though it was told to stop or to slow down. */
function setControl(list, total) {
  const text = JSON.stringify([list.slice(0, NAMED), total]);
  if (text === control.dataset.drawn) return;
  control.dataset.drawn = text;
  uncontrolled = total;
  control.hidden = !uncontrolled;
  const links = list.slice(0, NAMED).flatMap((one, i) => [
    i ? ", " : "",
    h("a", { href: "#/campaigns/" + encodeURIComponent(one.id), dir: "auto", text: one.name }),
    " (asked to " + (one.asked === "STOP" ? "stop" : "dial slower") + " since " + time(one.since) + ", next try " + time(one.nextTry) + ")",
  ]);
  const more = uncontrolled > NAMED ? " and " + (uncontrolled - NAMED) + " more" : "";
  // also where nobody sees it, a page that has nothing to tell says nothing
  fill(control, ...(uncontrolled ? ["Asked in vain: ", ...links, more + ". Pause or stop " + (uncontrolled === 1 ? "it" : "them") + " in CXone if you cannot wait."] : []));
  title(named);
}

function setTrouble(text) {
  trouble.hidden = !text;
  trouble.classList.toggle("control", uncontrolled > 0);
  if (trouble.textContent !== (text ?? "")) trouble.textContent = text ?? "";
}

/** What is being sent is told in every view; its panel stands in Plan. */
function drawStrip() {
  const run = sending.newest;
  strip.hidden = !run || shown === "plan" || shown === null;
  if (!strip.hidden) setText(strip.firstElementChild, run.name + ": " + run.sentence);
}

function askWho() {
  stream.stop();
  dispose();
  shown = null;
  signOut.hidden = true;
  who.hidden = true;
  fill(live);
  delete live.dataset.state;
  setTrouble("");
  drawStrip();
  main.className = "";
  main.replaceChildren();
  document.body.classList.add("signed-out");
  title("Sign in");
  dispose = signIn.mount(main, { api, done: begin });
}

function begin() {
  document.body.classList.remove("signed-out");
  drawWho();
  stream.start();
  show();
  lookForControl();
}

function drawWho() {
  const named = api.me?.name;
  signOut.hidden = !api.key && !named;
  who.hidden = !named;
  setText(who, named ? named + " (" + api.me.role + ")" : "");
}

api.addEventListener("signed-out", askWho);
signOut.addEventListener("click", async () => {
  if (sending.running) {
    const go = await confirm({
      title: "Sign out and stop sending?",
      text: ["\u201c" + sending.newest.name + "\u201d is still being sent. What was not sent yet is not launched."],
      action: "Stop and sign out",
      danger: true,
      run: () => sending.stop(),
    });
    if (!go) return;
  }
  let onward = null;
  try {
    onward = await api.leave();
  } catch (e) {
    if (e.status !== 401) {
      toast("Not signed out: " + e.message);
      return;
    }
  }
  sending.forget();
  api.signOut();
  if (onward) location.assign(onward);
});
sending.addEventListener("change", drawStrip);
stream.addEventListener("state", ({ detail }) => {
  live.textContent = LIVE[detail];
  live.dataset.state = detail;
});
stream.addEventListener("changes", ({ detail }) => {
  if (detail.trouble !== undefined || uncontrolled) lookForControl();
});
async function lookForControl() {
  if (document.hidden || shown === null) return;
  try {
    if (!api.me) {
      await api.learn();
      drawWho();
      show();
    }
    const overview = await api.get("/overview?limit=1");
    setControl(overview.uncontrolled, overview.uncontrolledTotal);
    setTrouble(overview.trouble);
  } catch {
    // the view says that the service does not answer; what was told stays
  }
}
setInterval(lookForControl, CONTROL_MS);
// a view's own changes of the address come without this event
window.addEventListener("hashchange", () => shown && (!location.hash || location.hash.startsWith("#/")) && show());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
history.scrollRestoration = "manual";
window.addEventListener(
  "scroll",
  debounce(() => history.replaceState({ ...history.state, y: window.scrollY }, ""), 200),
);

// a tab that the browser opens by itself does not know the key; one that this tab opens does
for (const type of ["click", "auxclick"]) {
  document.addEventListener(type, (event) => {
    const link = event.target.closest?.("a[href^='#/']");
    if (!link || !api.key || !(event.ctrlKey || event.metaKey || event.button === 1)) return;
    event.preventDefault();
    window.open(link.href);
  });
}

// one letter goes somewhere, as long as nobody is writing
const KEYS = { c: "#/campaigns", o: "#/pools", p: "#/plan", d: "#/deliveries", s: "#/system" };
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
  // tells whether somebody has to say who it is before anything is drawn
  await api.learn();
  signIn.comeBack();
  begin();
} catch (e) {
  if (e.status !== 401) begin();
}
