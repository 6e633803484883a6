// The conversations kept on the server: open one again, rename, delete, download.
import { call } from "./api.js";
import { announce, button, by, count, el, notice } from "./dom.js";

/** @param {{ current: () => string, open: (id: string) => void, fresh: () => void }} doings */
export function conversations(doings) {
  const panel = by("chats");
  const toggle = by("chats-toggle");
  const show = (wanted) => {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
    document.body.classList.toggle("listing", wanted);
    if (wanted) draw().catch((error) => notice(error.message));
  };
  toggle.addEventListener("click", () => {
    show(panel.hidden);
    if (!panel.hidden) panel.querySelector("button")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    toggle.focus();
  });

  async function draw() {
    const { chats } = await call("/api/chats");
    const fresh = button("New conversation", () => leave(doings.fresh), { class: "new" });
    const rows = chats.map((chat) => row(chat));
    panel.replaceChildren(el("h2", {}, "Conversations"), fresh, rows.length ? el("ul", {}, ...rows) : el("p", { class: "meta" }, "None yet: ask something."));
  }

  function leave(then) {
    if (matchMedia("(max-width: 60rem)").matches) show(false);
    then();
  }

  function row(chat) {
    const path = `/api/chats/${encodeURIComponent(chat.id)}`;
    const now = chat.id === doings.current();
    const title = button(chat.title, () => leave(() => doings.open(chat.id)), { class: "plain title", aria: { current: now ? "true" : "false" } });
    const remove = async () => {
      if (!confirm(`Delete “${chat.title}” with its answers and your notes on them?`)) return;
      await call(path, { method: "DELETE" });
      announce("Deleted.");
      if (now) doings.fresh();
      await draw();
    };
    const item = el(
      "li",
      {},
      title,
      el("p", { class: "meta" }, `${count(chat.turns, "question")} · ${new Date(chat.changed).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}`),
      el(
        "div",
        { class: "tools" },
        button("Rename", () => renaming(item, chat, path), { aria: { label: `Rename ${chat.title}` } }),
        el("a", { class: "quiet", href: `${path}/download?form=markdown`, download: "" }, "Markdown"),
        el("a", { class: "quiet", href: `${path}/download?form=json`, download: "" }, "JSON"),
        button("Delete", () => remove().catch((error) => notice(error.message)), { aria: { label: `Delete ${chat.title}` } }),
      ),
    );
    return item;
  }

  function renaming(item, chat, path) {
    const field = el("input", { type: "text", value: chat.title, maxLength: 200, required: true, aria: { label: "Title of the conversation" } });
    const form = el(
      "form",
      {
        class: "rename",
        onsubmit: async (event) => {
          event.preventDefault();
          try {
            await call(path, { method: "PATCH", json: { title: field.value } });
            await draw();
          } catch (error) {
            notice(error.message);
          }
        },
      },
      field,
      el("button", { type: "submit" }, "Save"),
    );
    item.replaceChildren(form);
    field.select();
  }

  return { refresh: () => (panel.hidden ? undefined : draw().catch(() => undefined)) };
}
