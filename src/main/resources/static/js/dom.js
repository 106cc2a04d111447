/**
 * Building pages. Everything that comes from outside becomes a text node or an attribute; nothing
 * is ever parsed as HTML.
 */

const SVG = new Set(["svg", "path"]);

/**
 * Makes an element.
 *
 * @param {string} tag name, with classes after dots: "td.num"
 * @param {object} [props] attributes; "on..." are listeners, "text" is the text, false and null are
 *     left out, true is an attribute without a value
 * @param {...(Node|string|number|null|Array)} children nodes, or text; null is left out
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = SVG.has(name)
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  if (classes.length) element.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.classList.add(...String(value).split(" ").filter(Boolean));
    else if (key === "text") element.textContent = value;
    else if (key === "value" || key === "checked" || key === "disabled") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

/** Adds nodes and texts, lists of them too, to an element. */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Puts these children in the place of all that are there. */
export function fill(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

/** Sets a text where it differs, so that a selection in it survives. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Brings children in step with items and leaves in place what stays, so that a selection in it, or
 * what was opened, survives.
 *
 * @param {Element} element holds nothing but these children
 * @param {Array} items in the order in which they are shown
 * @param {function(*): string} key tells items apart; one that has changed has another key
 * @param {function(*): Element} make
 */
export function keep(element, items, key, make) {
  const there = new Map([...element.children].map((child) => [child.dataset.key, child]));
  let at = element.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const node = there.get(name) ?? make(item);
    there.delete(name);
    node.dataset.key = name;
    if (node === at) at = at.nextElementSibling;
    else element.insertBefore(node, at);
  }
  there.forEach((node) => node.remove());
}

/** Runs at most once in a while, and once more at the end when it was asked meanwhile. */
export function throttle(action, millis) {
  let timer = null;
  let again = false;
  const run = async () => {
    again = false;
    await action();
    timer = setTimeout(() => {
      timer = null;
      if (again) call();
    }, millis);
  };
  const call = () => {
    if (timer !== null) {
      again = true;
      return;
    }
    timer = -1;
    run();
  };
  call.cancel = () => {
    again = false;
    if (timer > 0) clearTimeout(timer);
  };
  return call;
}

/** Runs when it has not been asked for a while. */
export function debounce(action, millis) {
  let timer = null;
  const call = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), millis);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
