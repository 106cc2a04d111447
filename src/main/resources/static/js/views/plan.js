/** Writing a campaign, checking it without sending it, seeing what it would do, and sending it. */
import { h, fill, append, debounce } from "../dom.js";
import { confirm, notice, problemBox, toast } from "../dialog.js";
import { Editor } from "../editor.js";
import { lineOf, readLines } from "../json-lines.js";
import { count, percent, rate, roughly, whole } from "../format.js";
import { ownKey } from "../sending.js";

const KEPT = "campaign-routes.draft";
const MAX_POOLS = 6;
/** Refused entries and warnings of a file that are shown before it is sent. */
const MAX_FOUND = 4;
const MAX_JSON = 1 << 20;
const EXAMPLE = {
  name: "Spring offer, East",
  agentPoolId: "pool-east",
  contactListId: "list-spring",
  timeZone: "America/New_York",
  pacingLimit: 5,
  schedule: { daysOfWeek: ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"], startHour: 9, endHour: 17 },
};

export function mount(root, { api, sending, title }) {
  title("Plan");
  if (!api.may("operator")) {
    root.append(h("div.head", {}, h("h1", { text: "Plan a campaign" })), h("section.panel", {}, notice("You may read only", "Checking and launching campaigns needs the role operator.")));
    return () => {};
  }
  const result = h("div.stack");
  const findings = h("ul.findings");
  const verdict = h("span.small.muted", { id: "verdict", role: "status" });
  const send = h("button.primary", { type: "button", id: "send", text: "Send", disabled: true, onclick: () => sendNow() });
  const check = h("button", { type: "button", id: "check", text: "Check", onclick: () => checkNow() });
  const file = h("input", { type: "file", accept: ".json,.ndjson,application/json", class: "sr", tabindex: "-1", "aria-label": "Choose a file", onchange: () => file.files[0] && take(file.files[0]) });
  let asked = 0;
  // what stands in the editor without anybody having written it
  let untouched = JSON.stringify(EXAMPLE, null, 2);
  let gone = false;

  const editor = new Editor({
    label: "Campaign request as JSON",
    describedBy: "verdict",
    onInput: () => {
      send.disabled = true;
      asked++; // what is still being checked is not this text
      check.classList.remove("busy");
      sessionStorage.setItem(KEPT, editor.value);
      marksOfText();
      checkSoon();
    },
    onSubmit: () => (send.disabled ? checkNow() : sendNow()),
    onFile: take,
    onText: put,
  });

  root.append(
    h("div.head", {}, h("h1", { text: "Plan a campaign" }), h("p.muted", { text: "Nothing is sent before you say so." })),
    h(
      "div.plan",
      {},
      append(h("section.panel", { "aria-label": "Request" }), [
        h(
          "header",
          {},
          h("h2", { text: "Request" }),
          verdict,
          h("div.end", {}, h("button.tiny", { type: "button", text: "Example", onclick: () => put(JSON.stringify(EXAMPLE, null, 2)) }), h("button.tiny", { type: "button", text: "Open a file", onclick: () => file.click() }), file),
        ),
        editor.element,
        h("header.actions", {}, h("span.small.muted", { text: "Paste, write, or drop a .json or .ndjson file. Ctrl+Enter checks, then sends." }), h("div.end", {}, check, send)),
        findings,
      ]),
      h("div.stack", {}, sending.element, result),
    ),
  );
  const checkSoon = debounce(() => checkNow(), 700);
  const kept = sessionStorage.getItem(KEPT);
  idle();
  editor.value = kept || untouched;

  function idle() {
    fill(result, h("section.panel", { "aria-label": "Result" }, notice("Not checked yet", "The answer of a dry run stands here: what CXone would be sent, the rules that applied, and what is to be expected.")));
  }

  /** What is wrong with the text itself is seen without asking anybody. */
  function marksOfText() {
    const { lines, error } = readLines(editor.value);
    if (!editor.value.trim()) {
      show([], lines);
      fill(verdict, "Empty");
    } else if (error) {
      show([{ line: error.line, field: "JSON", message: error.message, bad: true }], lines);
      fill(verdict, h("span.tag.bad", { text: "Not JSON" }));
    } else {
      return true;
    }
    idle();
    return false;
  }

  async function checkNow() {
    checkSoon.cancel();
    if (!marksOfText()) return;
    const mine = ++asked;
    const text = editor.value;
    check.classList.add("busy");
    try {
      const { body } = await api.post("/campaigns/validate", text);
      if (mine !== asked || gone) return;
      const { lines } = readLines(text);
      show((body.warnings ?? []).map((one) => ({ ...one, line: lineOf(lines, one.field), bad: false })), lines);
      fill(verdict, h("span.tag.good", { text: body.warnings?.length ? "Valid, " + count(body.warnings.length, "warning") : "Valid" }));
      send.disabled = false;
      fill(result, pool(body.pool), forecast(body), rules(body), payload(body));
    } catch (e) {
      if (mine !== asked || gone) return;
      const { lines } = readLines(text);
      show((e.errors ?? []).map((one) => ({ ...one, line: lineOf(lines, one.field), bad: true })), lines);
      fill(verdict, h("span.tag.bad", { text: e.errors?.length ? count(e.errors.length, "finding") : "Not checked" }));
      fill(result, h("section.panel", { "aria-label": "Result" }, e.errors?.length ? notice("It would be refused", "What is wrong stands below the request, line by line.") : h("div.body", {}, problemBox(e))));
    } finally {
      if (mine === asked) check.classList.remove("busy");
    }
  }

  function show(list) {
    list.sort((a, b) => a.line - b.line);
    const marks = new Map();
    for (const one of list) {
      const there = marks.get(one.line);
      marks.set(one.line, { bad: one.bad || there?.bad, text: (there ? there.text + "\n" : "") + one.message });
    }
    editor.mark(marks);
    fill(
      findings,
      list.map((one) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", onclick: () => editor.goTo(one.line) },
            h("span.where", { text: "Line " + one.line }),
            h("span", {}, h("span.tag", { class: one.bad ? "bad" : "wait", text: one.bad ? "Refused" : "Warning" }), " ", h("span.field", { text: one.field || "request" }), h("div.small.break", { text: one.message })),
          ),
        ),
      ),
    );
  }

  async function sendNow() {
    const text = editor.value;
    const name = JSON.parse(text).name;
    const key = ownKey();
    const answer = await confirm({
      title: "Send \u201c" + name + "\u201d?",
      text: ["It is launched at once, or at its activateAt, and dials as soon as CXone has activated it."],
      action: "Send",
      run: () => api.post("/campaigns", text, { headers: { "Idempotency-Key": key } }),
    });
    if (answer && !gone) {
      sessionStorage.removeItem(KEPT);
      toast("\u201c" + name + "\u201d was taken.");
      location.hash = "#/campaigns/" + encodeURIComponent(answer.body.campaignId);
    }
  }

  /** Puts a text into the editor; what somebody has written there is not lost without a question. */
  async function put(text) {
    const written = editor.value.trim() && editor.value !== untouched;
    const go =
      !written ||
      (await confirm({
        title: "Replace what you wrote?",
        text: ["The request in the editor is lost."],
        action: "Replace",
        danger: true,
        run: async () => true,
      }));
    if (!go || gone) return;
    untouched = text;
    editor.value = text;
  }

  async function take(chosen) {
    file.value = "";
    const text = await chosen.text();
    const lines = /\.(ndjson|jsonl)$/i.test(chosen.name);
    if (lines || (text.trimStart().startsWith("[") && !readLines(text).error)) {
      const entries = lines
        ? text.split("\n").map((line, i) => ({ line: i + 1, text: line.trim() })).filter((one) => one.text)
        : JSON.parse(text).map((one, i) => ({ line: i + 1, text: JSON.stringify(one) }));
      sendMany(chosen, entries, text, lines ? "application/x-ndjson" : "application/json");
    } else if (chosen.size > MAX_JSON) {
      toast("\u201c" + chosen.name + "\u201d has more than 1 MiB. Put many campaigns into an .ndjson file.", "bad");
    } else {
      put(text);
    }
  }

  async function sendMany({ name, size }, entries, text, type) {
    if (!entries.length) {
      toast("\u201c" + name + "\u201d contains no campaign, so nothing is sent.", "bad");
      return;
    }
    const sums = pools(entries);
    const told = h("ul.dots.small", {}, sums.map((sum) => (sum.line = h("li", { text: sum.text }))));
    const found = h("div.small.found", { role: "status", text: size > MAX_JSON ? "It has more than 1 MiB, too much for a dry run here. Put it into inbox/check/ for one." : "Checking\u2026" });
    if (size <= MAX_JSON) tryOut(text, type, sums, found);
    const go = await confirm({
      title: "Send " + count(entries.length, "campaign") + "?",
      text: [
        "Each " + (name.endsWith(".json") ? "entry" : "line") + " of \u201c" + name + "\u201d is a campaign of its own and is launched at once. What was taken before, by its externalId, launches nothing again.",
        told,
        found,
      ],
      action: "Send " + whole(entries.length),
      run: async () => true,
    });
    if (!go) return;
    sending.add(name, entries);
    sending.element.scrollIntoView({ block: "nearest" });
  }

  /** What would come of a file: what campaigns that share agents come to together, and what is wrong with it. */
  async function tryOut(text, type, sums, found) {
    try {
      const { body } = await api.post("/campaigns/validate/file", text, { headers: { "Content-Type": type } });
      for (const sum of sums) shared(sum, body.pools.find((one) => one.id === sum.pool));
      const parts = [whole(body.good) + " of " + whole(body.entries) + " would be launched"];
      if (body.refused) parts.push(whole(body.refused) + " refused");
      if (body.repeats) parts.push(whole(body.repeats) + (body.repeats === 1 ? " was" : " were") + " taken before");
      const bad = body.problems.map((one) => ({ tag: "bad", where: "Line " + one.line + ": ", text: one.errors?.[0]?.message ?? one.detail }));
      const all = [...bad, ...body.warnings.map((one) => ({ tag: "wait", where: "", text: one.message }))];
      const shown = all.slice(0, MAX_FOUND).map((one) => h("li.break", {}, h("span.tag", { class: one.tag, text: one.tag === "bad" ? "Refused" : "Warning" }), " " + one.where + one.text));
      fill(found, h("p", { text: parts.join(", ") + "." }), h("ul.dots", {}, shown, all.length > MAX_FOUND ? h("li", { text: count(all.length - MAX_FOUND, "more") }) : null));
    } catch (e) {
      fill(found, "It could not be checked: " + e.message);
    }
  }

  return () => {
    gone = true;
    checkSoon.cancel();
  };
}

