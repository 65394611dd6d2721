// What a drop, a paste or a file dialogue brings, as a flat list of files with the names that the report shows.

/** A file and its name: the base name, or the path inside a dropped folder. */
export interface Brought {
  name: string;
  blob: File;
}

/** What came out of a drop or a paste. */
export interface Collected {
  files: Brought[];
  text: string;
  /** Folders that this browser would not open (Chromium, for a page that was opened from disk). */
  closedFolders: string[];
}

/** Everything in a drop or a paste. Must be called inside the event: afterwards the browser empties the DataTransfer. */
export async function collect(data: DataTransfer): Promise<Collected> {
  const found: Collected = { files: [], text: data.getData("text/plain"), closedFolders: [] };
  const waiting: Promise<void>[] = [];
  for (const item of Array.from(data.items)) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.() ?? null;
    const file = item.getAsFile();
    if (entry?.isDirectory) waiting.push(walk(entry as FileSystemDirectoryEntry, entry.name, found));
    else if (file) found.files.push({ name: file.name, blob: file });
  }
  await Promise.all(waiting);
  if (found.files.length > 0) found.text = "";
  found.files.sort((one, other) => (one.name < other.name ? -1 : 1));
  return found;
}

/** The files of an `<input type=file>`; one with `webkitdirectory` gives paths. */
export function chosen(input: HTMLInputElement): Brought[] {
  return Array.from(input.files ?? [], (file) => ({ name: file.webkitRelativePath || file.name, blob: file }));
}

async function walk(folder: FileSystemDirectoryEntry, path: string, found: Collected): Promise<void> {
  const reader = folder.createReader();
  try {
    // A reader gives its entries in several portions, and none when it is done.
    for (;;) {
      const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (portion.length === 0) return;
      for (const entry of portion) await add(entry, `${path}/${entry.name}`, found);
    }
  } catch {
    found.closedFolders.push(path);
  }
}

async function add(entry: FileSystemEntry, path: string, found: Collected): Promise<void> {
  if (entry.isDirectory) return walk(entry as FileSystemDirectoryEntry, path, found);
  const blob = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  found.files.push({ name: path, blob });
}
