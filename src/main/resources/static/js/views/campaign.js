/** One campaign: whether it dials, what pacing decided and why, its history, and what to do with it. */
import { h, fill, append, keep, setText, throttle } from "../dom.js";
import { confirm, notice, problemBox, toast } from "../dialog.js";
import { plots } from "../plot.js";
import { abandonment, address, meter } from "./campaigns.js";
import { commandsOf, deliveryMark, pendingName, stageLook, stageMark, stageName } from "../stages.js";
import { DASH, ago, byWhom, count, duration, fullTime, lines, percent, rate, time, whole, zone, zoned } from "../format.js";

const AGAIN_MS = 5_000;
const DECISIONS = 300;
const AUDIT_SHOWN = 200;
/** The trail is read anew after a while, and after so many times what reading it took. */
const AUDIT_AGAIN_MS = 8_000;
const AUDIT_SHARE = 20;

const COMMANDS = {
  pause: {
    name: "Pause",
    done: "paused",
    text: "CXone stops dialing for it. Calls that are under way go on, and resume takes it up again.",
  },
  resume: { name: "Resume", done: "resumed", text: "CXone dials for it again within its calling hours." },
  stop: {
    name: "Stop",
    done: "stopped",
    danger: true,
    text: "This ends it for good: a stopped campaign cannot be resumed, and its name is free again.",
  },
  retry: { name: "Retry", done: "taken up again", text: "The launch is taken up again where it failed." },
};

