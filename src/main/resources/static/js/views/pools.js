/** The agents that campaigns share: who is there, who dials for them, and whether CXone obeys. */
import { h, append, fill, keep, throttle } from "../dom.js";
import { notice, problemBox } from "../dialog.js";
import { DASH, count, fullTime, lines, rate, roughly, time, whole } from "../format.js";

const AGAIN_MS = 5_000;
const MOST = 1_000;
const ROUNDING = 1e-6;

export function mount(root, { api, stream, id, title }) {
  const show = id ? onePool(root, api, id, title) : allPools(root, api, title);
  const problem = h("div", { role: "alert" });
  root.firstElementChild.after(problem);
  let gone = false;
  const load = async () => {
    try {
      const draw = await show();
      if (gone) return;
      fill(problem);
      draw();
    } catch (e) {
      if (!gone) fill(problem, problemBox(e));
    }
  };
  const again = throttle(load, 1000);
  const onResync = () => again();
  stream.addEventListener("resync", onResync);
  const timer = setInterval(() => document.hidden || again(), AGAIN_MS);
  again();
  return () => {
    gone = true;
    clearInterval(timer);
    again.cancel();
    stream.removeEventListener("resync", onResync);
  };
}

function allPools(root, api, title) {
  title("Pools");
  const total = h("span.muted", { "aria-live": "polite" });
  const rows = h("tbody");
  const list = table("Table of agent pools", ["Pool", "#Idle", "#At work", "#Campaigns", "#Calls/s", "Turn"], rows);
  const none = h("div", {}, notice("No pools yet", "A pool is shown once a campaign has dialed for its agents."));
  const more = h("p.body.small.muted", { text: "These are the first " + whole(MOST) + ". The others are listed by GET /pools." });
  const panel = append(h("section.panel", { "aria-label": "Agent pools", hidden: true }), [list, none, more]);
  root.append(h("div.head", {}, h("h1", { text: "Pools" }), total), panel);
  return async () => {
    const page = await api.get("/pools?limit=" + MOST);
    return () => {
      // what is out of control comes first; the others stay in the order of their ids
      const pools = [...page.items].sort((a, b) => lost(b) - lost(a));
      total.textContent = whole(pools.length) + (page.next ? " or more" : "");
      panel.hidden = false;
      list.hidden = !pools.length;
      none.hidden = pools.length > 0;
      more.hidden = !page.next;
      draw(rows, pools, (one) => [
        h("td.break.wide", {}, h("a", { href: address(one.id), "data-focus": one.id, text: one.id }), h("div", {}, poolMark(one))),
        h("td.num", asOf(one), one.agents ? whole(one.agents.idle) : DASH),
        h("td.num", asOf(one), one.agents ? whole(one.agents.staffed) : DASH),
        h("td.num", {}, whole(one.running)),
        h("td.num.nowrap", {}, sum(one)),
        h("td.break.wide", {}, campaignLink(one.turn)),
      ]);
    };
  };
}