/** How many campaigns share each agent pool, and how fast they may dial: each is checked by itself. */
function pools(entries) {
  const sums = new Map();
  for (const { text } of entries) {
    let request = null;
    try {
      request = JSON.parse(text);
    } catch {
      continue;
    }
    const pool = request?.agentPoolId;
    if (typeof pool !== "string") continue;
    const sum = sums.get(pool) ?? { pool, campaigns: 0, limit: 0 };
    sum.campaigns++;
    const limits = [request.pacingLimit, request.pacing?.maxCallsPerSecond].filter(Number.isFinite);
    sum.limit += limits.length ? Math.min(...limits) : 0;
    sums.set(pool, sum);
  }
  const most = [...sums.values()].sort((a, b) => b.campaigns - a.campaigns);
  const told = most.slice(0, MAX_POOLS);
  told.forEach((sum) => (sum.text = sum.pool + ": " + (sum.campaigns === 1 ? "1 campaign" : whole(sum.campaigns) + " campaigns share its agents") + ", limits of " + rate(sum.limit) + " calls/s in all"));
  return most.length > MAX_POOLS ? [...told, { campaigns: 0, text: count(most.length - MAX_POOLS, "other pool") }] : told;
}

/** What campaigns of a file that share agents would have, as its dry run tells. */
function shared(sum, p) {
  if (!p?.agents || p.file.campaigns < 2) return;
  const turns = p.share?.everySeconds ? "; each would have a turn of " + roughly(1000 * p.share.turnSeconds) + " every " + roughly(1000 * p.share.everySeconds) : "";
  const first = p.file.firstCallsPerSecond;
  const begin = first === undefined ? "" : "; they would begin with " + rate(first) + " calls/s together";
  fill(
    sum.line,
    h("span.tag.wait", { text: "Warning" }),
    " " + whole(p.file.campaigns) + " campaigns of this file are for " + p.id + ", which has " + count(p.agents.staffed, "agent") + "; together they may dial up to " + rate(p.file.limit) + " calls/s" + begin + turns,
  );
}

