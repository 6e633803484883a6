// The articles there are: read one, add some by dragging, choosing or pasting, remove one's own.
import { call, upload } from "./api.js";
import { announce, button, count, el } from "./dom.js";
import { know, only } from "./narrow.js";

const FEW = 200; // articles listed before one is asked to search for more

/** @param {{ open: (id: string) => void, redraw: () => Promise<void> }} doings @returns {Promise<Node[]>} */
export async function shelf(doings) {
  const { articles, shared, types, upload_bytes: most } = await call("/api/articles");
  know(articles, shared);
  const said = el("ul", { class: "said", aria: { live: "polite" } });
  const list = el("ul", { class: "shelf" });
  const draw = (wanted) => {
    const found = articles.filter((one) => `${one.title} ${one.publisher}`.toLowerCase().includes(wanted.toLowerCase()));
    const more = found.length > FEW && el("li", { class: "meta" }, `and ${count(found.length - FEW, "more", "more")}: search by title`);
    list.replaceChildren(...found.slice(0, FEW).map((one) => line(one, said, doings)), ...(more ? [more] : []));
  };
  draw("");
  const search = articles.length > 10 && el("input", { type: "search", placeholder: "Find by title or publisher", aria: { label: "Find an article" }, oninput: (event) => draw(event.target.value) });
  const whose = shared ? "Everybody who uses this server will see what you add." : "What you add is yours alone.";
  return [search, list, adding({ types, most, whose, said, redraw: doings.redraw }), said].filter(Boolean);
}

function line(article, said, { open, redraw }) {
  const meta = [article.publisher, article.date, count(article.characters, "character")].filter(Boolean).join(" · ");
  const remove = async () => {
    if (!confirm(`Remove “${article.title}”?`)) return;
    try {
      await call(`/api/article?id=${encodeURIComponent(article.id)}`, { method: "DELETE" });
      await redraw();
      announce(`Removed ${article.title}.`);
      document.dispatchEvent(new Event("articles"));
    } catch (error) {
      said.append(el("li", { class: "failed" }, error.message));
    }
  };
  return el(
    "li",
    {},
    button(article.title || article.id, () => open(article.id), { class: "plain title" }),
    el("p", { class: "meta" }, meta),
    article.credit && el("p", { class: "credit" }, article.credit),
    only(article.id),
    article.own && button("Remove", remove, { aria: { label: `Remove ${article.title}` } }),
  );
}

function adding({ types, most, whose, said, redraw }) {
  const choose = el("input", { type: "file", multiple: true, accept: types.join(","), id: "files", onchange: () => send([...choose.files], said, most, redraw) });
  const zone = el(
    "div",
    { class: "drop" },
    el("label", { for: "files" }, "Add articles"),
    choose,
    el("p", { class: "meta" }, `Drop files here or choose them: ${types.join(", ")}, up to ${Math.round(most / 1048576)} MiB each. ${whose}`),
    paste(said, redraw),
  );
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    send([...(event.dataTransfer?.files ?? [])], said, most, redraw);
  });
  return zone;
}

function paste(said, redraw) {
  const title = el("input", { type: "text", maxLength: 300, required: true, id: "paste-title" });
  const text = el("textarea", { rows: 5, required: true, id: "paste-text" });
  const url = el("input", { type: "url", id: "paste-url", placeholder: "https://…" });
  const form = el(
    "form",
    {
      class: "paste",
      onsubmit: async (event) => {
        event.preventDefault();
        await settled(said, redraw, () => call("/api/articles/paste", { method: "POST", json: { title: title.value, text: text.value, url: url.value } }));
      },
    },
    el("label", { for: "paste-title" }, "Title"),
    title,
    el("label", { for: "paste-text" }, "Text"),
    text,
    el("label", { for: "paste-url" }, "Address (optional)"),
    url,
    el("button", { type: "submit" }, "Add this text"),
  );
  return el("details", {}, el("summary", {}, "Or paste a text"), form);
}

/** One after another: the server indexes one at a time, and a bad file stops none of the others. */
async function send(files, said, most, redraw) {
  const lines = [];
  for (const file of files) {
    if (file.size > most) {
      lines.push(el("li", { class: "failed" }, `${file.name}: ${Math.ceil(file.size / 1048576)} MiB is over the limit of ${Math.round(most / 1048576)} MiB: split it`));
      continue;
    }
    const bar = el("progress", { max: 1, value: 0, aria: { label: `Adding ${file.name}` } });
    const row = el("li", {}, `${file.name} `, bar);
    said.append(row);
    const done = (part) => {
      bar.value = part;
      if (part === 1) bar.removeAttribute("value"); // it is there; now it is being indexed
    };
    try {
      lines.push(...told(await upload(`/api/articles?name=${encodeURIComponent(file.name)}`, file, done)));
    } catch (error) {
      lines.push(el("li", { class: "failed" }, error.message));
    }
    row.remove();
  }
  await redrawn(lines, redraw);
}

async function settled(said, redraw, work) {
  try {
    await redrawn(told(await work()), redraw);
  } catch (error) {
    said.append(el("li", { class: "failed" }, error.message));
  }
}

function told(added) {
  return [
    ...added.added.map((one) => el("li", { class: "good" }, `Added “${one.title}”.`)),
    ...added.problems.map((problem) => el("li", { class: "failed" }, problem)),
  ];
}

async function redrawn(lines, redraw) {
  await redraw();
  document.querySelector(".said")?.append(...lines);
  announce(lines.map((line) => line.textContent).join(" "));
  document.dispatchEvent(new Event("articles"));
}
