import * as pulumi from "@pulumi/pulumi";
import { objectChanges } from "../../../components/object-changes";
import { Site } from "../../../components/site";
import { type Subject, subject } from "../../../policies/support/subject";
import type { Blueprint } from "../../../site/blueprint-types";
import { withBundle } from "../../support/bundled-site";
import { deploy } from "../../support/deploy";
import { sampleSite } from "../../support/sites";
import { hostKeys } from "../../support/steps";

/**
 * Everything that the program makes of a sample site, as rules see it. Objects of charts are missing, which only an
 * engine with helm can render: test/journeys/policies-*.test.ts judge those.
 */

export interface SampleSite {
  readonly blueprint: Blueprint;
  readonly subjects: readonly Subject[];
}

const made = new Map<string, Promise<SampleSite>>();

/** A sample site with its bundle, made once for all who ask. */
export function siteSubjects(name: "site-a" | "site-b"): Promise<SampleSite> {
  const before = made.get(name) ?? subjectsOf(withBundle(sampleSite(name)));
  made.set(name, before);
  return before;
}

/** What a request for a resource says that Pulumi's mocks do not tell. */
interface Request {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getParent(): string;
  getDependenciesList(): readonly string[];
}

/** Everything that the program makes of a blueprint. */
export async function subjectsOf(blueprint: Blueprint): Promise<SampleSite> {
  const requests = new Map<string, Request>();
  const secrets = Object.fromEntries(
    blueprint.secretNames.map((name) => [name, `https://Sample-1.test/${name}`]),
  );
  const { seen } = await deploy(() => {
    const monitor = pulumi.runtime.getMonitor() as unknown as {
      registerResource(request: Request, answer: unknown): unknown;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, answer) => {
      requests.set(`${request.getType()}::${request.getName()}`, request);
      return register(request, answer);
    };
    new Site("site", { blueprint, hostKeys, secrets, notUndoneFrom: () => [] });
  });
  const change = objectChanges(blueprint);
  const parents = new Map(
    seen.map(({ type, name, urn }) => [urn, requests.get(`${type}::${name}`)?.getParent() ?? ""]),
  );
  const subjects = seen.map(({ type, name, urn, inputs }) => {
    const request = requests.get(`${type}::${name}`);
    return subject({
      id: engineUrn(urn, parents),
      type,
      name,
      // An engine runs the site's transforms, the mocks do not.
      properties: change({ type, name, props: inputs, opts: {} })?.props ?? inputs,
      protect: request?.getProtect() ?? false,
      retain: request?.getRetainondelete() ?? false,
      parent: engineUrn(request?.getParent() ?? "", parents),
      dependsOn: (request?.getDependenciesList() ?? []).map((other) => engineUrn(other, parents)),
    });
  });
  return { blueprint, subjects };
}

/** The URN that an engine gives: with the types of all that a resource stands below, of which the mocks know one. */
function engineUrn(urn: string, parents: ReadonlyMap<string, string>): string {
  const [start, project, path = "", name] = urn.split("::");
  const parent = parents.get(urn) ?? "";
  if (parent === "") return urn;
  const above = engineUrn(parent, parents).split("::")[2];
  return [start, project, `${above}$${path.split("$").at(-1)}`, name].join("::");
}
