/** Plots over time, one below the other with a common cursor. */
import uPlot from "../vendor/uplot-1.6.32/uPlot.esm.js";
import { h, setText } from "./dom.js";
import { time } from "./format.js";

const HEIGHT = 150;

/**
 * Draws plots that share their time axis.
 *
 * @param {Element} root what they are put into
 * @param {number[]} times seconds since the epoch, ascending
 * @param {{title: string, unit: string, format: function(number): string, series: {name: string,
 *     values: (number|null)[], color: string, dash?: boolean, stepped?: boolean, fill?: boolean}[]
 *     }[]} plots colours are names of custom properties
 * @returns {{update: function(number[], object[]), remove: function()}} draws newer values of the
 *     same series, with a zoom as it is; takes the plots away again
 */
export function plots(root, times, list) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const sync = uPlot.sync("pacing");
  let drawn = [];

  function draw() {
    drawn.forEach(({ u }) => u.destroy());
    drawn = [];
    root.replaceChildren();
    for (const plot of list) {
      const readings = plot.series.map(() => h("span.reading"));
      const space = h("div", { role: "img" });
      root.append(
        h(
          "div.plot",
          {},
          h(
            "div.title",
            {},
            h("strong", { text: plot.title }),
            plot.series.map((one, i) => {
              const line = h("i", { class: one.dash ? "dash" : "" });
              line.style.borderColor = color(one.color);
              return h("span.key", {}, line, one.name + " ", readings[i]);
            }),
          ),
          space,
        ),
      );
      const one = { readings, space, plot };
      one.u = new uPlot(options(plot, () => one.u && read(one), space.clientWidth || 600, sync.key), data(plot), space);
      drawn.push(one);
      read(one);
    }
  }

  function data(plot) {
    return [times, ...plot.series.map((one) => one.values)];
  }

  /** The values under the cursor, else the latest. */
  function read({ u, readings, space, plot }) {
    const at = u.cursor.idx;
    plot.series.forEach((series, i) => setText(readings[i], at === null || at === undefined ? last(series.values, plot.format) : shown(series.values[at], plot.format)));
    const { min, max } = u.scales.x;
    space.setAttribute("aria-label", label(plot) + ". From " + clock(min) + " to " + clock(max));
  }

  function update(newTimes, newList) {
    const [first, end] = [times[0], times.at(-1)];
    times = newTimes;
    list = newList;
    drawn.forEach((one, i) => {
      one.plot = list[i];
      const { min, max } = one.u.scales.x;
      const zoomed = min > first || max < end;
      one.u.setData(data(one.plot), !zoomed);
      if (zoomed) one.u.setScale("x", { min, max });
      read(one);
    });
  }

  const sized = new ResizeObserver(() => {
    for (const { u, space } of drawn) {
      if (space.clientWidth && space.clientWidth !== u.width) u.setSize({ width: space.clientWidth, height: HEIGHT });
    }
  });
  draw();
  sized.observe(root);
  dark.addEventListener("change", draw);
  const remove = () => {
    sized.disconnect();
    dark.removeEventListener("change", draw);
    drawn.forEach(({ u }) => u.destroy());
  };
  return { update, remove };
}

function options(plot, moved, width, key) {
  const font = '11px Inter, system-ui, sans-serif';
  const axis = {
    stroke: color("--ink-2"),
    font,
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    cursor: { sync: { key, setSeries: false }, points: { size: 6 }, y: false, drag: { x: true, y: false } },
    legend: { show: false },
    scales: { y: { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] } },
    axes: [
      { ...axis, size: 28, values: [[3600, "{HH}:{mm}", null, null, null, null, null, null, 1], [60, "{HH}:{mm}", null, null, null, null, null, null, 1], [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1]], space: 70 },
      { ...axis, size: 52, values: (u, ticks) => ticks.map((one) => plot.format(one)), space: 32 },
    ],
    series: [
      {},
      ...plot.series.map((one) => ({
        label: one.name,
        stroke: color(one.color),
        width: one.dash ? 1.25 : 1.75,
        dash: one.dash ? [5, 4] : undefined,
        fill: one.fill ? soft(one.color) : undefined,
        paths: one.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
        points: { show: one.values.length < 4 && !one.dash, size: 6 },
        spanGaps: false,
      })),
    ],
    hooks: {
      setCursor: [moved],
      setScale: [moved],
    },
  };
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function soft(name) {
  return color(name) + "22";
}

function shown(value, format) {
  return value === null || value === undefined ? "\u2013" : format(value);
}

function last(values, format) {
  return shown([...values].reverse().find((one) => one !== null && one !== undefined), format);
}

function clock(seconds) {
  return time(new Date(1000 * seconds).toISOString());
}

function label(plot) {
  return plot.title + ": " + plot.series.map((one) => one.name + " " + last(one.values, plot.format)).join(", ");
}
