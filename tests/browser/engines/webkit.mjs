// WebKitGTK: its driver starts MiniBrowser, which needs a display; the run has one of its own.
import fs from "node:fs";
import path from "node:path";
import { find, freePort, scratch, start } from "./process.mjs";
import { WebDriver } from "./webdriver.mjs";

export const forcesColours = false;
export const packages = "webkit2gtk-driver, xvfb";
const BROWSERS = ["x86_64", "aarch64"].flatMap((cpu) => ["4.1", "4.0"].map((api) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-${api}/MiniBrowser`));
export const programs = () => ({ browser: find(...BROWSERS), driver: find("WebKitWebDriver"), display: find("Xvfb") });

// The tool bar would keep the window wider than a phone.
const SMALL_BARS = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; -gtk-icon-transform: scale(0.1); }\n";
let runs = 0;

export class Browser extends WebDriver {
  async start({ scheme, motion }) {
    const { browser, driver, display } = programs(), home = path.join(scratch, `webkit-${runs++}`), gtk = path.join(home, "config/gtk-3.0");
    fs.mkdirSync(gtk, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(gtk, "settings.ini"), `[Settings]\ngtk-enable-animations=${motion === "reduce" ? 0 : 1}\n`);
    fs.writeFileSync(path.join(gtk, "gtk.css"), SMALL_BARS);
    this.screen = start(display, ["-displayfd", "3", "-screen", "0", "2000x8000x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const number = await new Promise((done, fail) => {
      this.screen.stdio[3].once("data", (data) => done(String(data).trim()));
      this.screen.once("exit", () => fail(new Error("Xvfb ended")));
    });
    const env = { DISPLAY: `:${number}`, GDK_BACKEND: "x11", HOME: home, NO_AT_BRIDGE: "1", XDG_CACHE_HOME: `${home}/cache`, XDG_CONFIG_HOME: `${home}/config`, XDG_DATA_HOME: `${home}/data`, XDG_RUNTIME_DIR: home };
    const port = await freePort(), args = ["--automation", ...(scheme === "dark" ? ["--dark-mode"] : [])];
    await this.begin(driver, ["-p", String(port)], port, { browserName: "MiniBrowser", "webkitgtk:browserOptions": { binary: browser, args } }, env);
  }

  /** Sets the size of the page, not of the window around it. */
  async resize(width, height) {
    let wanted = { width, height };
    for (let i = 0; i < 3; i++) {
      await this.command("POST", "/window/rect", wanted);
      const [w, h] = await this.evaluate("new Promise((done) => setTimeout(() => done([innerWidth, innerHeight]), 100))");
      if (w === width && h === height) return;
      wanted = { width: wanted.width + width - w, height: wanted.height + height - h };
    }
  }

  async screenshot() {
    const [width, height, whole] = await this.evaluate("[innerWidth, innerHeight, document.documentElement.scrollHeight]");
    if (whole > height) await this.resize(width, Math.min(whole, 7800));
    const data = await this.command("GET", "/screenshot");
    if (whole > height) await this.resize(width, height);
    return data;
  }

  /** This driver does not tell what the console said; the page itself is asked (`listen` in inpage.js). */
  async problems() {
    return [];
  }

  async end() {
    await super.end();
    this.screen?.kill();
  }
}
