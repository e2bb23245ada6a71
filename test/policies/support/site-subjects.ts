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
  const subjects = seen.map(({ type, name, urn, inputs }) => {
    const request = requests.get(`${type}::${name}`);
    return subject({
      id: urn,
      type,
      name,
      // An engine runs the site's transforms, the mocks do not.
      properties: change({ type, name, props: inputs, opts: {} })?.props ?? inputs,
      protect: request?.getProtect() ?? false,
      parent: request?.getParent(),
      dependsOn: request?.getDependenciesList() ?? [],
    });
  });
  return { blueprint, subjects };
}