/** What its agent pool would have with it: who is there, who else dials, and what all together could do. */
function pool(p) {
  if (!p) return null;
  const f = p.forecast;
  const stages = Object.entries(p.others.stages).map(([stage, n]) => whole(n) + " " + stage).join(", ");
  return h(
    "section.panel",
    { "aria-label": "Agent pool" },
    h("header", {}, h("h2.break", { text: "Agent pool " + p.id }), h("span.small.muted", { text: p.agents ? count(p.agents.staffed, "agent") + ", " + whole(p.agents.idle) + " idle" : "agents not known" })),
    h(
      "div.body.stack",
      {},
      h("p", { text: count(p.running, "campaign") + " dial" + (p.running === 1 ? "s" : "") + " for it now, " + (f?.lines ? "lately with " : "up to ") + rate(p.callsPerSecond) + " calls/s." }),
      h("p", { text: p.others.campaigns ? whole(p.others.campaigns) + " other" + (p.others.campaigns === 1 ? "" : "s") + " at its hours (" + stages + "); " + whole(p.busiest.campaigns) + " with it at one time." : "No other campaign dials for it at its hours." }),
      p.share?.everySeconds ? h("p", { text: "It would have a turn of " + roughly(1000 * p.share.turnSeconds) + " every " + roughly(1000 * p.share.everySeconds) + ", and about " + rate(p.share.answeredPerHour) + " answered calls an hour." }) : null,
      f && p.busiest.campaigns > 1
        ? h(
            "dl.facts",
            {},
            expected("Agents busy", f.utilisation, f.utilisationHalfWidth, percent, 1),
            expected("Abandoned", f.abandonment, f.abandonmentHalfWidth, percent, 0.05),
            f.lines ? expected("Lines for each agent who waits", f.lines, 0, rate) : null,
            expected("Calls/s of all", f.callsPerSecond, f.callsPerSecondHalfWidth, rate),
          )
        : null,
    ),
  );
}

