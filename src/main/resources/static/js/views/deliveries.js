/** What was forwarded to whom, what came back, and sending it again. */
import { h, fill, append, throttle } from "../dom.js";
import { confirm, notice, problemBox, toast } from "../dialog.js";
import { DELIVERY_STATUSES, deliveryMark } from "../stages.js";
import { ago, byWhom, count, DASH, duration, fullTime, roughly, time, whole } from "../format.js";

const AGAIN_MS = 5_000;
const LIMIT = 100;
const MOST = 1_000;

export function mount(root, { api, stream, params, title }) {
  title("Deliveries");
  const filter = { destination: params.get("destination") ?? "", status: params.get("status") ?? "", campaign: params.get("campaign") ?? "" };
  const problem = h("div", { role: "alert" });
  const destinations = h("div");
  const list = h("div");
  const detail = h("div.side");
  const byName = new Map();
  const stacked = matchMedia("(max-width: 960px)");
  let open = params.get("id");
  // whether what was chosen has still to be brought into view
  let fresh = Boolean(open);
  let limit = LIMIT;
  let gone = false;

  const destinationFilter = h("select", { id: "by-destination", onchange: () => set("destination", destinationFilter.value) }, h("option", { value: "", text: "All destinations" }));
  const statusFilter = h("select", { id: "by-status", onchange: () => set("status", statusFilter.value) }, h("option", { value: "", text: "Every status" }), DELIVERY_STATUSES.map((one) => h("option", { value: one, text: one.charAt(0) + one.slice(1).toLowerCase() })));
  statusFilter.value = filter.status;
  const campaignFilter = h("button", { type: "button", hidden: !filter.campaign, "aria-label": "Show those of all campaigns", text: "Campaign " + filter.campaign + " \u2715", onclick: () => set("campaign", "") });
  const many = h("button", { type: "button", id: "replay-many", hidden: !api.may("operator"), text: "Replay these\u2026", onclick: () => replayMany() });

  const content = h(
    "div",
    { hidden: true },
    append(h("section.panel", { "aria-label": "Destinations" }), [
      h("header", {}, h("h2", { text: "Destinations" })),
      destinations,
      h("p.body.small.muted", { text: "Pending: waits for its turn or its next attempt. Dead: given up after the last attempt. Parked: another attempt would not help, the event was not understood, or its campaign is not known here. Dead and parked ones go out again by Replay; one of a campaign that is not known goes on by itself once it is." }),
    ]),
    h(
      "div.two",
      {},
      append(h("section.panel", { "aria-label": "Deliveries" }), [
        h("header", {}, h("h2", { text: "Deliveries" }), h("div.end.filters", {}, h("label", { for: "by-destination" }, h("span.sr", { text: "Destination" }), destinationFilter), h("label", { for: "by-status" }, h("span.sr", { text: "Status" }), statusFilter), campaignFilter, many)),
        list,
      ]),
      detail,
    ),
  );
  root.append(h("div.head", {}, h("h1", { text: "Deliveries" }), h("p.muted", { text: "Campaign events and where they were forwarded to." })), problem, content);

  function set(name, value) {
    filter[name] = value;
    limit = LIMIT;
    remember();
    load();
  }

  function remember() {
    const query = new URLSearchParams(Object.entries({ ...filter, id: open ?? "" }).filter(([, value]) => value));
    history.replaceState(history.state, "", "#/deliveries" + (String(query) ? "?" + query : ""));
    campaignFilter.hidden = !filter.campaign;
    many.textContent = filter.status ? "Replay these\u2026" : "Replay dead and parked\u2026";
    many.hidden = Boolean(filter.campaign) || !api.may("operator");
  }

  async function load() {
    if (gone) return;
    try {
      const query = new URLSearchParams({ sort: "-created", limit });
      if (filter.destination) query.set("destination", filter.destination);
      if (filter.status) query.set("status", filter.status);
      if (filter.campaign) query.set("campaign", filter.campaign);
      const [known, page] = await Promise.all([api.get("/destinations?limit=" + MOST), api.get("/deliveries?" + query)]);
      if (gone) return;
      fill(problem);
      content.hidden = false;
      known.items?.forEach((one) => byName.set(one.name, one));
      drawDestinations(known.items ?? []);
      drawList(page.items ?? [], Boolean(page.next));
      if (open) await loadOne(open);
      else drawNone();
    } catch (e) {
      if (!gone) fill(problem, problemBox(e));
    }
  }
  const again = throttle(load, 1000);

  function drawDestinations(items) {
    const names = [...new Set(["", ...items.map((one) => one.name), filter.destination])];
    if (names.join() !== [...destinationFilter.options].map((one) => one.value).join()) {
      fill(destinationFilter, names.map((name) => h("option", { value: name, text: name || "All destinations" })));
    }
    destinationFilter.value = filter.destination;
    if (!items.length) {
      fill(destinations, notice("No destinations yet", "They are set up in config/destinations.yaml, and a campaign can have one of its own by externalWebhookUrl."));
      return;
    }
    const focused = document.activeElement?.dataset?.switch;
    fill(
      destinations,
      h(
        "div.scroll-x",
        {},
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h("tr", {}, h("th", { scope: "col", text: "State" }), h("th", { scope: "col", text: "Destination" }), h("th.num", { scope: "col", text: "Oldest undelivered" }), ["Pending", "Dead", "Parked"].map((text) => h("th.num", { scope: "col", text })), h("th", { scope: "col" }, h("span.sr", { text: "Switch" }))),
          ),
          h(
            "tbody",
            {},
            items.map((one) =>
              h(
                "tr",
                {},
                h("td", {}, destinationMark(one)),
                h("td.break", {}, h("strong", { text: one.name }), h("div.small.muted.break", { text: one.url ?? (one.configured ? "" : "Not in config/destinations.yaml any more") }), !one.on && one.offReason ? h("div.small", { text: one.offReason + (one.offSince ? " (" + [byWhom(one.offBy), ago(one.offSince)].filter(Boolean).join(", ") + ")" : "") }) : null),
                h("td.num.nowrap", { title: fullTime(one.oldestUndeliveredAt), text: one.oldestUndeliveredAt ? roughly(Date.now() - Date.parse(one.oldestUndeliveredAt)) : DASH }),
                ["pending", "dead", "parked"].map((what) => h("td.num", {}, one[what] ? h("a", { href: "#/deliveries?" + new URLSearchParams({ destination: one.name, status: what.toUpperCase() }), "aria-label": whole(one[what]) + " " + what + " to " + one.name, text: whole(one[what]) }) : "0")),
                h("td.num", {}, api.may("admin") && h("button.tiny", { type: "button", "data-switch": one.name, text: one.on ? "Switch off" : "Switch on", "aria-label": (one.on ? "Switch off " : "Switch on ") + one.name, onclick: () => turn(one) })),
              ),
            ),
          ),
        ),
      ),
    );
    if (focused) [...destinations.querySelectorAll("[data-switch]")].find((one) => one.dataset.switch === focused)?.focus();
  }

  async function turn(one) {
    const how = one.on ? "off" : "on";
    const done = await confirm({
      title: "Switch " + how + " \u201c" + one.name + "\u201d?",
      text: [one.on ? "Nothing is sent there until it is switched on again. Events are kept meanwhile." : "What waits for it is sent, in order: " + count(one.pending ?? 0, "delivery", "deliveries") + "."],
      action: "Switch " + how,
      danger: one.on,
      run: () => api.post("/destinations/" + encodeURIComponent(one.name) + "/" + how),
    });
    if (done) toast("\u201c" + one.name + "\u201d is " + how + ".");
    load();
  }

  function drawList(all, more) {
    const signature = JSON.stringify([all, more, open, filter, all.map((one) => whyPending(one, byName.get(one.destination)))]);
    if (list.dataset.drawn === signature) return;
    list.dataset.drawn = signature;
    const focused = document.activeElement?.dataset?.id;
    if (!all.length) {
      fill(list, Object.values(filter).some(Boolean) ? notice("Nothing matches", "No delivery has this destination, status and campaign.") : notice("Nothing was forwarded yet", "Events appear here as campaigns change."));
      return;
    }
    fill(
      list,
      h(
        "div.scroll-x",
        {},
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, ["Status", "Event", "Destination", "Campaign"].map((text) => h("th", { scope: "col", text })), h("th.num", { scope: "col", text: "Attempts" }), h("th", { scope: "col", text: "Last answer" }), h("th", { scope: "col", text: "Created" }))),
          h(
            "tbody",
            {},
            all.map((one) =>
              h(
                "tr.pick",
                { "aria-current": one.id === open ? "true" : null, onclick: () => choose(one.id) },
                h("td", {}, deliveryMark(one.status)),
                h("td", {}, h("button.quiet.tiny", { type: "button", "data-id": one.id, text: one.eventType ?? "not understood" })),
                h("td.break", { text: one.destination ?? DASH }),
                h("td.break", {}, campaignOf(one)),
                h("td.num", { text: whole(one.attemptCount) }),
                h("td.break", {}, one.lastError ?? (one.lastStatus ? String(one.lastStatus) : one.status === "PENDING" ? null : DASH), one.status === "PENDING" ? h("div.small.muted", { text: whyPending(one, byName.get(one.destination)) }) : null),
                h("td.nowrap", { title: fullTime(one.createdAt), text: time(one.createdAt) }),
              ),
            ),
          ),
        ),
      ),
      more && (limit < MOST ? h("div.notice", {}, h("button", { type: "button", text: "Show older ones", onclick: () => showOlder() })) : notice("These are the newest " + whole(MOST), "Older ones are found by their destination and status.")),
    );
    if (focused) [...list.querySelectorAll("[data-id]")].find((one) => one.dataset.id === focused)?.focus();
  }

  function showOlder() {
    limit = Math.min(MOST, limit * 2);
    load();
  }

  function choose(id) {
    const left = open;
    open = id;
    fresh = Boolean(id);
    remember();
    load();
    if (!id) [...list.querySelectorAll("[data-id]")].find((one) => one.dataset.id === left)?.focus();
  }

  /** Below the list nobody would see that it is there. */
  function bringIntoView() {
    if (!fresh || !stacked.matches) return;
    detail.scrollIntoView({ block: "start" });
    detail.querySelector("h2").focus({ preventScroll: true });
  }

  function drawNone() {
    if (detail.dataset.drawn === "none") return;
    detail.dataset.drawn = "none";
    fill(detail, h("section.panel", { "aria-label": "Delivery" }, notice("No delivery chosen", "Its attempts and the event itself are shown here.")));
  }

  async function loadOne(id) {
    let one;
    try {
      one = await api.get("/deliveries/" + encodeURIComponent(id));
    } catch (e) {
      if (e.status !== 404) throw e;
      open = null;
      drawNone();
      return;
    }
    if (gone || open !== id) return;
    const waits = one.status === "PENDING" ? whyPending(one, byName.get(one.destination)) : null;
    const signature = JSON.stringify([one, waits]);
    if (detail.dataset.drawn === signature) {
      bringIntoView();
      fresh = false;
      return;
    }
    detail.dataset.drawn = signature;
    fill(
      detail,
      append(h("section.panel", { "aria-label": "Delivery" }), [
        h("header", {}, h("h2", { tabindex: "-1", text: one.eventType ?? "Not understood" }), deliveryMark(one.status), h("div.end", {}, api.may("operator") && h("button.tiny", { type: "button", id: "replay-one", text: "Replay", onclick: () => replayOne(one) }), h("button.tiny", { type: "button", text: "Close", "aria-label": "Close this delivery", onclick: () => choose(null) }))),
        h(
          "dl.body.pairs",
          {},
          pair("To", one.destination ?? "nobody so far"),
          pair("Campaign", campaignOf(one)),
          pair("Id", h("code.break", { text: one.id })),
          pair("Created", fullTime(one.createdAt)),
          one.deliveredAt ? pair("Delivered", fullTime(one.deliveredAt)) : waits ? pair("Waits", waits) : null,
          one.status === "PENDING" && one.dueAt ? pair("Next attempt", fullTime(one.dueAt)) : null,
          one.lastError ? pair("Trouble", one.lastError) : null,
          one.replayedBy ? pair("Sent again", fullTime(one.replayedAt) + ", " + byWhom(one.replayedBy)) : null,
        ),
        h("header", {}, h("h2", { text: "Attempts" }), h("span.small.muted", { text: whole(one.attemptCount) })),
        (one.attempts ?? []).length
          ? h("ol.timeline", {}, [...one.attempts].sort((a, b) => b.number - a.number).map(attempt))
          : notice("No attempts yet", waits ?? one.lastError ?? "It is sent as soon as its turn comes."),
        h("header", {}, h("h2", { text: "Event" })),
        h("pre.json", { tabindex: "0", role: "region", "aria-label": "The event itself", text: JSON.stringify(one.event, null, 2) }),
      ]),
    );
    bringIntoView();
    fresh = false;
  }

  async function replayOne(one) {
    const done = await confirm({
      title: "Replay this delivery?",
      text: ["\u201c" + (one.eventType ?? "not understood") + "\u201d is sent " + (one.destination ? "to " + one.destination + " again" : "as it is to every destination whose filters let it through") + ", under the same webhook-id, so that a receiver that has it already can tell."],
      action: "Replay",
      run: () => api.post("/deliveries/" + encodeURIComponent(one.id) + "/replay"),
    });
    if (done) toast("It is sent again.");
    load();
  }

  async function replayMany() {
    // one that has arrived is sent again only by those who ask for just that
    const wanted = { ...(filter.destination && { destination: filter.destination }), status: filter.status || ["DEAD", "PARKED"] };
    let n;
    try {
      n = (await api.post("/deliveries/replay", { ...wanted, dryRun: true })).body.count;
    } catch (e) {
      toast(e.message, "bad");
      return;
    }
    const what = [filter.status ? filter.status.toLowerCase() : "dead or parked", filter.destination ? "to " + filter.destination : "to all destinations"].join(", ");
    if (!n) {
      toast("There is nothing to replay: " + what + ".");
      return;
    }
    const done = await confirm({
      title: "Replay " + count(n, "delivery", "deliveries") + "?",
      text: [h("p", {}, h("strong", { text: count(n, "delivery", "deliveries") }), " (" + what + ") are sent again, each under its own webhook-id."), "Receivers that have them already can tell by that id."],
      action: "Replay " + whole(n),
      danger: true,
      run: () => api.post("/deliveries/replay", wanted),
    });
    if (done) toast(count(done.body?.count ?? n, "delivery is", "deliveries are") + " sent again.");
    load();
  }

  const onChanges = () => again();
  stream.addEventListener("changes", onChanges);
  stream.addEventListener("resync", onChanges);
  const timer = setInterval(() => document.hidden || again(), AGAIN_MS);
  drawNone();
  remember();
  load();
  return () => {
    gone = true;
    clearInterval(timer);
    again.cancel();
    stream.removeEventListener("changes", onChanges);
    stream.removeEventListener("resync", onChanges);
  };
}

