/** Stages and statuses in words, and which look they have. Looks differ in shape, not in colour only. */
import { h } from "./dom.js";

const STAGES = {
  RECEIVED: ["Received", "wait"],
  SCHEDULED: ["Scheduled", "rest"],
  CHECKED: ["Checked", "wait"],
  CREATED: ["Created", "wait"],
  REGISTERED: ["Registered", "wait"],
  ACTIVATING: ["Activating", "wait"],
  ACTIVE: ["Active", "good"],
  PAUSED: ["Paused", "wait"],
  STOPPED: ["Stopped", "rest"],
  COMPLETED: ["Completed", "rest"],
  REJECTED: ["Rejected", "bad"],
  FAILED: ["Failed", "bad"],
  UNSETTLED: ["Unsettled", "bad"],
  UNKNOWN: ["Newer version", "bad"],
};

/** The stages as operators think of them. */
export const GROUPS = [
  { name: "All", stages: [] },
  { name: "Active", stages: ["ACTIVE"] },
  { name: "Paused", stages: ["PAUSED"] },
  { name: "Launching", stages: ["RECEIVED", "CHECKED", "CREATED", "REGISTERED", "ACTIVATING"] },
  { name: "Scheduled", stages: ["SCHEDULED"] },
  { name: "Trouble", stages: ["FAILED", "REJECTED", "UNSETTLED", "UNKNOWN"] },
  { name: "Ended", stages: ["COMPLETED", "STOPPED"] },
];

/** "Active" */
export function stageName(stage) {
  return STAGES[stage]?.[0] ?? String(stage);
}

/**
 * good, wait, bad or rest; an active campaign that does not dial waits, and one that dials although
 * it has to stop is bad.
 */
export function stageLook(stage, dialing = true, unwanted = false) {
  const look = STAGES[stage]?.[1] ?? "rest";
  return unwanted ? "bad" : look !== "good" || dialing ? look : "wait";
}

/** The stage as a mark with its name. */
export function stageMark(stage, dialing = true, unwanted = false) {
  const look = stageLook(stage, dialing, unwanted);
  const more = stage !== "ACTIVE" ? (unwanted ? ", still dialing" : "") : look === "bad" ? ", must stop" : look === "wait" ? ", not dialing" : "";
  return h("span.state", { class: look, text: stageName(stage) + more });
}

const DELIVERIES = {
  PENDING: ["Pending", "wait"],
  SENDING: ["Sending", "wait"],
  DELIVERED: ["Delivered", "good"],
  DEAD: ["Dead", "bad"],
  PARKED: ["Parked", "bad"],
};

export const DELIVERY_STATUSES = ["PENDING", "DELIVERED", "DEAD", "PARKED"];

/** A delivery's status as a mark with its name. */
export function deliveryMark(status) {
  const [name, look] = DELIVERIES[status] ?? [String(status), "rest"];
  return h("span.state", { class: look, text: name });
}

const PENDING = { PAUSE: "pausing", STOP: "stopping", RESUME: "resuming", HALT: "being kept from dialing" };

/** "stopping": a command that CXone has not carried out yet. */
export function pendingName(command) {
  return PENDING[command] ?? command.toLowerCase() + " under way";
}

/** Which commands a stage takes, as contract and service have it. */
export function commandsOf(stage, pending) {
  if (pending) return new Set(pending === "STOP" ? [] : ["stop"]);
  switch (stage) {
    case "ACTIVE":
    case "UNKNOWN":
      return new Set(["pause", "stop"]);
    case "PAUSED":
      return new Set(["resume", "stop"]);
    case "FAILED":
    case "REJECTED":
      return new Set(["retry"]);
    case "UNSETTLED":
      return new Set(["retry", "stop"]);
    case "STOPPED":
    case "COMPLETED":
      return new Set();
    default:
      return new Set(["stop"]);
  }
}