/** What a simulation expects: each figure with the width of its uncertainty. */
function forecast(body) {
  const f = body.forecast;
  if (!f) return null;
  return h(
    "section.panel",
    { "aria-label": "Forecast" },
    h("header", {}, h("h2", { text: "Forecast" }), h("span.small.muted", { text: "by itself, simulated with " + count(f.agents, "agent") })),
    h(
      "div.body.stack",
      {},
      f.note ? h("p", { text: f.note }) : null,
      h(
        "dl.facts",
        {},
        expected("Agents busy", f.utilisation, f.utilisationHalfWidth, percent, 1),
        expected("Abandoned", f.abandonment, f.abandonmentHalfWidth, percent, 0.05),
        f.lines ? expected("Lines for each agent who waits", f.lines, 0, rate) : null,
        expected("Calls/s", f.callsPerSecond, f.callsPerSecondHalfWidth, rate, body.payload?.complianceRules?.regulatoryPacingLimit),
      ),
      f.assumptions?.length ? h("div.small.muted", {}, h("h3", { text: "Assumed" }), h("ul.dots", {}, f.assumptions.map((one) => h("li", { text: one })))) : null,
    ),
  );
}

function expected(name, value, half, format, end) {
  const known = typeof value === "number" && Number.isFinite(value);
  return h(
    "div",
    {},
    h("dt", { text: name }),
    h("dd", {}, h("span.big", {}, format(value), known && half ? h("span.of", { text: " \u00b1 " + format(half) }) : null), known && end ? range(value, half ?? 0, end) : null),
  );
}

/** Where a value lies between nothing and an end, and how sure that is; the numbers say the same. */
function range(value, half, end) {
  const at = (x) => 100 * Math.min(1, Math.max(0, x / end)) + "%";
  const band = h("i");
  band.style.left = at(value - half);
  band.style.right = "calc(100% - " + at(value + half) + ")";
  const mark = h("b");
  mark.style.left = at(value);
  return h("span.range", { "aria-hidden": "true" }, band, mark);
}

function rules(body) {
  return h(
    "section.panel",
    { "aria-label": "Rules" },
    h("header", {}, h("h2", { text: "Rules that applied" }), h("span.small.muted.break", { text: body.policy.name + ", version " + body.policy.version })),
    h("ul.body.small.dots", {}, (body.policy.rules ?? []).map((one) => h("li.break", { text: one }))),
  );
}

function payload(body) {
  return h("section.panel", { "aria-label": "Payload" }, h("header", {}, h("h2", { text: "What CXone would be sent" })), h("pre.json", { tabindex: "0", role: "region", "aria-label": "What CXone would be sent", text: JSON.stringify(body.payload, null, 2) }));
}
