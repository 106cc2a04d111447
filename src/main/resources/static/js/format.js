/** Numbers and times for people. What is not known is a dash, never a zero. */

export const DASH = "\u2013";

const WHOLE = new Intl.NumberFormat("en-US");
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });

/** "by reports (key)"; nothing for what nobody wished for. */
export function byWhom(by) {
  return by ? "by " + by.name + (by.kind ? " (" + by.kind + ")" : "") : "";
}

/** 12,345 */
export function whole(n) {
  return known(n) ? WHOLE.format(Math.round(n)) : DASH;
}

/** Calls a second: 0.85, 5 */
export function rate(n) {
  return known(n) ? String(Math.round(n * 100) / 100) : DASH;
}

/** Lines for each agent who waits: 2:1, or 2:1 from 30 % waiting; null where a rate is set instead. */
export function lines(paced) {
  if (paced?.ratio === undefined) return null;
  if (!paced.ratio) return "0";
  return paced.ratio + ":1" + (paced.overdialPercentage ? " from " + paced.overdialPercentage + "\u00a0% waiting" : "");
}

/** A share as a percentage with one decimal: 3.1 % */
export function percent(share) {
  return known(share) ? (share * 100).toFixed(1) + "\u00a0%" : DASH;
}

/** Milliseconds as the two largest units that say something: 2 d 3 h, 1 min 5 s, 820 ms */
export function duration(ms) {
  if (!known(ms)) return DASH;
  if (ms < 1000) return Math.round(ms) + " ms";
  const s = Math.floor(ms / 1000);
  if (s < 10) return (Math.round(ms / 100) / 10).toFixed(1) + " s";
  if (s < 60) return s + " s";
  const m = Math.floor(s / 60);
  if (m < 60) return m + " min" + (s % 60 ? " " + (s % 60) + " s" : "");
  const hours = Math.floor(m / 60);
  if (hours < 48) return hours + " h" + (m % 60 ? " " + (m % 60) + " min" : "");
  return Math.floor(hours / 24) + " d" + (hours % 24 ? " " + (hours % 24) + " h" : "");
}

/** How long ago: "just now", "3 min ago" */
export function ago(iso) {
  if (!iso) return DASH;
  const ms = Date.now() - Date.parse(iso);
  return ms < 2000 ? "just now" : roughly(ms) + " ago";
}

/** One unit only. */
export function roughly(ms) {
  const s = Math.round(ms / 1000);
  if (s < 90) return s + " s";
  if (s < 5400) return Math.round(s / 60) + " min";
  if (s < 172800) return Math.round(s / 3600) + " h";
  return Math.round(s / 86400) + " d";
}

/** The clock today, the day otherwise. */
export function time(iso) {
  if (!iso) return DASH;
  const date = new Date(iso);
  return date.toDateString() === new Date().toDateString() ? CLOCK.format(date) : DAY.format(date);
}

/** With the day, the seconds and the zone, for a title. */
export function fullTime(iso) {
  return iso ? FULL.format(new Date(iso)) : "";
}

/** The zone of this browser's clock: "GMT+1" */
export function zone() {
  return new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" }).formatToParts(new Date()).find((part) => part.type === "timeZoneName").value;
}

/** By the clock of a zone, the zone named: 17:00 America/New_York */
export function zoned(iso, zone) {
  const date = new Date(iso);
  const far = date.getTime() - Date.now() > 20 * 3_600_000;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    ...(far ? { weekday: "short" } : {}),
  });
  return clock.format(date) + " " + zone;
}

/** 12.3 MB */
export function bytes(n) {
  if (!known(n)) return DASH;
  return n < 1 << 20 ? Math.round(n / 1024) + " KB" : (n / (1 << 20)).toFixed(n < 10 << 20 ? 1 : 0) + " MB";
}

/** "1 line", "2 lines" */
export function count(n, one, many = one + "s") {
  return whole(n) + " " + (n === 1 ? one : many);
}

function known(n) {
  return typeof n === "number" && Number.isFinite(n);
}
