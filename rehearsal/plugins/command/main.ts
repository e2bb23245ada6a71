import { serveProvider } from "../protocol/server";
import { CommandProvider } from "./provider";

// Stands in for pulumi-resource-command where only package registries can be reached.
void serveProvider(new CommandProvider(), "1.2.1");
