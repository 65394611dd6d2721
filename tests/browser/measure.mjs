// What the measurements in browsers share: a browser that is there or said to be missing, medians, and the memory of all its processes.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Browser, packages, programs } from "./engines/chromium.mjs";
import { endAll, pause } from "./engines/process.mjs";
import { Page } from "./page.mjs";
import { closeAll } from "./servers.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const single = path.join(root, "dist/layerproof.html");
const MIB = 1 << 20;

/** Runs a measurement in Chromium and ends everything that it started. */
export async function measure(action) {
  try {
    if (!programs().browser || !programs().driver) throw new Error(`chromium is not installed (Debian packages ${packages})`);
    const browser = new Browser();
    await browser.start({ scheme: "light", motion: "no-preference" });
    console.log(`Chromium ${browser.version}, ${os.availableParallelism()} processors, load ${os.loadavg()[0].toFixed(1)} at the start`);
    await action(new Page(browser, "chromium"), browser);
    console.log(`load ${os.loadavg()[0].toFixed(1)} at the end`);
    await browser.end();
  } catch (error) {
    console.error(String(error.stack ?? error).slice(0, 4000));
    process.exitCode = 1;
  } finally {
    await closeAll();
    await endAll();
  }
  process.exit();
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
export const mebibytes = (bytes) => `${(bytes / MIB).toFixed(0)} MiB`;

/** The processes that descend from this one. (Chromium's own write over their environment, so that a mark in it is lost.) */
function descendants() {
  const children = new Map();
  for (const id of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(/^\d+ \(.*\) . (\d+)/s.exec(fs.readFileSync(`/proc/${id}/stat`, "latin1"))[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(id)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (id) => (children.get(id) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(process.pid);
}

/** Bytes that all processes of the browser hold, shared pages counted in parts. The driver is none of them. */
export function memory() {
  let kibibytes = 0;
  for (const id of descendants()) {
    try {
      if (!/^chrom(?!edriver)/.test(fs.readFileSync(`/proc/${id}/comm`, "utf8"))) continue;
      kibibytes += Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return kibibytes * 1024;
}

/** What an action adds to the memory at its most, looked at four times a second; the looking takes time from what is looked at. */
export async function growth(action) {
  const idle = await settled();
  let most = idle;
  const watch = setInterval(() => (most = Math.max(most, memory())), 250);
  try {
    await action();
  } finally {
    clearInterval(watch);
  }
  return { idle, most: Math.max(most, memory()) - idle };
}

/** The memory once it no longer falls: what was there before is freed late. */
async function settled() {
  let before = memory();
  for (let calm = 0; calm < 3; ) {
    await pause(500);
    const now = memory();
    calm = now < before - MIB ? 0 : calm + 1;
    before = now;
  }
  return before;
}

/** Seconds that a command of the shell takes; the file is its first argument. */
export function inShell(command, file) {
  const start = performance.now();
  execFileSync("bash", ["-c", `set -o pipefail; ${command}`, "bash", file], { stdio: ["ignore", "ignore", "inherit"] });
  return (performance.now() - start) / 1000;
}

/**
 * Opens the page anew, drops files and waits until it shows what `shows` looks for: a text of the page. Seconds by the page's own
 * clock, from the drop on; the page is looked at twenty times a second, in the text of its list of evidence alone.
 */
export async function dropped(page, files, shows) {
  await opened(page);
  return drop(page, files, shows);
}

export async function opened(page, url = single) {
  await page.open(url);
  await page.waitFor("Is this image what it says it is?");
}

export async function drop(page, files, shows, seconds = 1200) {
  await page.eval(`void (window.__watch = setInterval(() => {
    const list = document.querySelector(".evidence"), { busy, report, items } = document.querySelector("lp-page").current;
    if (!busy && items.some((item) => item.state === "failed")) window.__failed = true;
    if (!list || busy || !report || !list.textContent.includes(${JSON.stringify(shows)})) return;
    clearInterval(__watch);
    window.__seconds = (performance.now() - window.__start) / 1000;
  }, 50))`);
  await page.eval("void addEventListener('drop', () => (window.__start = performance.now()), { once: true, capture: true })");
  await page.drop(files);
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(250)) {
    const took = await page.eval("window.__seconds ?? null");
    if (took !== null) return took;
    if (await page.eval("window.__failed ?? false")) break;
  }
  throw new Error(`the page does not show ${shows}; it shows:\n${(await page.text()).slice(0, 2000)}`);
}
