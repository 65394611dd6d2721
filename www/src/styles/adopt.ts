// Styles reach a document or a shadow tree as adopted style sheets: the policy allows no others.
import { answerStyle } from "./answer.js";
import { base } from "./base.js";
import { elementStyle } from "./element.js";
import { mediaStyle } from "./media.js";
import { pageStyle } from "./page.js";
import { partsStyle } from "./parts.js";
import { tokens } from "./tokens.js";

/** Styles of the whole page. */
export function adoptStyles(document: Document): void {
  const all = [tokens, base, answerStyle, pageStyle, partsStyle, mediaStyle];
  document.adoptedStyleSheets = all.map((style) => style.styleSheet!);
}

/** Styles of the element's shadow tree: what it draws is a small part of the page. */
export const elementStyles = [tokens, base, answerStyle, partsStyle, mediaStyle, elementStyle];
