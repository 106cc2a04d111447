/** Where in a JSON text a field stands, and where a text stops being JSON. */

/** A character that looks like another one, or like nothing, by its name; null for any other. */
function odd(char) {
  const code = "(U+" + char?.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + ")";
  if (!char || char === "\n") return null;
  if (/[\u2018-\u201f\u00ab\u00bb]/.test(char)) return "a curly quote " + char + " " + code + "; write the straight one, \"";
  if (/[\p{Z}]/u.test(char) && char !== " ") return "a space of an unusual kind " + code + "; use an ordinary one";
  if (/[\p{Cf}\p{Cc}]/u.test(char)) return "a character that cannot be seen " + code + "; remove it";
  return null;
}

/**
 * Reads a text.
 *
 * @param {string} text
 * @returns {{lines: Map<string, number>, error: {line: number, message: string}|null}} the line,
 *     from 1, of each field by its dotted path ("schedule.endHour", "schedule.daysOfWeek.0"); the
 *     path "" is the whole; and the first place that is not JSON
 */
export function readLines(text) {
  const lines = new Map();
  let at = 0;
  let line = 1;

  class Stop extends Error {}
  const stop = (message) => {
    const char = odd(text[at]);
    throw new Stop(char ? "Here is " + char + "." : message);
  };
  const space = () => {
    while (at < text.length && " \t\r\n".includes(text[at])) {
      if (text[at] === "\n") line++;
      at++;
    }
  };
  const expect = (char) => {
    space();
    if (text[at] !== char) stop(at >= text.length ? "The text ends where " + char + " is expected." : "Here " + char + " is expected.");
    at++;
  };
  /** Goes over a comma where one is; none may stand before the end of what it divides. */
  const comma = (end) => {
    space();
    if (text[at] !== ",") return false;
    at++;
    const its = line;
    space();
    if (text[at] === end) {
      line = its;
      stop("Nothing follows this comma: leave it out.");
    }
    return true;
  };
  const string = () => {
    space();
    if (text[at] !== '"') stop("Here a name in double quotes is expected.");
    const start = at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === "\n") stop("A string must end on the line where it begins.");
      if (text[at] === "\\") at++;
      at++;
    }
    if (at >= text.length) stop("This string is not closed.");
    at++;
    try {
      return JSON.parse(text.slice(start, at));
    } catch {
      return stop("This string has an escape that JSON does not know.");
    }
  };
  const value = (path) => {
    space();
    if (!lines.has(path)) lines.set(path, line);
    const char = text[at];
    if (char === "{") {
      at++;
      space();
      if (text[at] === "}") return void at++;
      const seen = new Set();
      for (;;) {
        space();
        const nameLine = line;
        const name = string();
        const inner = path ? path + "." + name : name;
        if (seen.has(name)) stop("\u201c" + name + "\u201d appears twice.");
        seen.add(name);
        lines.set(inner, nameLine);
        expect(":");
        value(inner);
        if (!comma("}")) break;
      }
      expect("}");
    } else if (char === "[") {
      at++;
      space();
      if (text[at] === "]") return void at++;
      for (let i = 0; ; i++) {
        value(path ? path + "." + i : String(i));
        if (!comma("]")) break;
      }
      expect("]");
    } else if (char === '"') {
      string();
    } else {
      const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/.exec(text.slice(at, at + 400));
      if (!word) stop(at >= text.length ? "The text ends where a value is expected." : "This is not a JSON value; texts are put in double quotes.");
      at += word[0].length;
    }
  };

  try {
    value("");
    space();
    if (at < text.length) stop("The request ends before this. To send many campaigns, put each on its own line in an .ndjson file.");
    return { lines, error: null };
  } catch (e) {
    if (!(e instanceof Stop)) throw e;
    return { lines, error: { line, message: e.message } };
  }
}

/** The line of a field; of what holds it where the field itself is not there. */
export function lineOf(lines, field) {
  let path = (field ?? "").replace(/\[(\d+)\]/g, ".$1").replace(/^\/+/, "").replaceAll("/", ".");
  for (;;) {
    if (lines.has(path)) return lines.get(path);
    const dot = path.lastIndexOf(".");
    if (dot < 0) return lines.get("") ?? 1;
    path = path.slice(0, dot);
  }
}
