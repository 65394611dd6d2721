// Neither the page nor a worker that it starts can reach anybody: every way that is known is tried against a server that answers
// everybody. The same ways, from a page without a policy, do get through: else this test would prove nothing.
import assert from "node:assert/strict";

export const name = "page and worker cannot reach a server";
export const artefacts = ["site", "single"];

/** Runs in the page. */
async function knockFromPage(to) {
  const make = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), attributes));
  const ways = {
    fetch: (url) => fetch(url, { mode: "no-cors" }),
    xhr: (url) => { const x = new XMLHttpRequest(); x.open("GET", url); x.send(); },
    websocket: (url) => new WebSocket(url.replace("http", "ws")),
    eventsource: (url) => new EventSource(url),
    beacon: (url) => navigator.sendBeacon(url, "x"),
    image: (src) => make("img", { src }),
    script: (src) => make("script", { src }),
    stylesheet: (href) => make("link", { rel: "stylesheet", href }),
    frame: (src) => make("iframe", { src }),
    video: (src) => make("video", { src, preload: "auto" }),
    object: (data) => make("object", { data }),
    font: (url) => new FontFace("leak", `url(${url})`).load(),
    import: (url) => import(url),
    worker: (url) => new Worker(url),
    style: (url) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(`body { background-image: url(${url}) }`); document.adoptedStyleSheets.push(sheet); },
  };
  for (const [way, go] of Object.entries(ways)) {
    try { Promise.resolve(go(`${to}page-${way}`)).catch(() => {}); } catch { /* refused at once */ }
  }
}

/** Runs in a worker. */
function knockFromWorker(to) {
  const ways = {
    fetch: (url) => fetch(url, { mode: "no-cors" }),
    xhr: (url) => { const x = new XMLHttpRequest(); x.open("GET", url); x.send(); },
    websocket: (url) => new WebSocket(url.replace("http", "ws")),
    eventsource: (url) => new EventSource(url),
    import: (url) => import(url),
    importScripts: (url) => importScripts(url),
    worker: (url) => new Worker(url),
  };
  for (const [way, go] of Object.entries(ways)) {
    try { Promise.resolve(go(`${to}worker-${way}`)).catch(() => {}); } catch { /* refused at once */ }
  }
  setTimeout(() => postMessage("done"), 1000);
}

const attempt = (to) => `(async () => {
  const url = URL.createObjectURL(new Blob([${JSON.stringify(`(${knockFromWorker})(${JSON.stringify(to)})`)}], { type: "text/javascript" }));
  const worker = new Worker(url), done = new Promise((resolve) => { worker.onmessage = () => resolve("worker ran"); worker.onerror = () => resolve("worker failed"); });
  await (${knockFromPage})(${JSON.stringify(to)});
  const said = await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 5000, "worker silent"))]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return said;
})()`;

export async function run(page, { canary, serveSite }) {
  const server = await canary();
  assert.equal(await page.eval(attempt(server.url)), "worker ran");
  assert.deepEqual([...server.knocks], [], "these got through");

  const open = await serveSite("/", { "/open.html": "<!doctype html><title>no policy</title><body>" });
  await page.open(`${open.url}open.html`);
  await page.eval(attempt(server.url));
  const reached = [...server.knocks];
  for (const way of ["page-fetch", "page-xhr", "page-websocket", "page-eventsource", "page-beacon", "page-image", "page-script", "page-frame", "worker-fetch", "worker-xhr", "worker-importScripts"]) {
    assert.ok(reached.includes(way), `without a policy ${way} should reach the server; what did: ${reached.join(" ")}`);
  }
}