export function mount(root, { api, stream, id, title }) {
  const path = "/campaigns/" + encodeURIComponent(id);
  const parts = {
    head: h("div.head", {}, h("h1", { text: "Campaign" })),
    verdict: h("section.panel.verdict", { "aria-label": "Why it dials or does not", "aria-live": "polite" }),
    facts: h("section.panel", { "aria-label": "Figures" }),
    plot: h("div.plots"),
    decisions: h("tbody"),
    decisionList: h("div.lines", { tabindex: "0", role: "region", "aria-label": "Table of decisions" }),
    timeline: h("ol.timeline"),
    deliveries: h("div"),
    audit: h("div.lines"),
    older: h("p.notice.small.muted", { hidden: true }),
    verdictOfChain: h("span.small.muted", { text: "checking\u2026" }),
    request: h("pre.json", { tabindex: "0", role: "region", "aria-label": "The request with its defaults" }),
    problem: h("div", { role: "alert" }),
  };
  let campaign = null;
  let contacts = null;
  let unwanted = false;
  let drawn = null;
  let plotted = "";
  let auditAgainAt = 0;
  let gone = false;

  root.append(
    h("p.crumb", {}, h("a", { href: address, text: "Campaigns" })),
    parts.head,
    parts.problem,
  );
  const body = h(
    "div",
    { hidden: true },
    parts.verdict,
    h(
      "div.two",
      {},
      h(
        "div.stack",
        {},
        parts.facts,
        panel("Pacing", null, parts.plot),
        panel("Decisions", h("span.small.muted", { text: "newest first, each with its reason; times of your clock, " + zone() }), parts.decisionList),
        panel("Deliveries", null, parts.deliveries),
        panel("Audit trail", [parts.verdictOfChain, h("div.end", {}, h("button.tiny", { type: "button", text: "Save all lines", onclick: saveAudit }))], parts.audit, parts.older),
      ),
      h("div.stack", {}, panel("Timeline", null, parts.timeline), panel("Request", null, parts.request)),
    ),
  );
  root.append(body);

  const load = async () => {
    if (gone) return;
    try {
      const [one, diagnosis] = await Promise.all([api.get(path), api.get(path + "/diagnosis")]);
      if (gone) return;
      const moved = !campaign || campaign.history.length !== one.history.length;
      campaign = one;
      title((diagnosis.unwanted ? "Still dialing: " : "") + one.name);
      unwanted = diagnosis.unwanted;
      body.hidden = false;
      fill(parts.problem);
      drawHead(diagnosis);
      drawVerdict(diagnosis);
      contacts = campaign.request.contacts ? await api.get(path + "/contacts/summary") : null;
      if (gone) return;
      drawFacts(diagnosis);
      drawTimeline();
      const request = JSON.stringify(one.request, null, 2);
      if (parts.request.textContent !== request) parts.request.textContent = request;
      await Promise.all([loadPacing(), loadDeliveries(), moved || performance.now() > auditAgainAt ? loadAudit() : null]);
    } catch (e) {
      if (gone || e.name === "AbortError") return;
      if (e.status === 404 && !campaign) {
        title("No such campaign");
        clearInterval(timer);
        fill(parts.head, h("h1", { text: "No such campaign" }));
        fill(parts.problem, h("section.panel", {}, notice(e.message, "", h("div", {}, h("a.button", { href: "#/campaigns", text: "All campaigns" })))));
      } else {
        fill(parts.problem, problemBox(e));
      }
    }
  };
  const again = throttle(load, 1000);

  function drawHead(diagnosis) {
    const possible = commandsOf(campaign.stage, campaign.pendingCommand);
    const buttons = Object.entries(COMMANDS)
      .filter(([name]) => possible.has(name) && api.may("operator"))
      .map(([name, command]) =>
        h("button", {
          type: "button",
          "data-command": name,
          class: command.danger ? "danger" : "",
          text: command.name,
          onclick: () => ask(name, command),
        }),
      );
    const signature = [campaign.name, campaign.stage, diagnosis.dialing, diagnosis.unwanted, campaign.pendingCommand, byWhom(campaign.pendingCommandBy)].join("|");
    if (parts.head.dataset.drawn === signature) return;
    parts.head.dataset.drawn = signature;
    const focused = document.activeElement?.dataset?.command;
    fill(
      parts.head,
      h("h1.break", { dir: "auto", text: campaign.name }),
      stageMark(campaign.stage, diagnosis.dialing, diagnosis.unwanted),
      campaign.pendingCommand && h("span.tag.wait", { text: [pendingName(campaign.pendingCommand), byWhom(campaign.pendingCommandBy)].join(" ").trim() }),
      h("div.end", {}, buttons),
    );
    if (focused) parts.head.querySelector('[data-command="' + focused + '"]')?.focus();
  }

  async function ask(name, command) {
    const answer = await confirm({
      title: command.name + " \u201c" + campaign.name + "\u201d?",
      text: [command.text],
      action: command.name,
      danger: command.danger,
      run: () => api.post(path + "/" + name),
    });
    await load();
    if (!answer) return;
    const called = "\u201c" + campaign.name + "\u201d";
    if (answer.status !== 202) toast(called + " is " + command.done + ".");
    else if (unwanted) toast(called + ": CXone is still dialing. It is asked to " + name + " until it does; stop it in CXone if you cannot wait.", "bad");
    else toast(called + ": " + name + " is under way." + (answer.body.detail ? " " + answer.body.detail : ""), "wait");
  }

  function drawVerdict(diagnosis) {
    const text = JSON.stringify([diagnosis.sentence, diagnosis.reasons.map((one) => [one.code, one.since, one.until]), diagnosis.unwanted]);
    if (parts.verdict.dataset.drawn === text) return;
    parts.verdict.dataset.drawn = text;
    parts.verdict.className = "panel verdict " + stageLook(campaign.stage, diagnosis.dialing, diagnosis.unwanted);
    const times = diagnosis.reasons.filter((one) => one.since || one.until);
    const hours = diagnosis.callingHours;
    fill(
      parts.verdict,
      h(
        "div",
        {},
        h("p.sentence", { text: diagnosis.sentence }),
        h(
          "ul",
          {},
          times.map((one) =>
            h("li", {
              text:
                (diagnosis.reasons.length > 1 ? upper(one.sentence) + ": " : "") +
                [one.since && "since " + fullTime(one.since), one.until && (TRIES.has(one.code) ? "next try " : "until ") + fullTime(one.until)].filter(Boolean).join(", "),
            }),
          ),
          hours && diagnosis.dialing && hours.closes && h("li", { text: "Calling hours end " + zoned(hours.closes, hours.timeZone) + "." }),
        ),
      ),
    );
  }

  function drawFacts(diagnosis) {
    const pacing = { ...withoutNull(campaign.pacing), ...diagnosis.calls };
    const active = campaign.stage === "ACTIVE";
    const agents = pacing.agents;
    fill(
      parts.facts,
      h(
        "div.body",
        {},
        h(
          "dl.facts",
          {},
          lines(pacing) === null
            ? fact("Calls/s", big(active ? rate(pacing.maxCallsPerSecond) : DASH, " of " + rate(pacing.limit)), meter(active ? pacing.maxCallsPerSecond : null, pacing.limit))
            : fact("Lines for an agent", big(active ? lines(pacing) : DASH), h("span.small.muted", { text: rate(pacing.callsPerSecond) + " calls/s lately, of " + rate(pacing.limit) })),
          fact("Abandoned", h("span.big.grid-like", {}, abandonmentBig(pacing)), pacing.answered ? h("span.small.muted", { text: whole(pacing.abandoned) + " of " + whole(pacing.answered) + " answered" }) : null),
          fact("Answered by a person", big(percent(pacing.connectionRate))),
          fact("Agents busy", agents ? big(whole(agents.busy), " of " + whole(agents.staffed)) : big(DASH), agents && typeof agents.idle === "number" ? h("span.small.muted", { text: whole(agents.idle) + " idle" }) : null),
          fact("Pool", campaign.request.agentPoolId),
          fact("Policy", campaign.policy.name, h("span.small.muted", { text: "version " + campaign.policy.version })),
          fact("Calling hours", diagnosis.callingHours?.hours ?? DASH, h("span.small.muted", { text: campaign.request.timeZone })),
          contacts && fact("Contacts", contactsLine(contacts), h("span.small.muted.break", { text: contactsDetail(contacts) })),
          fact("CXone id", campaign.cxoneCampaignId ? h("code", { text: campaign.cxoneCampaignId }) : DASH),
          fact("Taken", h("span", { title: fullTime(campaign.acceptedAt), text: time(campaign.acceptedAt) }), campaign.latencyMs === null || campaign.latencyMs === undefined ? null : h("span.small.muted", { text: "active after " + duration(campaign.latencyMs) })),
          fact("Id", h("code.break", { text: campaign.id })),
        ),
      ),
    );
  }

  function drawTimeline() {
    const history = campaign.history;
    const ended = ["STOPPED", "COMPLETED", "REJECTED", "FAILED"].includes(campaign.stage);
    fill(
      parts.timeline,
      history
        .map((change, i) => {
          const next = history[i + 1];
          const last = !next;
          const took = Date.parse(next ? next.at : new Date().toISOString()) - Date.parse(change.at);
          return h(
            "li",
            {},
            h(
              "div.top",
              {},
              h("strong", { text: stageName(change.stage) }),
              h("span.small.muted.nowrap", { text: last ? (ended ? ago(change.at) : "for " + duration(Math.max(0, took))) : duration(Math.max(0, took)) }),
            ),
            h("p.small.break", { text: change.reason }),
            h("p.small.muted.break", { title: fullTime(change.at), text: [time(change.at), byWhom(change.by)].filter(Boolean).join(" \u00b7 ") }),
          );
        })
        .reverse(),
    );
  }

  async function loadPacing() {
    const items = (await api.get(path + "/pacing?limit=" + DECISIONS)).items ?? [];
    if (gone) return;
    const signature = items.length + "|" + JSON.stringify(items[0] ?? null) + JSON.stringify(items.at(-1) ?? null);
    if (signature === plotted) return;
    plotted = signature;
    const sorted = [...items].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    drawPlots(sorted);
    drawDecisions(sorted.reverse());
  }

  function drawPlots(decisions) {
    if (!decisions.length) {
      fill(parts.plot, notice("Nothing to plot yet", "The first pacing decision comes soon after the campaign becomes active."));
      return;
    }
    // what was decided last is in force until now
    decisions = [...decisions, { ...decisions.at(-1), at: new Date().toISOString() }];
    const times = decisions.map((one) => Date.parse(one.at) / 1000);
    const limit = decisions.at(-1).limit ?? campaign.request.pacingLimit;
    const list = [
      {
        title: "Calls per second",
        format: (n) => String(Math.round(n * 100) / 100),
        series: [
          { name: "in force", values: decisions.map((one) => number(one.sent ?? one.maxCallsPerSecond ?? one.callsPerSecond)), color: "--accent", stepped: true, fill: true },
          { name: "limit", values: decisions.map(() => limit), color: "--ink-2", dash: true },
        ],
      },
    ];
    if (decisions.some((one) => one.lines !== undefined)) {
      list.push({
        title: "Lines for each agent who waits",
        format: (n) => String(Math.round(n * 10) / 10),
        series: [{ name: "in force", values: decisions.map((one) => number(one.sentLines)), color: "--accent", stepped: true, fill: true }],
      });
    }
    if (decisions.some((one) => one.estimates)) {
      list.push({
        title: "Agents",
        format: (n) => String(Math.round(n)),
        series: [
          { name: "busy", values: decisions.map((one) => number(one.estimates?.busyAgents)), color: "--accent", stepped: true },
          { name: "idle", values: decisions.map((one) => number(one.inputs?.availableAgents)), color: "--wait", stepped: true },
        ],
      });
    }
    if (decisions.some((one) => one.period)) {
      list.push({
        title: "Abandoned in this period",
        format: (n) => n.toFixed(1) + " %",
        series: [
          { name: "share", values: decisions.map((one) => percentOf(one.period?.rate)), color: "--accent", fill: true },
          { name: "cap", values: decisions.map((one) => percentOf(one.period?.cap)), color: "--bad", dash: true },
        ],
      });
    }
    const kind = list.map((one) => one.title).join();
    if (drawn?.kind === kind) {
      drawn.update(times, list);
    } else {
      drawn?.remove();
      drawn = { kind, ...plots(parts.plot, times, list) };
    }
  }

  function drawDecisions(decisions) {
    if (!decisions.length) {
      fill(parts.decisionList, notice("No decision yet", "Decisions appear here, each with its figures and reason."));
      return;
    }
    if (!parts.decisions.isConnected) {
      const heads = h("tr", {}, h("th", { scope: "col", text: "Time" }), h("th.num", { scope: "col", text: lines(decisions[0]) === null ? "Calls/s" : "Lines" }), h("th", { scope: "col", text: "Decided by" }), h("th", { scope: "col", text: "Why" }));
      fill(parts.decisionList, h("table", {}, h("thead", {}, heads), parts.decisions));
    }
    keep(parts.decisions, decisions, (one) => String(one.seq), (one) =>
      h(
        "tr",
        {},
        h("td.nowrap", { title: fullTime(one.at), text: time(one.at) }),
        h("td.num", { text: lines(one) ?? rate(one.maxCallsPerSecond) }),
        h("td.nowrap", {}, decidedBy(one)),
        h("td", {}, one.reason, explained(one)),
      ),
    );
  }

  async function loadDeliveries() {
    const { items, next } = await api.get("/deliveries?sort=-created&limit=20&campaign=" + encodeURIComponent(campaign.id));
    if (gone) return;
    const signature = JSON.stringify(items);
    if (parts.deliveries.dataset.drawn === signature) return;
    parts.deliveries.dataset.drawn = signature;
    if (!items.length) {
      fill(parts.deliveries, notice("Nothing was forwarded", "Events of this campaign go to its own address and to every destination whose filters let them through."));
      return;
    }
    fill(
      parts.deliveries,
      h(
        "div.scroll-x",
        {},
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, ["Status", "Event", "Destination"].map((text) => h("th", { scope: "col", text })), h("th.num", { scope: "col", text: "Attempts" }), h("th", { scope: "col", text: "Last answer" }), h("th", { scope: "col", text: "Created" }))),
          h(
            "tbody",
            {},
            items.map((one) =>
              h(
                "tr",
                {},
                h("td", {}, deliveryMark(one.status)),
                h("td", {}, h("a", { href: "#/deliveries?id=" + encodeURIComponent(one.id), text: one.eventType ?? "not understood" })),
                h("td.break", { text: one.destination ?? DASH }),
                h("td.num", { text: whole(one.attemptCount) }),
                h("td.break", { text: one.lastError ?? (one.lastStatus ? String(one.lastStatus) : DASH) }),
                h("td.nowrap", { title: fullTime(one.createdAt), text: time(one.createdAt) }),
              ),
            ),
          ),
        ),
      ),
      next && h("p.notice.small.muted", {}, "The newest " + whole(items.length) + ". ", h("a", { href: "#/deliveries?campaign=" + encodeURIComponent(campaign.id), text: "All of this campaign" })),
    );
  }

  async function loadAudit() {
    const start = performance.now();
    auditAgainAt = Infinity;
    let text;
    let verdict;
    try {
      [text, verdict] = await Promise.all([api.text(path + "/audit"), api.get(path + "/audit/check")]);
    } finally {
      auditAgainAt = performance.now() + Math.max(AUDIT_AGAIN_MS, AUDIT_SHARE * (performance.now() - start));
    }
    if (gone) return;
    fill(
      parts.verdictOfChain,
      h("span.tag", { class: verdict.intact ? "good" : "bad", text: verdict.intact ? "Chain intact" : "Chain broken" }),
      " ",
      verdict.sentence,
    );
    const lines = text.split("\n").filter(Boolean);
    if (!lines.length) {
      fill(parts.audit, notice("No audit lines yet", "The first line is written with the first change."));
      return;
    }
    if (!parts.audit.querySelector("details")) fill(parts.audit);
    const first = Math.max(0, lines.length - AUDIT_SHOWN);
    keep(parts.audit, lines.map((line, i) => ({ line, i })).slice(first).reverse(), ({ i, line }) => i + " " + line, ({ line }) => auditLine(line));
    parts.older.hidden = first === 0;
    setText(parts.older, "The newest " + whole(AUDIT_SHOWN) + " of " + count(lines.length, "line") + ".");
  }

  async function saveAudit() {
    try {
      const link = h("a", { href: URL.createObjectURL(new Blob([await api.text(path + "/audit")], { type: "application/x-ndjson" })), download: campaign.id + ".jsonl" });
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (e) {
      toast(e.message, "bad");
    }
  }

  const onChanges = ({ detail }) => {
    if (campaign && detail.rows.some((row) => row.id === campaign.id)) again();
  };
  stream.addEventListener("changes", onChanges);
  stream.addEventListener("resync", again);
  const timer = setInterval(() => document.hidden || again(), AGAIN_MS);
  load();

  return () => {
    gone = true;
    clearInterval(timer);
    again.cancel();
    drawn?.remove();
    stream.removeEventListener("changes", onChanges);
    stream.removeEventListener("resync", again);
  };
}

