// Every view as each kind of person sees it: wide, narrow, very wide, from right to left, on paper; light and dark. The pictures are
// looked at by people.
import assert from "node:assert/strict";

export const name = "every view is whole, wide and narrow, from right to left and on paper";
export const artefacts = ["single"];
export const schemes = ["light", "dark"];
export const seconds = 300;

const UNREAD = [["notes.txt", "make all\ninstall -d /srv\n"], ["image.tar.gz", "\u001f\u008b cut"], ["index.json", '{"schemaVersion":2,'], ["Dockerfile", "RUN true\n"]];
const rest = async (page) => {
  await page.waitFor(/Evidence \(\d/);
  await page.until("!document.querySelector('.work')", 60);
};
const example = (words) => async (page) => {
  await page.click(words);
  await page.waitFor(/Checks \([1-9]/, 40);
  await rest(page);
};

/** How each view is reached from the first one. */
export const VIEWS = {
  "first-minute": async () => {},
  "good-image": example("A good image"),
  "wrong-tarball": example("The wrong tarball"),
  "hidden-layer": example("A hidden layer"),
  "two-digests": example("Why two digests?"),
  "dockerfile-alone": async (page) => {
    await page.paste({ files: [["Dockerfile", "FROM scratch\nADD rootfs.tar.gz /\nCMD [\"sh\"]\n"]] });
    await rest(page);
    await page.waitFor("A Dockerfile alone is a text.");
    await page.waitFor("podman history --no-trunc");
  },
  unread: async (page) => {
    await page.paste({ files: UNREAD });
    await page.waitFor("Evidence (4)");
    await rest(page);
  },
};

/** Looks at what is there now. */
export async function look(page, what, { picture = true } = {}) {
  assert.equal(await page.overflows(), false, `${what} sticks out`);
  assert.deepEqual(await page.axe(), [], what);
  if (picture) await page.screenshot(what);
}

export async function run(page, { scheme }) {
  for (const [view, reach] of Object.entries(VIEWS)) {
    await page.waitFor("Is this image what it says it is?");
    await reach(page);
    await look(page, `view-${view}-wide-${scheme}`);
    await page.resize(320);
    await look(page, `view-${view}-narrow-${scheme}`);
    if (scheme === "light") {
      await page.eval("void (document.documentElement.dir = 'rtl')");
      await look(page, `view-${view}-narrow-rtl`);
      await page.resize(1200);
      await look(page, `view-${view}-rtl`);
      await page.eval("void document.documentElement.removeAttribute('dir')");
    }
    await page.resize(1000);
    await page.print(true);
    assert.deepEqual(await page.look("all('button, summary').filter((one) => shown(one) && one.matches('.buttons *, .remove, .command button')).map(name)"), [], "what only a screen can do is on paper");
    await look(page, `view-${view}-paper-${scheme}`);
    await page.print(false);
    await page.resize(2400);
    await look(page, `view-${view}-widest-${scheme}`, { picture: false });
    await page.resize(1200);
    if (view !== "first-minute") await page.click("Start over");
  }
  assert.deepEqual(await page.problems(), []);
}
