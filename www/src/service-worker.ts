// The hosted page without a network. All files of one build are kept together under the build's label: a visit sees one build or
// another, never a mixture. A new build waits until every window of the old one is closed, or until the page says that a person
// asked for it.
export {};
declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: readonly string[];
declare const __LABEL__: string;

/** The build and where it lives: other copies of the page may live on the same origin. */
const CACHE = `layerproof ${__LABEL__} ${self.registration.scope}`;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
self.addEventListener("message", (event) => {
  if (event.data === "update") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(event.request, mode === "navigate"));
});

/** Everything or nothing: one file that cannot be had makes the installation fail, and the old build stays. */
async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(__FILES__.map((file) => new Request(new URL(file, self.registration.scope), { cache: "reload" })));
}

/** Other builds of this scope. */
async function forgetOthers(): Promise<void> {
  const old = (name: string) => name.startsWith("layerproof ") && name.endsWith(` ${self.registration.scope}`) && name !== CACHE;
  for (const name of (await caches.keys()).filter(old)) await caches.delete(name);
}

async function answer(request: Request, navigation: boolean): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(navigation ? self.registration.scope : request, { ignoreSearch: true });
  return kept ?? fetch(request);
}