const CLAMPS = {
  NONE: ["prediction", ""],
  CLOSED: ["calling hours", "wait"],
  UNUSABLE: ["cannot be paced", "bad"],
  NO_AGENTS: ["no agents", "wait"],
  HOLD: ["hold", "bad"],
  PROTECT: ["guards the cap", "wait"],
  COLD: ["few answers yet", ""],
  SMALL_TEAM: ["small team", ""],
  NO_FIGURES: ["no figures", "wait"],
  PROBE: ["first calls", ""],
  STAFFED_ONLY: ["staffed only", ""],
  RAISE_LIMIT: ["raised in steps", ""],
  STANDS_IN: ["pause not taken", "bad"],
  TURN: ["others' turn", ""],
  LIMIT: ["limit", ""],
  STRATEGY: ["strategy", ""],
};

/** Reasons that end with another try, which need not succeed. */
const TRIES = new Set(["CXONE_UNREACHABLE", "CXONE_REFUSED", "COMMAND_PENDING", "STILL_DIALING", "RATE_TOO_HIGH", "RATE_NOT_TAKEN"]);

function decidedBy(one) {
  if (!one.clamp) return DASH;
  if (one.clamp === "PROTECT" && one.period?.rate >= one.period?.cap) return h("span.tag.bad", { text: "above the cap" });
  return h("span.tag", { class: CLAMPS[one.clamp]?.[1] ?? "", text: CLAMPS[one.clamp]?.[0] ?? one.clamp });
}

