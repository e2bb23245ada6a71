import { forgetLauncher } from "../protocol/launcher";
import { serveProvider } from "../protocol/server";
import { RandomProvider } from "./provider";

// Stands in for pulumi-resource-random where only package registries can be reached.
forgetLauncher();
void serveProvider(new RandomProvider(), "4.21.2");
