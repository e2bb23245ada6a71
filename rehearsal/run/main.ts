/**
 * The part of a rehearsal that runs inside its namespaces. Takes a DeployRequest as JSON on standard input and
 * prints reports, one JSON object a line.
 */
import { readFileSync } from "node:fs";
import { rehearsalOf } from "../folders";
import { assertInsideRehearsal } from "../keeper/inside";
import { type DeployRequest, deploy } from "./deploy";

const request = JSON.parse(readFileSync(0, "utf8")) as DeployRequest;
// The hosts' addresses may be somebody's real ones outside; nothing is sent before this holds.
assertInsideRehearsal(rehearsalOf(request.site, process.env));
deploy(request, (report) => process.stdout.write(`${JSON.stringify(report)}\n`)).then(
  (succeeded) => process.exit(succeeded ? 0 : 1),
  (fault: unknown) => {
    process.stderr.write(`${String(fault)}\n`);
    process.exit(1);
  },
);
