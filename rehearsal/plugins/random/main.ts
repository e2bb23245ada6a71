import { serveProvider } from "../protocol/server";
import { RandomProvider } from "./provider";

// Stands in for pulumi-resource-random where only package registries can be reached.
void serveProvider(new RandomProvider(), "4.21.2");
