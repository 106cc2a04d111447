/** The service's HTTP API, and who asks it: by a key of this tab, or by having signed in. */

const KEY = "campaign-routes.key";

/** What stands before every path: a proxy may serve all of this below a path of its own. */
const PREFIX = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Where a path of the API is from here. */
export const address = (path) => PREFIX + path;

/** What the service answers when it says no: a problem document (RFC 9457), or no answer at all. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || "The service answered " + status + ".");
    this.status = status;
    this.title = body.title || "Error";
    this.errors = body.errors || [];
    this.body = body;
  }
}

const ROLES = ["viewer", "operator", "admin"];

/** The API as one signed-in page uses it. Dispatches "signed-out" when nobody is known any more. */
export class Api extends EventTarget {
  /** Who uses it, `{name, kind, role}`, the first two only where somebody is asked for; null while that is not known. */
  me = null;

  /** Asks who uses it. */
  async learn() {
    this.me = await this.get("/whoami");
  }

  /** Whether whoever uses it may do what another role is needed for; in doubt not. */
  may(role) {
    return ROLES.indexOf(this.me?.role) >= ROLES.indexOf(role);
  }

  /** With a key of this tab no cookie is sent along. */
  get credentials() {
    return this.key ? "omit" : "same-origin";
  }

  /** The key is kept for this tab only, and never in an address. */
  get key() {
    return sessionStorage.getItem(KEY);
  }

  set key(value) {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  }

  headers(more = {}) {
    return this.key ? { ...more, Authorization: "Bearer " + this.key } : more;
  }

  /** A JSON document. */
  async get(path, options = {}) {
    return (await this.send("GET", path, undefined, options)).json();
  }

  /** The text of an answer that is no single JSON document. */
  async text(path) {
    return (await this.send("GET", path)).text();
  }

  /**
   * Sends JSON.
   *
   * @param {string} path
   * @param {object|string} [body] a document, or JSON as it was written
   * @returns {Promise<{status: number, body: object}>}
   */
  async post(path, body, options = {}) {
    const answer = await this.send("POST", path, body, options);
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : {} };
  }

  async send(method, path, body, { signal, headers } = {}) {
    let answer;
    try {
      answer = await fetch(address(path), {
        method,
        signal,
        cache: "no-store",
        credentials: this.credentials,
        headers: this.headers({
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        }),
        body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
      });
    } catch (e) {
      if (e.name === "AbortError") throw e;
      throw new Problem(0, {
        title: "No answer",
        detail: "The service cannot be reached. It is tried again; what you see may be out of date.",
      });
    }
    if (answer.ok) return answer;
    const problem = new Problem(answer.status, await readProblem(answer));
    if (answer.status === 401) this.signOut();
    throw problem;
  }

  /** Forgets who it is, as one that the service does not take any more. */
  signOut() {
    this.key = null;
    this.me = null;
    this.dispatchEvent(new CustomEvent("signed-out"));
  }

  /**
   * Ends what the person has begun who signed in.
   *
   * @returns {Promise<?string>} where the issuer ends it too
   */
  async leave() {
    if (this.me?.kind !== "person") return null;
    return (await this.post("/console/sign-out")).body.continue ?? null;
  }
}

async function readProblem(answer) {
  try {
    return await answer.json();
  } catch {
    return { title: "Error " + answer.status };
  }
}
