// Parts of a turn that need nothing but the answer: what is not shown, menus, how long it took.
import { el } from "./dom.js";

const STAGES = { retrieve: "search", evidence: "evidence", write: "writing" };

/** What a model wrote and the articles' words do not carry: closed until it is asked for. */
export function withheld(answer) {
  const lines = (answer.withheld ?? []).map(({ statement, reason }) =>
    el("li", {}, el("span", { class: "own" }, statement), reason && el("p", { class: "verdict", data: { verdict: "unsupported" } }, reason)),
  );
  return lines.length > 0 && el("details", { class: "withheld" }, el("summary", { class: "quiet" }, "Not shown: the model's own answer"), el("ul", {}, ...lines));
}

export const bare = (piece) => (piece.kind === "chip" ? { kind: "chip", label: piece.label } : piece);

export const short = (text) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

export function menu(name, buttons) {
  const box = el("details", { class: "menu" }, el("summary", { class: "quiet" }, name), el("div", { class: "choices" }, ...buttons));
  const close = () => {
    box.open = false;
  };
  for (const one of buttons) one.addEventListener("click", close);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    close();
    box.firstElementChild.focus();
  });
  box.addEventListener("focusout", (event) => event.relatedTarget instanceof Node && !box.contains(event.relatedTarget) && close());
  return box;
}

/** How long each part took, as bars on one scale. */
export function timings(answer) {
  const { total } = answer.timings;
  if (!total) return null;
  const rows = Object.entries(STAGES)
    .filter(([stage]) => stage in answer.timings)
    .flatMap(([stage, name]) => {
      const bar = el("span", { class: "stage" });
      bar.style.inlineSize = `${Math.max(1, (100 * answer.timings[stage]) / total)}%`;
      return [el("dt", {}, name), el("dd", {}, el("span", { class: "track", aria: { hidden: true } }, bar), seconds(answer.timings[stage]))];
    });
  return el("details", { class: "timings" }, el("summary", { class: "quiet" }, `${seconds(total)} · ${answer.model}`), el("dl", {}, ...rows));
}

export const seconds = (value) => (value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`);
