import { forgetLauncher } from "../protocol/launcher";
import { serveProvider } from "../protocol/server";
import { KubernetesProvider } from "./provider";

/** Version of the real plugin that this one stands in for. */
const VERSION = "4.34.2";

forgetLauncher();
void serveProvider(new KubernetesProvider(), VERSION);
