/** All campaigns: what each does, and why those that do not dial do not. */
import { h, fill, debounce } from "../dom.js";
import { Grid } from "../grid.js";
import { problemBox } from "../dialog.js";
import { GROUPS, stageMark } from "../stages.js";
import { DASH, fullTime, lines, percent, rate, whole } from "../format.js";

const AGAIN_MS = 10_000;
const NEAR = 0.85;

/** Where the list was seen last, with its filters. */
export let address = "#/campaigns";

export function mount(root, { api, stream, params, setTrouble, title }) {
  title("Campaigns");
  root.className = "fixed";
  const state = {
    group: GROUPS.find((one) => one.name.toLowerCase() === params.get("show")) ?? GROUPS[0],
    text: params.get("q") ?? "",
    sort: params.get("sort") ?? "-taken",
  };
  address = location.hash || address;
  const total = h("span.muted", { "aria-live": "polite" });
  const chips = h("div.chips", { role: "group", "aria-label": "Stage" });
  const problem = h("div", { role: "alert" });
  const search = h("input", {
    type: "search",
    placeholder: "Name, id, pool or policy",
    "aria-label": "Search campaigns",
    value: state.text,
    oninput: debounce(() => {
      state.text = search.value.trim();
      changed();
    }, 200),
  });
  let counts = null;

  const grid = new Grid({
    label: "Campaigns",
    columns: COLUMNS,
    key: (row) => row.id,
    open: (row) => {
      location.hash = "#/campaigns/" + encodeURIComponent(row.id);
    },
    load: async (offset, limit) => {
      const query = new URLSearchParams({ offset, limit, sort: state.sort });
      if (state.group.stages.length) query.set("status", state.group.stages.join(","));
      if (state.text) query.set("q", state.text);
      const page = await api.get("/overview?" + query);
      setCounts(page.counts);
      setTrouble(page.trouble);
      setTotal(page.total);
      return page;
    },
    sort: (by) => {
      state.sort = state.sort === by ? "-" + by : by;
      changed();
    },
    failed: (e) => fill(problem, e && problemBox(e)),
    empty: () => empty(state, counts, api.may("operator")),
    // kept with this entry of the history, for the way back
    scrolled: () => keepSoon(),
    leaving: keepPosition,
  });
  const keepSoon = debounce(keepPosition, 200);

  function keepPosition() {
    history.replaceState({ ...history.state, list: grid.position }, "");
  }

  function changed() {
    remember(state);
    draw();
    grid.reset();
  }

  function draw() {
    grid.sorted(state.sort.replace(/^-/, ""), state.sort.startsWith("-"));
    for (const button of chips.children) {
      button.setAttribute("aria-pressed", String(button.dataset.group === state.group.name));
    }
  }

  function setTotal(n) {
    total.textContent = n === sum(counts) ? whole(n) : whole(n) + " of " + whole(sum(counts));
  }

  function inGroup(group) {
    return group.stages.length ? group.stages.reduce((all, one) => all + counts[one], 0) : sum(counts);
  }

  function setCounts(now) {
    counts = now;
    if (!state.text) setTotal(inGroup(state.group));
    for (const button of chips.children) {
      const group = GROUPS.find((one) => one.name === button.dataset.group);
      button.lastChild.textContent = whole(inGroup(group));
    }
  }

  for (const group of GROUPS) {
    chips.append(
      h(
        "button",
        {
          type: "button",
          "data-group": group.name,
          onclick: () => {
            state.group = group;
            changed();
          },
        },
        group.name,
        h("span.n", { text: DASH }),
      ),
    );
  }

  const onChanges = ({ detail }) => {
    let elsewhere = false;
    for (const row of detail.rows) {
      const fits = !state.group.stages.length || state.group.stages.includes(row.stage);
      elsewhere = !grid.update(row) || !fits || elsewhere;
    }
    if (detail.counts) {
      setCounts(detail.counts);
      // a row has come, gone or moved: the list is put in order again
      if (elsewhere) grid.refresh();
    }
  };
  const onResync = () => grid.refresh();
  stream.addEventListener("changes", onChanges);
  stream.addEventListener("resync", onResync);
  // reasons that time brings about, such as the end of calling hours, change no row
  const timer = setInterval(() => document.hidden || grid.refresh(), AGAIN_MS);

  append(root);
  draw();
  grid.reset(history.state?.list);

  function append(to) {
    to.append(
      h(
        "div.head",
        {},
        h("h1", { text: "Campaigns" }),
        total,
        h("div.end", {}, h("div.search", {}, search, h("kbd", { "aria-hidden": "true", text: "/" })), api.may("operator") ? h("a.button", { href: "#/plan", text: "New campaign" }) : null),
      ),
      h("div.head", {}, chips),
      problem,
      grid.element,
    );
  }

  return () => {
    clearInterval(timer);
    keepSoon.cancel();
    stream.removeEventListener("changes", onChanges);
    stream.removeEventListener("resync", onResync);
    grid.dispose();
  };
}

