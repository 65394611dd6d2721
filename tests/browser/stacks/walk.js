// The least that reads the archive of tarball.mjs: ustar headers, regular files, no extensions. A real reader would have more to do.
class Walk {
  #header = new Uint8Array(512);
  #have = 0;
  #left = 0;
  #padding = 0;
  #name = "";
  #isFile = false;
  #ended = false;

  /** `begin()`, `content(bytes)` and `end(name)` are told of every regular file. */
  constructor(files) {
    this.files = files;
  }

  feed(bytes) {
    for (let at = 0; at < bytes.length && !this.#ended; ) at = this.#left > 0 ? this.#content(bytes, at) : this.#padding > 0 ? this.#skip(bytes, at) : this.#head(bytes, at);
  }

  #content(bytes, at) {
    const to = Math.min(bytes.length, at + this.#left);
    if (this.#isFile) this.files.content(bytes.subarray(at, to));
    this.#left -= to - at;
    if (this.#left === 0 && this.#isFile) this.files.end(this.#name);
    return to;
  }

  #skip(bytes, at) {
    const to = Math.min(bytes.length, at + this.#padding);
    this.#padding -= to - at;
    return to;
  }

  #head(bytes, at) {
    const to = Math.min(bytes.length, at + 512 - this.#have);
    this.#header.set(bytes.subarray(at, to), this.#have);
    this.#have += to - at;
    if (this.#have < 512) return to;
    this.#have = 0;
    if (this.#header[0] === 0) this.#ended = true;
    else this.#entry();
    return to;
  }

  #entry() {
    const text = (from, length) => {
      let out = "";
      for (let at = from; at < from + length && this.#header[at] !== 0; at++) out += String.fromCharCode(this.#header[at]);
      return out;
    };
    const prefix = text(345, 155);
    this.#name = prefix ? `${prefix}/${text(0, 100)}` : text(0, 100);
    this.#left = parseInt(text(124, 12), 8);
    this.#padding = -this.#left & 511;
    this.#isFile = this.#header[156] === 0x30 || this.#header[156] === 0;
    if (!this.#isFile) return;
    this.files.begin();
    if (this.#left === 0) this.files.end(this.#name);
  }
}
