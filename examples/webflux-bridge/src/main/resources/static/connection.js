// What the application sends. Each of these goes on by itself when the application was away.

const FIRST_RETRY = 500;
const LAST_RETRY = 5_000;

/** Listens to a stream of server-sent events; handlers by the events' names; tells whether it is connected. */
export function listen(path, handlers, connected) {
  let source;
  let retry;
  function open() {
    source = new EventSource(path);
    source.onopen = () => connected(true);
    for (const [name, handler] of Object.entries(handlers)) {
      source.addEventListener(name, event => handler(JSON.parse(event.data)));
    }
    source.onerror = () => {
      connected(false);
      if (source.readyState === EventSource.CLOSED) {
        retry = setTimeout(open, FIRST_RETRY); // the browser itself has given up
      }
    };
  }
  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}

/** The same of the messages of a web socket. */
export function socket(path, handler, connected) {
  let wait = FIRST_RETRY;
  let retry;
  let closed = false;
  let current;
  function open() {
    current = new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')));
    current.onopen = () => {
      wait = FIRST_RETRY;
      connected(true);
    };
    current.onmessage = message => handler(JSON.parse(message.data));
    current.onclose = () => {
      if (!closed) {
        connected(false);
        retry = setTimeout(open, wait);
        wait = Math.min(LAST_RETRY, wait * 1.6);
      }
    };
  }
  open();
  return () => {
    closed = true;
    clearTimeout(retry);
    current.close();
  };
}

/** Asks the application to do something; the answer's text, or an error with the problem's. */
export async function ask(method, path, body) {
  const request = {method};
  if (body) {
    request.headers = {'Content-Type': 'application/json'};
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Error('The web application does not answer.');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.detail || `${response.status} ${response.statusText}`);
  }
  return answer;
}
