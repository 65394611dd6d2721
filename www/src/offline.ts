// Installs the service worker of the hosted page (service-worker.ts). The other artefacts have none.
import { build } from "layerproof:assets";

/** A newer build that was fetched whole and waits. */
export interface Update {
  /** Ends the old build and loads the page anew. */
  apply(): void;
}

/**
 * Keeps the hosted page for visits without a network.
 * `onUpdate` is called when a newer build is there; a person is asked before it replaces the old one.
 */
export async function keepOffline(onUpdate: (update: Update) => void): Promise<void> {
  if (build.artefact !== "site" || !("serviceWorker" in navigator) || !isSecureContext) return;
  const container = navigator.serviceWorker;
  const registration = await container.register("sw.js", { scope: "./", updateViaCache: "none" });
  const offer = (worker: ServiceWorker | null) => {
    if (worker && container.controller) onUpdate({ apply: () => replace(container, worker) });
  };
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") offer(worker);
    });
  });
}

function replace(container: ServiceWorkerContainer, worker: ServiceWorker): void {
  container.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage("update");
}
