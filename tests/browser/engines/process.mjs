// Programs that a run starts, and their end: exactly those that carry this run's mark in their environment, by their ids.
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const MARK = "LAYERPROOF_BROWSER_RUN";
const mark = `${process.pid}.${process.hrtime.bigint()}`;

/** Homes and profiles of the browsers; removed at the end. */
export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "layerproof-browser-"));
process.on("exit", () => {
  try {
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch {
    // A browser that is just ending still writes into its profile; what is left lies in the system's temporary folder.
  }
});

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The first of these programs that is installed, as a path. */
export function find(...names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return names.flatMap((name) => (path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name)))).find((file) => fs.existsSync(file));
}

export function start(program, args, { env = {}, stdio = ["ignore", "pipe", "pipe"] } = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env, [MARK]: mark }, stdio });
  child.said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (child.said = (child.said + data).slice(-20_000)));
  child.on("error", (error) => (child.said += error));
  return child;
}

/** A port of loopback that was free a moment ago. */
export async function freePort() {
  const server = net.createServer();
  await new Promise((done, fail) => server.on("error", fail).listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function running() {
  const wanted = Buffer.from(`${MARK}=${mark}\0`);
  const ids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return ids.map(Number).filter((id) => {
    try {
      return fs.readFileSync(`/proc/${id}/environ`).includes(wanted);
    } catch {
      return false; // ended meanwhile, or not ours to read
    }
  });
}

function signal(ids, name) {
  for (const id of ids) {
    try {
      process.kill(id, name);
    } catch {
      // ended meanwhile
    }
  }
}

/** Ends everything that this run started. */
export async function endAll() {
  signal(running(), "SIGTERM");
  for (let i = 0; i < 20 && running().length > 0; i++) await pause(100);
  signal(running(), "SIGKILL");
  for (let i = 0; i < 20 && running().length > 0; i++) await pause(50);
}

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => endAll().finally(() => process.exit(130)));
