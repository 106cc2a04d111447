/** Writing a campaign, checking it without sending it, seeing what it would do, and sending it. */
import { h, fill, append, debounce } from "../dom.js";
import { confirm, notice, problemBox, toast } from "../dialog.js";
import { Editor } from "../editor.js";
import { lineOf, readLines } from "../json-lines.js";
import { count, percent, rate, whole } from "../format.js";

const KEPT = "campaign-routes.draft";
const AT_ONCE = 4;
const LARGEST_JSON = 1 << 20;
const EXAMPLE = {
  name: "Spring offer, East",
  agentPoolId: "pool-east",
  contactListId: "list-spring",
  timeZone: "America/New_York",
  pacingLimit: 5,
  schedule: { daysOfWeek: ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"], startHour: 9, endHour: 17 },
};

export function mount(root, { api, title }) {
  title("Plan");
  const result = h("div.stack", { "aria-live": "polite" });
  const findings = h("ul.findings");
  const verdict = h("span.small.muted", { id: "verdict", role: "status" });
  const send = h("button.primary", { type: "button", id: "send", text: "Send", disabled: true, onclick: () => sendNow() });
  const check = h("button", { type: "button", id: "check", text: "Check", onclick: () => checkNow() });
  const file = h("input", { type: "file", accept: ".json,.ndjson,application/json", class: "sr", tabindex: "-1", "aria-label": "Choose a file", onchange: () => file.files[0] && take(file.files[0]) });
  let asked = 0;
  let stopFile = null;
  let gone = false;

  const editor = new Editor({
    label: "Campaign request as JSON",
    describedBy: "verdict",
    onInput: () => {
      send.disabled = true;
      sessionStorage.setItem(KEPT, editor.value);
      marksOfText();
      checkSoon();
    },
    onSubmit: () => (send.disabled ? checkNow() : sendNow()),
    onFile: take,
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
          h("div.end", {}, h("button.tiny", { type: "button", text: "Example", onclick: () => (editor.value = JSON.stringify(EXAMPLE, null, 2)) }), h("button.tiny", { type: "button", text: "Open a file", onclick: () => file.click() }), file),
        ),
        editor.element,
        findings,
        h("header", {}, h("span.small.muted", { text: "Paste, write, or drop a .json or .ndjson file. Ctrl+Enter checks, then sends." }), h("div.end", {}, check, send)),
      ]),
      result,
    ),
  );
  const checkSoon = debounce(() => checkNow(), 700);
  const kept = sessionStorage.getItem(KEPT);
  idle();
  editor.value = kept || JSON.stringify(EXAMPLE, null, 2);

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
      fill(result, forecast(body), rules(body), payload(body));
    } catch (e) {
      if (mine !== asked || gone) return;
      const { lines } = readLines(text);
      show((e.errors ?? []).map((one) => ({ ...one, line: lineOf(lines, one.field), bad: true })), lines);
      fill(verdict, h("span.tag.bad", { text: e.errors?.length ? count(e.errors.length, "finding") : "Not checked" }));
      fill(result, h("section.panel", { "aria-label": "Result" }, h("div.body", {}, problemBox(e))));
    } finally {
      if (mine === asked) check.classList.remove("busy");
    }
  }

  function show(list) {
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
    const answer = await confirm({
      title: "Send \u201c" + name + "\u201d?",
      text: ["It is launched at once, or at its activateAt, and dials as soon as CXone has activated it."],
      action: "Send",
      run: () => api.post("/campaigns", text),
    });
    if (answer && !gone) {
      sessionStorage.removeItem(KEPT);
      toast("\u201c" + name + "\u201d was taken.");
      location.hash = "#/campaigns/" + encodeURIComponent(answer.body.campaignId);
    }
  }

  async function take(chosen) {
    file.value = "";
    if (/\.(ndjson|jsonl)$/i.test(chosen.name)) {
      sendLines(chosen);
    } else if (chosen.size > LARGEST_JSON) {
      toast("\u201c" + chosen.name + "\u201d has more than 1 MiB. Many campaigns go into an .ndjson file.", true);
    } else {
      editor.value = await chosen.text();
    }
  }

  async function sendLines(chosen) {
    const text = await chosen.text();
    const entries = text
      .split("\n")
      .map((line, i) => ({ line: i + 1, text: line.trim() }))
      .filter((one) => one.text);
    const go = await confirm({
      title: "Send " + count(entries.length, "campaign") + "?",
      text: ["Each line of \u201c" + chosen.name + "\u201d is a campaign of its own and is launched at once. A line that was taken before, by its externalId, launches nothing again."],
      action: "Send " + whole(entries.length),
      run: async () => true,
    });
    if (!go || gone) return;
    const bar = h("i");
    const said = h("span", { role: "status" });
    const rows = h("tbody");
    const counts = { taken: 0, refused: 0 };
    stopFile = new AbortController();
    const stop = h("button.tiny", { type: "button", text: "Stop here", onclick: () => stopFile.abort() });
    fill(
      result,
      append(h("section.panel", { "aria-label": "Progress" }), [
        h("header", {}, h("h2.break", { text: chosen.name }), h("div.end", {}, said, stop)),
        h("div.body", {}, h("div.progress", { "aria-hidden": "true" }, bar)),
        h("div.lines.scroll-x", { tabindex: "0", role: "region", "aria-label": "Lines" }, h("table", {}, h("thead", {}, h("tr", {}, h("th.num", { scope: "col", text: "Line" }), h("th", { scope: "col", text: "Outcome" }), h("th", { scope: "col", text: "Campaign" }))), rows)),
      ]),
    );
    const tell = () => {
      const done = counts.taken + counts.refused;
      bar.style.width = (100 * done) / Math.max(1, entries.length) + "%";
      said.textContent = whole(done) + " of " + whole(entries.length) + ": " + whole(counts.taken) + " taken, " + whole(counts.refused) + " refused";
    };
    tell();
    const queue = [...entries];
    const worker = async () => {
      for (let one = queue.shift(); one && !stopFile.signal.aborted; one = queue.shift()) {
        const outcome = await sendLine(one, stopFile.signal);
        if (!outcome) return;
        counts[outcome.taken ? "taken" : "refused"]++;
        rows.prepend(outcome.row);
        // so that a file of a hundred thousand lines stays light; what is wrong is kept longest
        if (rows.children.length > 500) (([...rows.children].reverse().find((row) => row.dataset.taken)) ?? rows.lastChild).remove();
        tell();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    stop.remove();
  }

  async function sendLine(one, signal) {
    const row = (taken, mark, ...what) =>
      h("tr", { "data-taken": taken ? "1" : null }, h("td.num", { text: whole(one.line) }), h("td", {}, h("span.tag", { class: taken ? "good" : "bad", text: mark })), h("td.break", {}, what));
    for (;;) {
      try {
        const { body } = await api.post("/campaigns", one.text, { signal });
        let name = body.campaignId;
        try {
          name = JSON.parse(one.text).name ?? name;
        } catch {
          name = body.campaignId;
        }
        return { taken: true, row: row(true, "Taken", h("a", { href: "#/campaigns/" + encodeURIComponent(body.campaignId), text: name })) };
      } catch (e) {
        if (e.name === "AbortError") return null;
        // not this line's fault: the same line again, taken once whatever happens by its externalId
        if (e.status === 429 || (e.status === 503 && e.body.retryAfter)) {
          await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(30, e.body.retryAfter ?? 2)));
          if (!signal.aborted) continue;
          return null;
        }
        return { taken: false, row: row(false, e.status === 409 ? "There already" : "Refused", e.errors?.length ? e.errors.map((one) => h("div", { text: one.message })) : e.message) };
      }
    }
  }

  return () => {
    gone = true;
    checkSoon.cancel();
    stopFile?.abort();
  };
}

/** What a simulation expects: each figure with the width of its uncertainty. */
function forecast(body) {
  const f = body.forecast;
  if (!f) return null;
  return h(
    "section.panel",
    { "aria-label": "Forecast" },
    h("header", {}, h("h2", { text: "Forecast" }), h("span.small.muted", { text: "simulated with " + count(f.agents, "agent") })),
    h(
      "div.body.stack",
      {},
      f.note ? h("p", { text: f.note }) : null,
      h(
        "dl.facts",
        {},
        expected("Agents busy", f.utilisation, f.utilisationHalfWidth, percent, 1),
        expected("Abandoned", f.abandonment, f.abandonmentHalfWidth, percent, 0.05),
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
  return h("section.panel", { "aria-label": "Payload" }, h("header", {}, h("h2", { text: "What CXone would be sent" })), h("pre.json", { tabindex: "0", "aria-label": "Payload", text: JSON.stringify(body.payload, null, 2) }));
}
