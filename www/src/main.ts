// The page: styles, the parts that draw themselves, and the page itself around one engine.
import { adoptStyles } from "./styles/adopt.js";
import { Page } from "./page/page.js";
import { assets } from "./shell/assets.js";
import { WorkerEngine } from "./shell/engine.js";
import { Explain } from "./views/explain.js";
import { FileList } from "./views/files.js";
import { strings } from "./strings.js";

adoptStyles(document);
document.title = strings.title;
customElements.define("lp-files", FileList);
customElements.define("lp-explain", Explain);
customElements.define("lp-page", Page);
document.querySelector("[data-page]")?.replaceWith(new Page(async () => WorkerEngine.start(await assets())));