function onePool(root, api, id, title) {
  title("Pool " + id);
  const mark = h("span");
  const facts = h("dl.facts");
  const why = h("p.small.muted");
  const rows = h("tbody");
  const list = table("Campaigns of this pool", ["Campaign", "#Share", "#Calls/s", "Why, or what to know"], rows);
  const none = h("div", {}, notice("No campaign dials for it", "Those that do are listed here with their rates."));
  const body = h(
    "div.stack",
    { hidden: true },
    append(h("section.panel", { "aria-label": "Agents and calls" }), [h("div.body.stack", {}, facts, why)]),
    append(h("section.panel", { "aria-label": "Campaigns" }), [h("header", {}, h("h2", { text: "Campaigns" }), h("span.small.muted", { text: "those that run for its agents" })), list, none]),
  );
  root.append(h("div.head", {}, h("h1.break", { text: id }), mark, h("div.end", {}, h("a.button", { href: "#/pools", text: "All pools" }))), body);
  return async () => {
    const pool = await api.get("/pools/" + encodeURIComponent(id));
    return () => {
      body.hidden = false;
      fill(mark, poolMark(pool));
      fill(
        facts,
        fact("Idle", pool.agents ? whole(pool.agents.idle) : DASH, asOf(pool).title),
        fact("At work", pool.agents ? whole(pool.agents.staffed) : DASH, asOf(pool).title),
        fact("Calls/s", sum(pool), "may dial, and are decided"),
        fact("Turn", campaignLink(pool.turn), "dials before the others"),
      );
      why.textContent = pool.decision?.reason ?? "Nothing has been decided for it yet.";
      list.hidden = !pool.campaigns.length;
      none.hidden = pool.campaigns.length > 0;
      draw(rows, [...pool.campaigns].sort((a, b) => against(b) - against(a)), (one) => [
        h("td.break.wide", {}, campaignLink(one)),
        h("td.num", {}, rate(one.weight)),
        h("td.num", {}, rate(one.callsPerSecond), lines(one) === null ? null : h("span.of", { text: " / " + lines(one) })),
        h("td.break.wide", {}, one.control?.lost ? h("span.over", { text: still(one.control) }) : (one.decision ?? "Nothing has been decided for it yet.")),
      ]);
    };
  };
}

/** Rows that are as they were stay; what has the focus keeps it. */
function draw(rows, items, cells) {
  const focused = rows.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  keep(rows, items, shownOf, (one) => append(h("tr"), cells(one)));
  if (focused) [...rows.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === focused)?.focus();
}

/** All that a row shows; that its figures grow older is no change. */
function shownOf(one) {
  return JSON.stringify(one, (key, value) => (["ageSeconds", "at", "seq"].includes(key) ? undefined : value));
}

function table(label, heads, rows) {
  return h(
    "div.scroll-x",
    { tabindex: "0", role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, heads.map((text) => h(text.startsWith("#") ? "th.num" : "th", { scope: "col", text: text.replace("#", "") })))), rows),
  );
}

function poolMark(one) {
  if (one.uncontrolled) return h("span.state.bad", { text: count(one.uncontrolled, "campaign", "campaigns") + " out of control since " + time(one.uncontrolledSince), title: fullTime(one.uncontrolledSince) });
  if (one.callsPerSecond > 0) return h("span.state.good", { text: "Dialing" });
  return one.running ? h("span.state.wait", { text: "Not dialing" }) : h("span.state.rest", { text: "No campaigns" });
}

/** What CXone may be dialing with, of what it should. */
function sum(one) {
  if (one.decision && lines(one.decision) !== null) return h("span", {}, rate(one.callsPerSecond), h("span.of", { text: " / " + lines(one.decision) }));
  const decided = one.decision?.maxCallsPerSecond;
  return h("span", {}, h("span", { class: one.callsPerSecond > decided + ROUNDING ? "over" : "", text: rate(one.callsPerSecond) }), h("span.of", { text: " / " + rate(decided) }));
}

function still(control) {
  return "CXone is still dialing" + (control.asked === "STOP" ? "" : " faster than it should") + ", asked to " + (control.asked === "STOP" ? "stop" : "dial slower") + " since " + time(control.since) + ", next try " + time(control.nextTry) + ". Pause or stop it in CXone if you cannot wait.";
}

function asOf(one) {
  return { title: one.agents ? "as of " + roughly(one.agents.ageSeconds * 1000) + " ago" : "CXone has not told" };
}

function campaignLink(one) {
  return one ? h("a", { href: "#/campaigns/" + encodeURIComponent(one.id), dir: "auto", "data-focus": one.id, text: one.name }) : DASH;
}

function fact(name, value, note) {
  return h("div", {}, h("dt", { text: name }), h("dd", {}, h("span.big", {}, value), note ? h("span.small.muted", { text: note }) : null));
}

function address(id) {
  return "#/pools/" + encodeURIComponent(id);
}

const lost = (one) => (one.uncontrolled ? 1 : 0);
const against = (one) => (one.control?.lost ? 1 : 0);
