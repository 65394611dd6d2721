// The page: the element, and the service worker of the hosted copy.
import "./element.js";
import { keepOffline } from "./offline.js";

keepOffline(() => {}).catch((error: unknown) => console.warn("not kept for use without a network:", error));
