// What the page knows beside its case: what is open, what a link or a saved report claims, what there is to say.
import type { Report } from "../../protocol.js";
import type { Update } from "../offline.js";
import type { Linked } from "./links.js";

export interface Ui {
  /** Something is held over the window. */
  hovering: boolean;
  /** What could not be taken, in words. */
  notice: string;
  /** Evidence whose files are listed. */
  open: string | null;
  /** A saved report that was brought: a claim. */
  saved: Report | null;
  /** What the link that was followed claims. */
  linked: Linked;
  /** A newer build that waits. */
  update: Update | null;
}
