// (In the element they hang on an inner box, not on the host, where the page around could set them and take the meaning of a
// verdict away.) Colours and sizes, in one place. Every text colour has at least 4.5 : 1 on every ground it stands on; verdict colours come in a
// pair, one for lines and text, one as the ground of a mark inside a line.
import { css } from "lit";

export const tokens = css`
  :root,
  .lp {
    color-scheme: light dark;
    --ground: light-dark(#fdfcfa, #171615);
    --raised: light-dark(#f5f2ec, #211f1d);
    --ink: light-dark(#1d1b18, #ece8e1);
    --quiet: light-dark(#5f5a52, #a9a299);
    --rule: light-dark(#d9d3c8, #3b3733);
    --strong-rule: light-dark(#8b8478, #7d766c);
    --accent: var(--layer-proof-accent, light-dark(#74295d, #eaa9d6));
    --on-accent: light-dark(#ffffff, #2a0a20);
    --proved: light-dark(#146c37, #6fcf8f);
    --agrees: light-dark(#1d5d9b, #86bdf5);
    --contradicted: light-dark(#b3201a, #ff8f85);
    --ambiguous: light-dark(#855300, #eeb04f);
    --unknown: light-dark(#5f5a52, #b3aca2);
    --marked: light-dark(#fbe3a4, #59430b);
    --lit: light-dark(#f4dcec, #4b2340);
    --sans: var(--layer-proof-font, system-ui, sans-serif);
    --mono: var(--layer-proof-mono, ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace);
    --gap: 1rem;
  }
  :root[data-theme="light"],
  :host([theme="light"]) .lp {
    color-scheme: light;
  }
  :root[data-theme="dark"],
  :host([theme="dark"]) .lp {
    color-scheme: dark;
  }
  [data-verdict="proved"], [data-tone="proved"] { --verdict: var(--proved); }
  [data-verdict="agrees"], [data-tone="agrees"] { --verdict: var(--agrees); }
  [data-verdict="contradicted"], [data-tone="contradicted"] { --verdict: var(--contradicted); }
  [data-verdict="ambiguous"], [data-tone="ambiguous"] { --verdict: var(--ambiguous); }
  [data-verdict="unknown"], [data-tone="unknown"] { --verdict: var(--unknown); }
`;
