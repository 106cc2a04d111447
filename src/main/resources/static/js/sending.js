/** Files of campaigns that are sent, each line a request. They outlive the view they were chosen in. */
import { h, fill, append } from "./dom.js";
import { confirm } from "./dialog.js";
import { stageLook, stageMark } from "./stages.js";
import { count, whole } from "./format.js";

const AT_ONCE = 4;
const MAX_ROWS = 500;
const MAX_RANGES = 12;
/** Longest wait before a line is sent again, in seconds. */
const MAX_WAIT_S = 30;
/** How long a stop waits for answers that are still out. */
const LAST_ANSWERS_MS = 10_000;
const PAGE = 1_000;
const MAX_PAGES = 10;

/**
 * All files of this page: one is sent after the other, since a browser has few connections.
 *
 * Dispatches "change" whenever something has moved.
 */
export class Sending extends EventTarget {
  #api;
  #runs = [];
  #last = Promise.resolve();

  constructor(api, stream) {
    super();
    this.#api = api;
    /** The panels, newest first, for the view that wants to show them. */
    this.element = h("div.stack.runs");
    stream.addEventListener("changes", ({ detail }) => this.#runs.forEach((run) => detail.rows.forEach((row) => run.moved(row))));
    stream.addEventListener("resync", () => this.#lookAgain());
    api.addEventListener("signed-out", () => this.#runs.forEach((run) => run.stop("Signed out")));
    addEventListener("beforeunload", (event) => this.running && event.preventDefault());
  }

  get running() {
    return this.#runs.some((run) => !run.ended);
  }

  /** The one that is being sent, or else the one that was sent last. */
  get newest() {
    return this.#runs.find((run) => run.started && !run.ended) ?? this.#runs[0];
  }

  /**
   * Sends these when what was chosen before has been sent.
   *
   * @param {string} name of the file
   * @param {{line: number, text: string}[]} entries
   */
  add(name, entries) {
    const run = new Run(this.#api, name, entries, {
      before: this.#runs.find((one) => !one.ended)?.name,
      changed: () => this.dispatchEvent(new Event("change")),
      close: () => this.#remove(run),
      again: (rest) => this.add(name, rest),
    });
    this.#runs.unshift(run);
    this.element.prepend(run.element);
    this.#last = this.#last.then(() => run.send());
  }

  /** Sends nothing more, and is done when the last answers are there. */
  stop() {
    this.#runs.forEach((run) => run.stop());
    return this.#last;
  }

  /** Shows nothing of it any more. */
  forget() {
    [...this.#runs].forEach((run) => this.#remove(run));
  }

  #remove(run) {
    this.#runs = this.#runs.filter((one) => one !== run);
    run.element.remove();
    this.dispatchEvent(new Event("change"));
  }

  /** The stream was away for a while: which of those that were taken have not come far? */
  async #lookAgain() {
    const first = this.#runs.map((run) => run.firstId).filter(Boolean).sort()[0];
    if (!first) return;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { items } = await this.#api.get("/overview?sort=-taken&limit=" + PAGE + "&offset=" + page * PAGE).catch(() => ({ items: [] }));
      items.forEach((row) => this.#runs.forEach((run) => run.moved(row)));
      if (items.length < PAGE || items.at(-1).id < first) return;
    }
  }
}

class Run {
  #api;
  #tell;
  #entries;
  #queue;
  /** Lines that are neither answered nor given up, by their number. */
  #open;
  #counts = { taken: 0, before: 0, refused: 0, unknown: 0 };
  /** What was taken, by the campaign's id: its row, and its stage as far as it is known. */
  #taken = new Map();
  #early = new Map();
  #fallen = 0;
  #stopping = new AbortController();
  #hangUp = new AbortController();
  #why = "";
  #hindrance = "";