/** The figures behind a decision, in one line. */
function explained(one) {
  const parts = [];
  if (one.inputs?.missing) parts.push("no figures: " + one.inputs.missing);
  else if (one.inputs) {
    parts.push(whole(one.inputs.availableAgents) + " idle");
    if (typeof one.inputs.connectedCalls === "number") parts.push(whole(one.inputs.connectedCalls) + " connected");
    if (typeof one.inputs.abandonedCalls === "number") parts.push(whole(one.inputs.abandonedCalls) + " abandoned");
  }
  if (one.estimates) {
    parts.push("answered " + percent(one.estimates.answerProbability));
    parts.push("handle time " + whole(one.estimates.handleTimeSeconds) + " s");
    parts.push(whole(one.estimates.busyAgents) + " of " + whole(Math.max(one.estimates.staffedAgents, one.estimates.busyAgents)) + " busy");
  }
  return parts.length ? h("div.small.muted", { text: parts.join(" \u00b7 ") }) : null;
}

function auditLine(line) {
  let json = {};
  try {
    json = JSON.parse(line);
  } catch {
    json = { event: "not JSON" };
  }
  return h(
    "details.audit-line",
    {},
    h("summary", {}, h("span.at.nowrap", { title: fullTime(json.timestamp), text: time(json.timestamp) }), h("strong", { text: json.event ?? "line" }), h("span.small.muted.break", { text: [json.reason ?? json.message ?? json.command, byWhom(json.by)].filter(Boolean).join(" \u00b7 ") })),
    h("pre", { text: JSON.stringify(json, null, 2) }),
  );
}

