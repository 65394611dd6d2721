// How things leave the page: files that are saved, texts that are copied.
import type { Artefact, ExportFormat } from "../../protocol.js";
import type { Case } from "../shell/case.js";
import type { Build } from "../views/build.js";
import type { Leave } from "../views/report.js";
import { copy, type Say } from "./lights.js";
import { writeLink } from "./links.js";
import { strings } from "../strings.js";

/** Actions on the case's report. */
export function leaveOf(current: Case, say: Say): Leave {
  return {
    save: (format: ExportFormat) => void tried(say, async () => {
      const { text, file_name, media_type } = await current.export(format);
      save(file_name, new Blob([text], { type: media_type }));
    }),
    copyMarkdown: () => void tried(say, async () => copy((await current.export("markdown")).text, say, strings.report.markdown)),
    print: () => window.print(),
    link: () => void copy(writeLink(current.items, new URL(location.href)), say, strings.report.link),
  };
}

/** Actions of the rebuild. */
export function buildOf(current: Case, say: Say): Build {
  return {
    start: () => void current.rebuild(),
    save: (artefact: Artefact) => void tried(say, async () => {
      const { name, blob } = await current.artefact(artefact);
      save(name, blob);
    }),
  };
}

async function tried(say: Say, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken the blob by then; the address would keep it alive.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
