// The page: styles, the parts that draw themselves, and the page itself around one engine.
import { answerParent } from "./element/handshake.js";
import { LayerProof } from "./element.js";
import { build } from "layerproof:assets";
import { adoptStyles } from "./styles/adopt.js";
import { Page } from "./page/page.js";
import { ahead } from "./shell/ahead.js";
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

const place = document.querySelector("[data-page]");
if (location.hash === "#embed") {
  // Inside somebody's frame: the element alone, fed by the page around it.
  const element = new LayerProof();
  element.view = "texts next checks drop";
  place?.replaceWith(element);
  answerParent(element, () => element.foreign, build.version);
} else {
  place?.replaceWith(new Page(ahead(async () => WorkerEngine.start(await assets()))));
}
