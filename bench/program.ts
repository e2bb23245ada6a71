/**
 * What the program itself costs for a site with N workloads: blueprint and components, the engine left out (Pulumi's
 * own mocks answer at once). Prints one JSON line; call it with several N to read growth off.
 *
 *   node -r ./toolchain/register.js bench/program.ts 300
 */
import * as pulumi from "@pulumi/pulumi";
import { Site } from "../components/site";
import { makeBlueprint } from "../site/blueprint";
import { loadSite } from "../site/load";

async function measure(count: number): Promise<void> {
  const started = performance.now();
  const loaded = loadSite("site-a");
  // Of the platform a release with many workloads needs no more than one with few.
  const { storage, certificates, mesh, ingress, tenancy, ...site } = loaded.site;
  const template = Object.entries(loaded.release.workloads);
  const workloads = Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const [name, workload] = template[index % template.length] ?? [];
      if (!name || !workload) throw new Error("the release has no workloads");
      return [`${name}-${index}`, workload];
    }),
  );
  const blueprint = makeBlueprint({ ...loaded, site, release: { ...loaded.release, workloads } });
  const planned = performance.now();
  let resources = 0;
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      resources += 1;
      return { id: `${args.name}-id`, state: args.inputs };
    },
    call: (args) => args.inputs,
  });
  const hostKeys = Object.fromEntries(
    blueprint.hosts.map((host) => [host.name, ["ssh-ed25519 AAAA"]]),
  );
  const secrets = Object.fromEntries(blueprint.secretNames.map((name) => [name, "secret"]));
  new Site("site", { blueprint, hostKeys, secrets, notUndoneFrom: () => [] });
  await pulumi.runtime.disconnect();
  const finished = performance.now();
  const result = {
    workloads: count,
    resources,
    blueprintMilliseconds: Math.round(planned - started),
    componentsMilliseconds: Math.round(finished - planned),
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

const count = Number(process.argv[2] ?? 300);
// One size a process: the peak of memory is the process' own.
void measure(count);