function abandonmentBig(pacing) {
  return typeof pacing.abandonmentRate === "number" ? abandonment(pacing) : [DASH, pacing.abandonmentCap ? h("span.of", { text: " cap " + percent(pacing.abandonmentCap) }) : null];
}

/** How many contacts of the file may be called, such as "4 of 6 may be called". */
function contactsLine(contacts) {
  return whole(contacts.outcomes.CALLABLE ?? 0) + " of " + whole(contacts.lines) + " may be called";
}

function contactsDetail(contacts) {
  const others = Object.entries(contacts.outcomes)
    .filter(([outcome]) => outcome !== "CALLABLE")
    .map(([outcome, n]) => whole(n) + " " + outcome.toLowerCase().replaceAll("_", " "));
  const state = {
    READING: percent(contacts.progress) + " of the file judged",
    JUDGED: whole(contacts.uploaded) + " given to CXone" + (contacts.refusedByPlatform ? ", " + whole(contacts.refusedByPlatform) + " refused by it" : ""),
    REFUSED: contacts.problem,
    REMOVED: "removed after its end",
  };
  return [contacts.file, ...others, state[contacts.state]].join(" \u00b7 ");
}

function fact(name, ...value) {
  return h("div", {}, h("dt", { text: name }), h("dd", {}, value));
}

function big(text, of) {
  return h("span.big", {}, text, of ? h("span.of", { text: of }) : null);
}

function panel(name, more, ...children) {
  return append(h("section.panel", { "aria-label": name }, h("header", {}, h("h2", { text: name }), more)), children);
}

function number(value) {
  return typeof value === "number" ? value : null;
}

function percentOf(value) {
  return typeof value === "number" ? value * 100 : null;
}

function withoutNull(object) {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== null));
}

function upper(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