const COLUMNS = [
  {
    name: "Stage",
    sort: "stage",
    class: "c-stage",
    cell: (row) => stageMark(row.stage, row.dialing, row.unwanted),
  },
  {
    name: "Name",
    sort: "name",
    class: "c-name",
    cell: (row) => h("a.name", { href: "#/campaigns/" + encodeURIComponent(row.id), tabindex: "-1", dir: "auto", title: row.name, text: row.name }),
  },
  { name: "Pool", sort: "pool", class: "c-pool", cell: (row) => h("span", { title: row.pool, text: row.pool }) },
  { name: "Policy", sort: "policy", class: "c-policy", cell: (row) => h("span", { title: row.policy, text: row.policy }) },
  {
    name: "Calls/s",
    sort: "rate",
    class: "c-rate num",
    title: "Rate in force of the highest allowed, in calls per second",
    cell: (row) => {
      if (lines(row.pacing) !== null) {
        const dials = row.stage === "ACTIVE" && row.dialing;
        return h("span", { title: "Lines for each agent who waits" }, dials ? lines(row.pacing) : DASH, h("span.of", { text: " / " + rate(row.pacing.callsPerSecond) }));
      }
      const now = row.stage === "ACTIVE" ? (row.dialing ? row.pacing.maxCallsPerSecond : 0) : undefined;
      return [
        h("span", {}, rate(now), h("span.of", { text: " / " + rate(row.pacing.limit) })),
        meter(now, row.pacing.limit),
      ];
    },
  },
  {
    name: "Answered",
    class: "c-connect num",
    title: "Share of dialed calls that a person answers",
    cell: (row) => percent(row.pacing.connectionRate),
  },
  {
    name: "Abandoned",
    sort: "abandonment",
    class: "c-abandon num",
    title: "Share of answered calls that met no agent, and its cap",
    cell: (row) => abandonment(row.pacing),
  },
  {
    name: "Busy",
    class: "c-agents num",
    title: "Agents on a call, of those at work",
    cell: (row) =>
      row.pacing.agents
        ? h("span", {}, whole(row.pacing.agents.busy), h("span.of", { text: " / " + whole(row.pacing.agents.staffed) }))
        : DASH,
  },
  {
    name: "Why, or what to know",
    class: "c-why",
    cell: (row) => {
      const text = row.reason?.sentence ?? "";
      return h("span.why", { class: row.unwanted ? "bad" : row.dialing ? "" : "against", title: text + (row.reason?.since ? " (since " + fullTime(row.reason.since) + ")" : ""), text: upper(text) });
    },
  },
];

/** How much of a limit is used, as a thin bar; the number beside it says the same. */
export function meter(now, limit) {
  if (typeof now !== "number" || !limit) return null;
  const bar = h("i");
  bar.style.width = Math.min(100, (100 * now) / limit) + "%";
  return h("span.meter", { "aria-hidden": "true" }, bar);
}

/** A share with its cap, marked when it is near or above it. */
export function abandonment(pacing) {
  if (typeof pacing.abandonmentRate !== "number") {
    return pacing.abandonmentCap ? h("span.of", { text: "cap " + percent(pacing.abandonmentCap) }) : DASH;
  }
  const cap = pacing.abandonmentCap;
  const near = cap && pacing.clamp === "PROTECT" && pacing.abandonmentRate >= NEAR * cap;
  const look = pacing.overCap ? "over" : near ? "near" : "";
  return h(
    "span",
    {},
    h("span", { class: look, text: percent(pacing.abandonmentRate) }),
    cap ? h("span.of", { text: " / " + percent(cap) }) : null,
  );
}

function empty(state, counts, mayCreate) {
  if (counts && sum(counts) === 0) {
    return h(
      "div.notice",
      {},
      h("strong", { text: "No campaigns yet" }),
      mayCreate ? "Create one here, or put a request into the inbox folder." : "They are shown here once somebody has launched one.",
      mayCreate ? h("div", {}, h("a.button", { href: "#/plan", text: "Write a campaign" })) : null,
    );
  }
  const what = [
    state.text && "\u201c" + state.text + "\u201d",
    state.group.stages.length && "stage " + state.group.name.toLowerCase(),
  ].filter(Boolean);
  return h("div.notice", {}, h("strong", { text: "Nothing matches" }), "No campaign has " + (what.join(" and ") || "this") + ".");
}

function remember(state) {
  const query = new URLSearchParams();
  if (state.group !== GROUPS[0]) query.set("show", state.group.name.toLowerCase());
  if (state.text) query.set("q", state.text);
  if (state.sort !== "-taken") query.set("sort", state.sort);
  address = "#/campaigns" + (String(query) ? "?" + query : "");
  history.replaceState(null, "", address);
}

function sum(counts) {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

function upper(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
