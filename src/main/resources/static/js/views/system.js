/** How the service itself is: its way to CXone, its store, its routes and its configuration. */
import { h, fill, append, throttle } from "../dom.js";
import { problemBox } from "../dialog.js";
import { ago, bytes, count, DASH, duration, fullTime, percent, rate, whole } from "../format.js";

const AGAIN_MS = 2_000;
const BREAKERS = { CLOSED: "closed", OPEN: "open", HALF_OPEN: "trying again", FORCED_OPEN: "held open" };

export function mount(root, { api, stream, title }) {
  title("System");
  const problem = h("div", { role: "alert" });
  const cards = h("div.cards");
  const routes = h("tbody");
  const settings = h("tbody");
  const search = h("input", { type: "search", placeholder: "Find a setting", "aria-label": "Find a setting", oninput: () => drawSettings() });
  const asOf = h("span.muted.small");
  let before = null;
  let now = null;
  let drawn = "";
  let gone = false;

  root.append(
    h("div.head", {}, h("h1", { text: "System" }), asOf),
    problem,
    cards,
    h(
      "div.stack",
      {},
      append(h("section.panel", { "aria-label": "Routes" }), [
        h("header", {}, h("h2", { text: "Routes" }), h("span.small.muted", { text: "exchanges of this process since its start" })),
        h(
          "div.scroll-x",
          { tabindex: "0", role: "region", "aria-label": "Routes and their throughput" },
          h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col", text: "Route" }), h("th.num", { scope: "col", text: "Now, per second" }), h("th.num", { scope: "col", text: "Total" }), h("th.num", { scope: "col", text: "Failed" }), h("th.num", { scope: "col", text: "In flight" }), h("th.num", { scope: "col", text: "Mean" }), h("th.num", { scope: "col", text: "Slowest recently" }))), routes),
        ),
      ]),
      append(h("section.panel", { "aria-label": "Configuration" }), [
        h("header", {}, h("h2", { text: "Configuration in force" }), h("span.small.muted", { text: "secrets masked" }), h("div.end", {}, search)),
        h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": "Configuration in force" }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col", text: "Setting" }), h("th", { scope: "col", text: "Value" }))), settings)),
      ]),
    ),
  );

  const load = async () => {
    if (gone) return;
    try {
      const view = await api.get("/system");
      if (gone) return;
      before = now;
      now = view;
      fill(problem);
      asOf.textContent = "up for " + duration(Date.parse(view.at) - Date.parse(view.process.startedAt));
      fill(cards, token(view.token), calls(view.calls), breakers(view.breakers), store(view), replicas(view.replicas), process(view.process));
      drawRoutes();
      drawSettings();
    } catch (e) {
      if (!gone) fill(problem, problemBox(e));
    }
  };

  function drawRoutes() {
    const seconds = before ? (Date.parse(now.at) - Date.parse(before.at)) / 1000 : 0;
    const was = new Map((before?.routes ?? []).map((one) => [one.id, one.total]));
    fill(
      routes,
      [...now.routes]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((one) =>
          h(
            "tr",
            {},
            h("td", {}, h("strong", { text: one.id }), one.state === "Started" ? null : h("span.tag.bad", { text: one.state }), h("div.small.muted", { text: one.description ?? "" })),
            h("td.num", { text: seconds > 0 && was.has(one.id) ? rate((one.total - was.get(one.id)) / seconds) : DASH }),
            h("td.num", { text: whole(one.total) }),
            h("td.num", {}, one.failed ? h("span.tag.bad", { text: whole(one.failed) }) : "0"),
            h("td.num", { text: whole(one.inflight) }),
            h("td.num.nowrap", { text: one.total ? millis(one.meanMillis) : DASH }),
            h("td.num.nowrap", { text: one.total ? millis(one.maxMillis) : DASH }),
          ),
        ),
    );
  }

  function drawSettings() {
    if (!now) return;
    const wanted = search.value.trim().toLowerCase();
    const signature = wanted + JSON.stringify(now.settings);
    if (signature === drawn) return;
    drawn = signature;
    const fitting = now.settings.filter((one) => !wanted || one.name.includes(wanted) || String(one.value ?? "").toLowerCase().includes(wanted));
    fill(
      settings,
      fitting.length
        ? fitting.map((one) => h("tr", {}, h("td.nowrap", {}, h("code", { text: one.name })), h("td.break", {}, one.value === null ? h("span.muted", { text: "not set" }) : h("code", { text: one.value }))))
        : h("tr", {}, h("td", { colspan: "2", text: "No setting has \u201c" + search.value.trim() + "\u201d in its name or value." })),
    );
  }

  const timer = setInterval(() => document.hidden || again(), AGAIN_MS);
  const again = throttle(load, 500);
  const onResync = () => again();
  stream.addEventListener("resync", onResync);
  load();
  return () => {
    gone = true;
    stream.removeEventListener("resync", onResync);
    clearInterval(timer);
    again.cancel();
  };
}