  constructor(api, name, entries, { before, changed, close, again }) {
    this.#api = api;
    this.#entries = entries;
    this.#queue = [...entries];
    this.#open = new Set(entries);
    this.#tell = changed;
    this.name = name;
    this.before = before;
    this.started = false;
    this.ended = false;
    this.bar = h("i");
    this.said = h("span.break", { tabindex: "-1" });
    this.end = h("div.end", {}, h("button.tiny", { type: "button", text: "Stop", "aria-label": "Stop sending " + name, onclick: () => this.stop() }));
    this.news = h("span.sr", { role: "status" });
    this.rest = h("div");
    this.rows = h("tbody");
    this.done = [
      (rest) => rest.length > 0 && h("button.tiny", { type: "button", text: "Send the rest", onclick: (event) => this.#sendRest(rest, event.target, again) }),
      () => h("button.tiny", { type: "button", text: "Close", onclick: close }),
    ];
    this.element = append(h("section.panel.run", { "aria-label": "Sending " + name }), [
      h("header", {}, h("h2.break", { text: name }), this.end),
      h("div.body.stack", {}, h("div.progress", { "aria-hidden": "true" }, this.bar), this.said, this.news, this.rest),
      h("div.lines.scroll-x", { tabindex: "0", role: "region", "aria-label": "Lines of " + name }, h("table", {}, h("thead", {}, h("tr", {}, h("th.num", { scope: "col", text: "Line" }), h("th", { scope: "col", text: "Outcome" }), h("th", { scope: "col", text: "Campaign" }))), this.rows)),
    ]);
    this.#draw();
  }

  /** Ids are in the order of time. */
  get firstId() {
    return [...this.#taken.keys()].sort()[0];
  }

  get #stopped() {
    return this.#stopping.signal.aborted;
  }

  /** How it stands, in one sentence. */
  get sentence() {
    const { taken, before, refused, unknown } = this.#counts;
    const all = this.#entries.length;
    const sent = all - this.#open.size;
    const parts = [
      whole(taken) + " taken",
      before && whole(before) + " taken before, not launched again",
      whole(refused) + " refused",
      unknown && whole(unknown) + " not known",
      this.#fallen && "of those taken " + whole(this.#fallen) + " failed",
    ].filter(Boolean);
    const figures = whole(sent) + " of " + whole(all) + " sent: " + parts.join(", ");
    if (this.ended) {
      return (this.#open.size ? (this.#why || "Stopped") + ". " : "") + figures + (this.#open.size ? "; " + whole(this.#open.size) + " not sent" : "");
    }
    if (this.#stopped) return "Stopping; waiting for the last answers. " + figures;
    if (!this.started) return "Waits until \u201c" + this.before + "\u201d is sent";
    return figures + (this.#hindrance ? ". " + this.#hindrance : "");
  }

  async send() {
    if (this.ended) return;
    this.started = true;
    this.#draw();
    const worker = async () => {
      for (let one = this.#queue.shift(); one && !this.#stopped; one = this.#queue.shift()) {
        await this.#line(one);
        this.#draw();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (!this.ended) this.#finish();
  }

  #finish() {
    this.ended = true;
    this.#early.clear();
    const rest = [...this.#open];
    const focused = this.element.contains(document.activeElement);
    fill(this.end, this.done.map((button) => button(rest)));
    if (focused) this.end.querySelector("button").focus();
    if (rest.length) fill(this.rest, h("p.small", {}, "Not sent: ", ranges(rest.map((one) => one.line))));
    this.news.textContent = this.sentence;
    this.#draw();
  }

  /** Sends no further line. What is under way is waited for, so that it is known what was taken. */
  stop(why = "") {
    if (this.ended || this.#stopped) return;
    this.#why = why;
    this.#stopping.abort();
    if (!this.started) {
      this.#finish();
      return;
    }
    setTimeout(() => this.#hangUp.abort(), LAST_ANSWERS_MS);
    const focused = this.end.contains(document.activeElement);
    fill(this.end);
    if (focused) this.said.focus();
    this.#draw();
  }

  async #sendRest(rest, button, again) {
    const go = await confirm({
      title: "Send " + count(rest.length, "more campaign") + "?",
      text: ["The lines of \u201c" + this.name + "\u201d that were not sent: " + ranges(rest.map((one) => one.line)) + ". Each is launched at once."],
      action: "Send " + whole(rest.length),
      run: async () => true,
    });
    if (!go) return;
    button.remove();
    again(rest);
  }

  /** A campaign has moved; perhaps it is one of these. */
  moved(row) {
    if (this.ended && !this.#taken.has(row.id)) return;
    const mine = this.#taken.get(row.id);
    if (!mine) {
      // the stream can be faster than the answer
      this.#early.set(row.id, row);
      return;
    }
    const bad = stageLook(row.stage) === "bad";
    this.#fallen += Number(bad) - Number(mine.bad);
    mine.bad = bad;
    fill(mine.outcome, stageMark(row.stage, row.dialing));
    fill(mine.reason, bad && row.reason ? h("div.small", { text: row.reason.sentence }) : null);
    mine.row.dataset.good = bad ? "" : "1";
    this.#draw();
  }

  async #line(one) {
    const key = ownKey();
    for (let lost = 0; ; ) {
      try {
        const { body } = await this.#api.post("/campaigns", one.text, { signal: this.#hangUp.signal, headers: { "Idempotency-Key": key } });
        this.#hindrance = "";
        this.#settle(one, body.repeat && !lost ? "before" : "taken", body.repeat && !lost ? "Taken before" : "Taken", body.campaignId);
        return;
      } catch (e) {
        const again = e.status === 429 || e.status === 503;
        // a server in between has no answer, or there is none at all: it may have been taken
        const silent = e.name === "AbortError" || [0, 502, 504].includes(e.status) || (e.status === 503 && !nothingDone(e.body));
        if (silent) lost++;
        if (e.status === 401) return;
        if (!again && !silent) {
          this.#hindrance = "";
          if (!(e.status < 500)) this.#settle(one, "unknown", "Not known", null, e.message);
          else this.#settle(one, "refused", e.status === 409 ? "There already" : "Refused", null, e.errors?.length ? e.errors.map((error) => h("div", { text: error.message })) : e.message);
          return;
        }
        if (!this.#stopped) {
          this.#hindrance = (silent ? "The service does not answer" : e.message.replace(/\.$/, "")) + "; the same lines are sent again.";
          this.#draw();
          await pause(Math.min(MAX_WAIT_S, e.body?.retryAfter ?? 2 ** Math.min(lost, 5)), this.#stopping.signal);
        }
        if (!this.#stopped) continue;
        if (lost) this.#settle(one, "unknown", "Not known", null, "No answer came. Check in the list of campaigns whether it was taken.");
        return;
      }
    }
  }

  #settle(one, as, mark, id, what = null) {
    this.#open.delete(one);
    this.#counts[as]++;
    const good = as === "taken" || as === "before";
    const outcome = h("td", {}, h("span.tag", { class: good ? "" : "bad", text: mark }));
    const reason = h("div");
    const row = h("tr", { "data-good": good ? "1" : "" }, h("td.num", { text: whole(one.line) }), outcome, h("td.break", {}, id ? h("a", { href: "#/campaigns/" + encodeURIComponent(id), text: nameOf(one.text) ?? id }) : null, what, reason));
    this.rows.prepend(row);
    // so that a file of a hundred thousand lines stays light; what is wrong is kept longest
    if (this.rows.children.length > MAX_ROWS) ([...this.rows.children].reverse().find((one) => one.dataset.good) ?? this.rows.lastChild).remove();
    if (as !== "taken") return;
    this.#taken.set(id, { row, outcome, reason, bad: false });
    if (this.#early.has(id)) this.moved(this.#early.get(id));
  }

  #draw() {
    this.bar.style.width = (100 * (this.#entries.length - this.#open.size)) / Math.max(1, this.#entries.length) + "%";
    this.said.textContent = this.sentence;
    this.#tell();
  }
}

/** Whether the service itself says no, and not that it does not know what came of it. */
function nothingDone(problem) {
  return Boolean(problem?.detail) && !problem.detail.includes("may have been made");
}

/** Stands for an externalId where a request has none, so that sent twice it is taken once. */
export function ownKey() {
  // randomUUID is for pages over HTTPS only
  return "console-" + [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Seconds, or less when it is told to stop. */
function pause(seconds, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    const timer = setTimeout(resolve, 1000 * seconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

function nameOf(text) {
  try {
    return JSON.parse(text).name;
  } catch {
    return null;
  }
}

/** "lines 3, 7 to 9 and 12" */
function ranges(lines) {
  const found = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] === line - 1) last[1] = line;
    else found.push([line, line]);
  }
  const told = found.slice(0, MAX_RANGES).map(([from, to]) => (from === to ? whole(from) : whole(from) + " to " + whole(to)));
  return (lines.length === 1 ? "line " : "lines ") + told.join(", ") + (found.length > MAX_RANGES ? " and " + count(found.length - MAX_RANGES, "other range") : "");
}
