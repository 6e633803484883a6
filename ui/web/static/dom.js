// Elements are made here and nowhere else, and text goes in as text: no string is ever read as HTML.

/**
 * An element. Properties that start with "on" are listeners, "data" and "aria" objects become attributes.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "aria") for (const [key, said] of Object.entries(value)) made.setAttribute(`aria-${key}`, String(said));
    else if (name === "class") made.className = value;
    else if (name in made && name !== "list" && name !== "form") Reflect.set(made, name, value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** @param {string} id @returns {any} */
export const by = (id) => document.getElementById(id);

/** A link to another site: only http and https, and it learns nothing of this page. */
export function link(address, text, properties = {}) {
  if (!/^https?:\/\//i.test(address)) return el("span", {}, text);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...properties }, text);
}

/** A quiet button. */
export function button(text, onclick, properties = {}) {
  return el("button", { type: "button", class: "quiet", onclick, ...properties }, text);
}

/** Say something to those who listen to the page instead of looking at it. */
export function announce(text) {
  by("status").textContent = text;
}

/** One line above the question: what went wrong and what mends it. */
export function notice(text) {
  const line = by("notice");
  line.textContent = text;
  line.hidden = !text;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** Where someone asked for less motion, nothing glides. */
export const glide = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
