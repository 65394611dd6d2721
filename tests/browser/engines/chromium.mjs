import path from "node:path";
import { find, freePort, scratch } from "./process.mjs";
import { WebDriver } from "./webdriver.mjs";

export const forcesColours = true;
export const packages = "chromium, chromium-driver";
export const programs = () => ({ browser: find("chromium", "chromium-browser", "google-chrome"), driver: find("chromedriver") });

let runs = 0;

export class Browser extends WebDriver {
  async start({ scheme, motion, colours = "own" }) {
    const { browser, driver } = programs(), port = await freePort();
    const args = ["headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "disable-quic", "hide-scrollbars", "no-first-run", "disable-sync", "disable-background-networking",
      "disable-component-update", "disable-default-apps", `user-data-dir=${path.join(scratch, `chromium-${runs++}`)}`];
    await this.begin(driver, [`--port=${port}`], port, {
      browserName: "chrome",
      "goog:chromeOptions": { binary: browser, args },
      "goog:loggingPrefs": { browser: "ALL" },
    });
    this.features = [{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: motion }];
    if (colours === "forced") this.features.push({ name: "forced-colors", value: "active" });
    await this.print(false);
  }

  /** Whether the page is laid out for paper. */
  async print(is) {
    await this.devtools("Emulation.setEmulatedMedia", { media: is ? "print" : "", features: this.features });
  }

  devtools(cmd, params) {
    return this.command("POST", "/goog/cdp/execute", { cmd, params });
  }

  async resize(width, height) {
    await this.devtools("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  }

  async screenshot() {
    const { cssContentSize: size } = await this.devtools("Page.getLayoutMetrics", {});
    const clip = { x: 0, y: 0, width: size.width, height: Math.min(size.height, 12_000), scale: 1 };
    return (await this.devtools("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip })).data;
  }

  /** Warnings and errors of page and workers since the last call. */
  async problems() {
    const entries = await this.command("POST", "/se/log", { type: "browser" });
    return entries.filter(({ level }) => level === "SEVERE" || level === "WARNING").map(({ message }) => message);
  }

  /** Whether the network is there for page and workers. */
  async offline(is) {
    await this.devtools("Network.emulateNetworkConditions", { offline: is, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  }
}
