// Servers on loopback for the tests: the site at any sub-path, and a canary that counts every knock.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };
const open = new Set();

async function listen(handler) {
  const server = http.createServer(handler);
  await new Promise((done, fail) => server.on("error", fail).listen(0, "127.0.0.1", done));
  open.add(server);
  return server;
}

/** Serves a folder below a sub-path; `pages` are made-up pages beside it, by path. */
export async function serveFolder(folder, base = "/", pages = {}) {
  const requests = [];
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url, "http://x"), file = path.join(folder, pathname.slice(base.length) || "index.html");
    requests.push(pathname);
    response.setHeader("cache-control", "no-store");
    const inside = pathname.startsWith(base) && path.resolve(file).startsWith(path.resolve(folder)) && fs.existsSync(file) && fs.statSync(file).isFile();
    const body = pages[pathname] ?? (inside ? fs.readFileSync(file) : null);
    response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[path.extname(inside ? file : ".html")] ?? "text/plain; charset=utf-8" }).end(body ?? "no such file");
  });
  return { url: `http://127.0.0.1:${server.address().port}${base}`, requests, close: () => close(server) };
}

/** Allows every origin, so that only a policy keeps requests away. */
export async function canary() {
  const knocks = new Set();
  const server = await listen((request, response) => {
    knocks.add(new URL(request.url, "http://x").pathname.slice(1));
    const type = request.url.includes("script") || request.url.includes("orker") || request.url.includes("import") ? "text/javascript" : "text/plain";
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": type }).end("");
  });
  server.on("upgrade", (request, socket) => {
    knocks.add(new URL(request.url, "http://x").pathname.slice(1));
    socket.destroy();
  });
  return { url: `http://127.0.0.1:${server.address().port}/`, knocks, close: () => close(server) };
}

function close(server) {
  open.delete(server);
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
}

export const closeAll = () => Promise.all([...open].map(close));