/** The campaign by its name, with our id; by CXone's where nobody here knows it. */
function campaignOf(one) {
  if (!one.campaignId) return one.cxoneCampaignId ? [one.cxoneCampaignId, h("div.small.muted", { text: "not known here" })] : DASH;
  return [h("a", { href: "#/campaigns/" + encodeURIComponent(one.campaignId), text: one.campaignName ?? one.campaignId, onclick: (event) => event.stopPropagation() }), h("div.small.muted.break", { text: one.campaignId })];
}

/** Why a delivery waits, and for what. */
function whyPending(one, destination) {
  if (destination && !destination.configured) return "Its destination is not in config/destinations.yaml any more.";
  if (destination && !destination.on) return "Its destination is switched off.";
  if (!one.dueAt) return "An earlier event of its campaign goes first.";
  if (Date.parse(one.dueAt) > Date.now()) return "Next attempt at " + time(one.dueAt) + ".";
  if (destination && destination.breaker === "OPEN") return "Its destination has failed so often that it is left alone for up to a minute.";
  return "Its turn comes next.";
}

function destinationMark(one) {
  if (!one.on) return h("span.state.bad", { text: "Off" });
  if (one.breaker && one.breaker !== "CLOSED") return h("span.state.wait", { text: one.breaker === "OPEN" ? "Breaker open" : "Trying again" });
  return h("span.state.good", { text: "On" });
}

function attempt(one) {
  const good = one.status >= 200 && one.status < 300;
  return h(
    "li",
    {},
    h("div.top", {}, h("strong", { class: "state " + (good ? "good" : "bad"), text: one.error ?? "Status " + one.status }), h("span.small.muted.nowrap", { text: duration(one.durationMs) })),
    h("p.small.muted", { title: fullTime(one.at), text: "No. " + one.number + ", " + time(one.at) }),
    one.answer ? h("pre.small.break", { text: one.answer }) : null,
  );
}

function pair(name, value) {
  return [h("dt", { text: name }), h("dd", {}, value)];
}
