import { address } from "./api.js";

/** The longest wait between two tries to connect, while nothing answers. */
const MAX_WAIT_MS = 4_000;

/**
 * The stream of changes. EventSource cannot send the key, so this reads the same format by fetch.
 *
 * Dispatches "changes" (detail: what the service sent), "resync" (something was missed: load anew)
 * and "state" (detail: "live", "connecting" or "away").
 */
export class Stream extends EventTarget {
  #api;
  #stop = null;
  #failures = 0;
  #timer = null;
  #missed = false;
  #wanted = false;

  constructor(api) {
    super();
    this.#api = api;
    document.addEventListener("visibilitychange", () => this.#visibility());
    // a page that the browser keeps for the way back would keep its connection too
    addEventListener("pagehide", () => {
      this.#missed = true;
      this.#pause();
    });
    addEventListener("pageshow", (event) => event.persisted && this.#connect());
  }

  /** Connects, and again whenever the connection ends. */
  start() {
    this.#wanted = true;
    this.#connect();
  }

  /** Ends the connection for good, as after signing out. */
  stop() {
    this.#wanted = false;
    this.#pause();
  }

  #connect() {
    if (!this.#wanted || this.#stop || document.hidden) return;
    clearTimeout(this.#timer);
    this.#stop = new AbortController();
    this.#read(this.#stop.signal);
  }

  #pause() {
    clearTimeout(this.#timer);
    this.#stop?.abort();
    this.#stop = null;
  }

  /**
   * A page that nobody sees costs the service nothing; and a browser has six connections for all
   * its pages of one service.
   */
  #visibility() {
    if (document.hidden) {
      this.#timer = setTimeout(() => {
        this.#missed = true;
        this.#pause();
      }, 5_000);
    } else {
      clearTimeout(this.#timer);
      this.#connect();
    }
  }

  async #read(signal) {
    this.#state("connecting");
    let wanted = 0;
    try {
      const answer = await fetch(address("/events"), {
        signal,
        cache: "no-store",
        credentials: this.#api.credentials,
        headers: this.#api.headers({ Accept: "text/event-stream" }),
      });
      if (answer.status === 401) {
        this.#api.signOut();
        return;
      }
      if (!answer.ok) {
        // it answers, so it will be there soon: it says itself when
        wanted = 1_000 * Number(answer.headers.get("Retry-After"));
        throw new Error("events: " + answer.status);
      }
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.forEach((block) => this.#event(block));
      }
    } catch (e) {
      if (signal.aborted) return;
    }
    if (signal.aborted) return;
    this.#missed = true;
    this.#stop = null;
    this.#state("away");
    const wait = wanted || Math.min(MAX_WAIT_MS, 500 * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.#connect(), wait * (0.75 + Math.random() / 2));
  }

  #event(block) {
    let name = "message";
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("event: ")) name = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (!data) return;
    if (name === "hello") {
      this.#failures = 0;
      this.#state("live");
      if (this.#missed) this.dispatchEvent(new CustomEvent("resync"));
      this.#missed = false;
    } else {
      this.dispatchEvent(new CustomEvent(name, { detail: JSON.parse(data) }));
    }
  }

  #state(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
