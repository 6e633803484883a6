// What the page asks of its own server: plain JSON, and Gradio's queue for the answers that stream.

const GRADIO = "/gradio_api";

/** The server's own words for what went wrong. */
export class Refused extends Error {}

/** @returns {Promise<any>} */
export async function call(path, { method = "GET", json, body } = {}) {
  const given = json === undefined ? body : JSON.stringify(json);
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  let reply;
  try {
    reply = await fetch(path, { method, headers, body: given });
  } catch {
    throw new Refused("Pincite does not answer: is it still running? Start it with `pincite serve` and ask again.");
  }
  const text = await reply.text();
  const data = parsed(text);
  if (reply.ok) return data;
  if (reply.status === 401) location.reload();
  throw new Refused(typeof data?.detail === "string" ? data.detail : `The server answered ${reply.status}: try again.`);
}

/** Put a file on the server, telling how far it got, 0 to 1. */
export function upload(path, file, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onprogress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const data = parsed(request.responseText);
      if (request.status < 300) resolve(data);
      else reject(new Refused(data?.detail ?? `${file.name}: the server answered ${request.status}`));
    });
    request.addEventListener("error", () => reject(new Refused(`${file.name}: the connection broke off; try again`)));
    request.send(file);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Ask, and hand on each event as it comes. `signal` stops it: the server is told, so that the model stops too.
 * @param {string[]} inputs
 * @param {{ signal: AbortSignal, onevent: (event: any) => void, onplace: (place: number, of: number) => void }} how
 */
export async function ask(inputs, { signal, onevent, onplace }) {
  const session = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const fn = await chatFunction();
  const { event_id: event } = await call(`${GRADIO}/queue/join`, {
    method: "POST",
    json: { data: inputs, fn_index: fn, session_hash: session },
  });
  const stop = () => call(`${GRADIO}/cancel`, { method: "POST", json: { session_hash: session, fn_index: fn, event_id: event } });
  let stopped = Promise.resolve();
  signal.addEventListener("abort", () => (stopped = stop().catch(() => undefined)), { once: true });
  if (signal.aborted) await stop();
  const lines = new Lines(onevent);
  for await (const message of messages(`${GRADIO}/queue/data?session_hash=${session}`)) {
    if (message.msg === "estimation") onplace(message.rank + 1, message.queue_size);
    else if (message.msg === "process_starts") onplace(0, 0);
    else if (message.msg === "process_generating") lines.take(message.output);
    else if (message.msg === "process_completed") {
      if (!message.success) throw new Refused(message.output?.error ?? "The answer broke off: ask again.");
      await stopped; // what came until then is kept when this is over
      return;
    } else if (message.msg === "unexpected_error") throw new Refused(message.message ?? "The answer broke off: ask again.");
    else if (message.msg === "close_stream") return;
  }
  if (!signal.aborted) throw new Refused("The connection broke off: ask again.");
}

let known;

/** Gradio knows its functions by number; the page asks for the number once. */
async function chatFunction() {
  known ??= call("/config").then((config) => {
    const found = config.dependencies.find((one) => one.api_name === "chat");
    if (!found) throw new Refused("This server has no chat: is another program listening here?");
    return found.id;
  });
  return known;
}

/** The events of a stream that grows by appending whole lines of JSON: Gradio sends the first, then what was added. */
class Lines {
  constructor(onevent) {
    this.onevent = onevent;
    this.rest = "";
  }

  take(output) {
    const [data] = output?.data ?? [];
    if (typeof data === "string") this.rest += data;
    else for (const [action, , added] of data ?? []) if (action === "append") this.rest += added;
    const lines = this.rest.split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) if (line) this.onevent(JSON.parse(line));
  }
}

/** The messages of a server-sent stream. */
async function* messages(path) {
  const reply = await fetch(path, { headers: { Accept: "text/event-stream" } });
  if (!reply.ok || !reply.body) throw new Refused(`The server answered ${reply.status}: ask again.`);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      held += value;
      const whole = held.split("\n\n");
      held = whole.pop() ?? "";
      for (const one of whole) if (one.startsWith("data:")) yield JSON.parse(one.slice(5));
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