function token(state) {
  const look = state.usable ? (state.trouble ? "wait" : "good") : state.trouble ? "bad" : "rest";
  const text = state.usable ? (state.trouble ? "Usable, renewal fails" : "Usable") : state.trouble ? "None" : "No token yet";
  return card(
    "CXone token",
    h("span.state", { class: look, text }),
    pair("Ends in", state.expiresInSeconds === null ? DASH : duration(state.expiresInSeconds * 1000)),
    pair("Renewed in", state.refreshInSeconds === null ? DASH : duration(state.refreshInSeconds * 1000)),
    state.trouble ? pair("Trouble", state.trouble) : null,
    state.retryInSeconds !== null ? pair("Next try in", duration(state.retryInSeconds * 1000)) : null,
  );
}

function calls(state) {
  const held = state.heldForSeconds > 0;
  const full = state.rateLimit > 0 && state.waiting > 0;
  return card(
    "Calls to CXone",
    h("span.state", { class: held ? "bad" : full ? "wait" : "good", text: held ? "Paused by CXone" : full ? "At the limit" : "Within the limit" }),
    pair("In the last second", state.rateLimit > 0 ? whole(state.startedLastSecond) + " of " + rate(state.rateLimit) : "no limit"),
    pair("Waiting", whole(state.waiting)),
    pair("Pause asked for", held ? duration(state.heldForSeconds * 1000) : "none"),
  );
}

function breakers(list) {
  const open = list.filter((one) => one.state !== "CLOSED");
  return card(
    "Circuit breakers",
    h("span.state", { class: open.length ? "bad" : "good", text: open.length ? count(open.length, "open", "open") : list.length ? "Closed" : "None" }),
    list.map((one) => pair(one.route, (BREAKERS[one.state] ?? one.state) + (one.calls > 0 ? ", " + percent(one.failed / one.calls) + " of " + whole(one.calls) + " failed" : ""))),
  );
}

function store({ store: state }) {
  return card(
    "Store",
    h("span.state.good", { text: "Reachable" }),
    pair("Kind", state.kind + (state.shared ? ", shared by replicas" : ", of this process")),
    pair("A read takes", state.readMillis + " ms"),
    pair("Schema", "version " + (state.schemaVersion ?? DASH)),
  );
}

function replicas(list) {
  const alive = list.filter((one) => one.alive);
  return card(
    "Replicas",
    h("span.state", { class: alive.length === list.length ? "good" : "wait", text: (alive.length === list.length ? whole(alive.length) : whole(alive.length) + " of " + whole(list.length)) + " alive" }),
    list.map((one) => pair(one.host + ":" + one.port, (one.self ? "this one" : one.alive ? "seen " + ago(one.seenAt) : "gone, last seen " + ago(one.seenAt)) + ", started " + ago(one.startedAt))),
  );
}

function process(state) {
  return card(
    "Process",
    h("span.state.good", { text: "Running" }),
    pair("Memory", bytes(state.heapUsedBytes) + " of " + bytes(state.heapMaxBytes)),
    pair("Threads", whole(state.threads)),
    pair("Open pages", whole(state.pages)),
    pair("Java, Camel", state.java + ", " + state.camel),
    pair("Started", fullTime(state.startedAt)),
  );
}

function card(name, mark, ...pairs) {
  return append(h("section.panel", { "aria-label": name }), [h("header", {}, h("h2", { text: name }), h("div.end", {}, mark)), h("dl.body.pairs", {}, pairs)]);
}

function pair(name, value) {
  return [h("dt", { text: name }), h("dd", { text: value })];
}

function millis(n) {
  return n >= 1000 ? duration(n) : (n < 10 ? n.toFixed(2) : Math.round(n)) + " ms";
}
