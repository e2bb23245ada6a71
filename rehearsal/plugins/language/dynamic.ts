import { programModule } from "./sdk";

// Stands in for the `pulumi-resource-pulumi-nodejs` script: dynamic providers run inside the
// program's own copy of the SDK.
require(programModule(process.cwd(), "dynamic-provider"));
