// Talks to the sandbox's server: reads, what a person does, and the stream of changes.
// Every call answers an object; a failure becomes {ok: false, note} so that the page can show it where it happened.

async function call(path, options) {
  try {
    const response = await fetch(`/_sandbox/${path}`, options);
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body;
    return { ok: false, note: body.note || body.error || `The sandbox answered ${response.status}.`, ...body };
  } catch {
    return { ok: false, offline: true, note: "The sandbox does not answer. Is it still running?" };
  }
}

function get(path, query) {
  return call(query ? `${path}?${new URLSearchParams(query)}` : path);
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const api = {
  state: () => get("state"),
  messages: (channel, viewer) => get("messages", { channel, viewer }),
  home: (user) => get("home", { user }),
  openHome: (user) => post("home", { user }),
  views: (user) => get("views", { user }),
  say: (body) => post("say", body),
  edit: (body) => post("edit", body),
  react: (body) => post("react", body),
  command: (body) => post("command", body),
  click: (body) => post("click", body),
  submit: (body) => post("submit", body),
  close: (body) => post("close", body),
  suggest: (body) => post("suggest", body),
  shortcut: (body) => post("shortcut", body),
  clock: (to) => post("clock", { to }),
  faults: (body) => post("faults", body),
};

/** Calls `changed({version, channel, what})` for each change and `link(up)` when the stream drops or comes back. */
export function listen(changed, link) {
  const source = new EventSource("/_sandbox/events");
  source.onopen = () => link(true);
  source.onerror = () => link(false);
  source.onmessage = (event) => {
    try {
      changed(JSON.parse(event.data));
    } catch {
      changed({});
    }
  };
}
