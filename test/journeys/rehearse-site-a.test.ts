import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../support/sites";
import { Checkout, succeeded } from "./support/checkout";

/** What a node looks like to `kubectl get nodes -o json`, as far as this journey cares. */
interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly taints?: readonly { readonly key: string; readonly effect: string }[] };
  readonly status: { readonly capacity: { readonly cpu: string } };
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly image: string }[];
    readonly initContainers?: readonly { readonly image: string }[];
  };
  readonly status: { readonly phase: string };
}

/** How many Pods a disruption budget counts, and how many it wants. */
interface Budget {
  readonly metadata: { readonly name: string };
  readonly status: { readonly currentHealthy: number; readonly desiredHealthy: number };
}

/** A resource as the state has it. */
interface Recorded {
  readonly type: string;
  readonly inputs: object;
}

/** API groups whose kinds the platform's definitions make. */
const groups = new Set(Object.values(catalogue.crds).flatMap((set) => Object.keys(set.groups)));

const list = (items: readonly object[]) => ({ apiVersion: "v1", kind: "List", items });

describe("site-a, from a clone to running workloads and back to nothing", function () {
  this.timeout(900_000);
  let checkout: Checkout;
  const enter = (...command: string[]) => checkout.run(["enter", "site-a", ...command]);
  const json = async <T>(...command: string[]): Promise<T> => {
    const ran = await enter(...command);
    succeeded(ran);
    return JSON.parse(ran.stdout) as T;
  };

  before(() => {
    checkout = new Checkout();
  });

  after(async () => {
    await checkout.run(["rehearse", "site-a", "--destroy"]);
    checkout.remove();
  });

  it("comes up with one command", async () => {
    const ran = await checkout.run(["rehearse", "site-a", "--keep", "--json"]);
    succeeded(ran);
    const result = JSON.parse(ran.stdout);
    assert.equal(result.site, "site-a");
    assert.ok(result.changes.create > 40, `created ${result.changes.create}`);
    assert.equal(result.outputs.endpoint, "https://lb.kubesphere.local:6443");
    assert.ok(!ran.stdout.includes("client-key-data"), "the kubeconfig is not printed");
  });

  it("has the site's nodes with their roles, taints and sizes", async () => {
    const { items } = await json<{ items: Node[] }>("kubectl", "get", "nodes", "-o", "json");
    const names = items.map((node) => node.metadata.name).sort();
    assert.equal(names.length, 11, `nodes: ${names}`);
    assert.ok(!names.includes("registry-1"), "the registry host is no node");
    const storage = items.filter((node) => node.metadata.name.startsWith("storage-"));
    for (const node of storage) {
      assert.ok(node.spec.taints?.some((taint) => taint.key.includes("storage")));
      assert.equal(node.metadata.labels.disk, "nvme");
      assert.equal(node.status.capacity.cpu, "8");
    }
  });

  it("answers clients on the address that the edge hosts share", async () => {
    const ran = await enter("curl", "-s", "--max-time", "2", "http://192.0.2.40/");
    assert.match(ran.stdout, /^simulated gateway on edge-[12] /);
  });

  it("lets the real scheduler keep the pages apart", async () => {
    const { items } = await json<{ items: Pod[] }>(
      ...["kubectl", "get", "pods", "-n", "parcels", "-o", "json"],
    );
    const web = items.filter((pod) => pod.metadata.name.startsWith("web-"));
    assert.equal(web.length, 3);
    assert.deepEqual(
      web.map((pod) => pod.status.phase),
      ["Running", "Running", "Running"],
    );
    const hosts = new Set(web.map((pod) => pod.spec.nodeName));
    assert.equal(hosts.size, 3);
    for (const host of hosts) assert.match(host ?? "", /^worker-/);
  });

  it("runs every Pod from the site's own registry", async () => {
    const { items } = await json<{ items: Pod[] }>("kubectl", "get", "pods", "-A", "-o", "json");
    const strangers = items.flatMap(({ metadata, spec }) =>
      [...spec.containers, ...(spec.initContainers ?? [])]
        .map(({ image }) => image)
        // The mesh's injector puts it in, and no injector runs here.
        .filter((image) => image !== "auto" && !image.startsWith("dockerhub.kubekey.local/"))
        .map((image) => `${metadata.name}: ${image}`),
    );
    assert.deepEqual(strangers, []);
  });

  it("runs fifteen workloads of every kind, all as the file wants them", async () => {
    const { workloads } = await json<{ workloads: { kind: string; state: string }[] }>(
      ...["./sitewright", "workloads", "site-a", "--json"],
    );
    assert.equal(workloads.length, 15);
    assert.deepEqual([...new Set(workloads.map(({ state }) => state))], ["ready"]);
    assert.deepEqual([...new Set(workloads.map(({ kind }) => kind))].sort(), [
      "CronJob",
      "DaemonSet",
      "Deployment",
      "Job",
      "StatefulSet",
    ]);
  });

  it("lets a worker be drained while every disruption budget holds", async () => {
    const drain =
      "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data --timeout=120s >drain.log 2>&1";
    // Looks at the budgets for as long as the drain takes, one line of JSON each time.
    const watched = await enter(
      ...["sh", "-c"],
      `${drain} & drained=$!; while kill -0 $drained 2>/dev/null; do kubectl get pdb -A -o json | tr -d '\\n'; echo; done; wait $drained || { cat drain.log >&2; exit 1; }`,
    );
    succeeded(watched);
    const looks = watched.stdout.split("\n").filter((line) => line.startsWith("{"));
    assert.ok(looks.length >= 2, `the budgets were looked at ${looks.length} times`);
    const broken = looks
      .flatMap((line) => (JSON.parse(line) as { items: Budget[] }).items)
      .filter(({ status }) => status.currentHealthy < status.desiredHealthy)
      .map(({ metadata }) => metadata.name);
    assert.deepEqual([...new Set(broken)], []);
    const left = await json<{ items: Pod[] }>(
      ...["kubectl", "get", "pods", "-n", "parcels", "-o", "json"],
    );
    const there = left.items.filter(({ spec }) => spec.nodeName === "worker-1");
    assert.deepEqual(
      there.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind !== "DaemonSet"),
      [],
    );
    succeeded(await enter("kubectl", "uncordon", "worker-1"));
    const ready = ["--for=condition=Ready", "pods", "-l", "app.kubernetes.io/name=web"];
    succeeded(await enter("kubectl", "wait", "-n", "parcels", "--timeout=60s", ...ready));
  });

  it("has custom resources that their definitions take, down to the last field", async () => {
    const exported = await json<{ deployment: { resources: Recorded[] } }>(
      ...["pulumi", "stack", "export", "-s", "site-a"],
    );
    const own = exported.deployment.resources.filter(({ type }) =>
      groups.has(/^kubernetes:([^/]+)\//.exec(type)?.[1] ?? ""),
    );
    assert.ok(own.length >= 20, `custom resources: ${own.length}`);
    const objects = list(own.map(({ inputs }) => inputs));
    writeFileSync(join(checkout.root, "objects.json"), JSON.stringify(objects));
    const ran = await enter(
      ...["kubectl", "apply", "-f", "objects.json", "--server-side", "--dry-run=server"],
      ...["--validate=strict", "--force-conflicts", "--field-manager=journey"],
    );
    succeeded(ran);
    assert.equal(ran.stdout.trim().split("\n").length, own.length);
  });

  it("gives a viewer a kubeconfig that sees and cannot change", async () => {
    const file = join(checkout.root, "viewer.yaml");
    succeeded(
      await enter(
        ...["./sitewright", "kubeconfig", "site-a", "--workspace", "sorting"],
        ...["--role", "viewer", "--out", file],
      ),
    );
    const may = async (...what: string[]) => {
      const ask = ["kubectl", "--kubeconfig", file, "-n", "site-a-sorting-web", "auth", "can-i"];
      return (await enter(...ask, ...what)).stdout.trim();
    };
    assert.equal(await may("list", "pods"), "yes");
    assert.equal(await may("get", "secrets"), "no");
    assert.equal(await may("delete", "networkpolicies"), "no");
  });

  it("shows no change in a second preview, by hand", async () => {
    const ran = await enter("pulumi", "preview", "-s", "site-a", "--expect-no-changes");
    succeeded(ran);
    const stacks = await enter("pulumi", "stack", "ls");
    assert.match(stacks.stdout, /site-a/);
  });

  it("shows exactly the change of a replica count and a label", async () => {
    checkout.edit("Pulumi.site-a.yaml", (text) =>
      text
        .replace("labels: {disk: nvme}}", "labels: {disk: nvme, shelf: top}}")
        .replace(
          "    # One worker may be lost",
          "    workloads:\n      api: {replicas: 4}\n    # One worker may be lost",
        ),
    );
    const ran = await enter("pulumi", "preview", "-s", "site-a", "--json");
    succeeded(ran);
    const preview = JSON.parse(ran.stdout.slice(ran.stdout.indexOf("{")));
    const changed = preview.steps.filter((step: { op: string }) => step.op !== "same");
    const names = changed.map(
      (step: { op: string; urn: string }) => `${step.op} ${step.urn.split("::").at(-1)}`,
    );
    assert.ok(names.includes("update site-product-api-deployment"), names.join(", "));
    assert.ok(names.includes("update site-nodes-storage-1"), names.join(", "));
    assert.deepEqual(
      names.filter((name: string) => !/(api|storage-1|site-cluster-(config|nodes))/.test(name)),
      [],
    );
    const applied = await checkout.run(["rehearse", "site-a", "--keep", "--json"]);
    succeeded(applied);
    const again = await enter("pulumi", "preview", "-s", "site-a", "--expect-no-changes");
    succeeded(again);
  });

  it("finds a change made by hand, and takes it back", async () => {
    succeeded(await enter("kubectl", "scale", "deployment/api", "-n", "parcels", "--replicas=1"));
    const refresh = await enter("pulumi", "refresh", "-s", "site-a", "--yes", "--skip-preview");
    succeeded(refresh);
    assert.match(refresh.stdout, /site-product-api-deployment updated/);
    succeeded(await enter("pulumi", "up", "-s", "site-a", "--yes", "--skip-preview"));
    const { spec } = await json<{ spec: { replicas: number } }>(
      ...["kubectl", "get", "deployment/api", "-n", "parcels", "-o", "json"],
    );
    assert.equal(spec.replicas, 4);
  });

  it("finds a quota of the registry and a robot's password changed by hand, and takes them back", async () => {
    const password = await enter(
      ...[
        "pulumi",
        "config",
        "get",
        "-s",
        "site-a",
        "--path",
        "sitewright:secrets.registryPassword",
      ],
    );
    const curl = async (method: string, path: string, body?: object) => {
      const ran = await enter(
        ...["curl", "-sS", "--cacert", "trust/site-a.registry-ca.pem", "-X", method],
        ...["--resolve", "dockerhub.kubekey.local:443:192.0.2.51"],
        ...["-u", `admin:${password.stdout.trim()}`, "-H", "content-type: application/json"],
        ...(body === undefined ? [] : ["-d", JSON.stringify(body)]),
        `https://dockerhub.kubekey.local/api/v2.0${path}`,
      );
      succeeded(ran);
      return ran.stdout;
    };
    const quota = async () => {
      const quotas = JSON.parse(await curl("GET", "/quotas?reference=project&page_size=100"));
      return quotas.find((one: { ref: { name: string } }) => one.ref.name === "builds");
    };
    const before = await quota();
    const [robot] = JSON.parse(await curl("GET", "/robots?q=name=ci"));
    await curl("PUT", `/quotas/${before.id}`, { hard: { storage: 1024 ** 3 } });
    await curl("PATCH", `/robots/${robot.id}`, { secret: "Changed-by-hand-1" });
    const refresh = await enter(
      ...["pulumi", "refresh", "-s", "site-a", "--yes", "--skip-preview", "--diff"],
    );
    succeeded(refresh);
    assert.match(refresh.stdout, /quotaGiB: 200 => 1\b/);
    assert.match(refresh.stdout, /\+ password: "refused"/);
    succeeded(await enter("pulumi", "up", "-s", "site-a", "--yes", "--skip-preview"));
    assert.deepEqual((await quota()).hard, before.hard);
    succeeded(await enter("pulumi", "refresh", "-s", "site-a", "--yes", "--expect-no-changes"));
    succeeded(await enter("pulumi", "preview", "-s", "site-a", "--expect-no-changes"));
    const state = await enter("pulumi", "stack", "export", "-s", "site-a");
    succeeded(state);
    assert.ok(!state.stdout.includes(password.stdout.trim()), "the state holds no open password");
  });

  it("keeps every rule of the policy pack, charts included, and so does what the stack holds", async () => {
    const preview = ["pulumi", "preview", "-s", "site-a", "--policy-pack", "policies"];
    const ran = await enter(...preview, "--expect-no-changes");
    succeeded(ran);
    assert.doesNotMatch(ran.stdout, /\[(mandatory|advisory)\]/);
    const held = await enter("./sitewright", "policies", "site-a", "--state", "--json");
    succeeded(held);
    const { ok, objects, rules } = JSON.parse(held.stdout);
    assert.ok(ok && objects > 300 && rules.length > 20, held.stdout.slice(0, 2000));
  });

  it("has no way out", async () => {
    const route = await enter("ip", "route", "show", "default");
    assert.equal(route.stdout.trim(), "");
  });

  it("leaves nothing behind when destroyed", async () => {
    const ran = await checkout.run(["rehearse", "site-a", "--destroy"]);
    succeeded(ran);
    const mounts = readFileSync("/proc/mounts", "utf8");
    assert.ok(!mounts.includes("sitewright-journey"), "no mount is left");
    const enterAgain = await enter("true");
    assert.equal(enterAgain.code, 2);
    assert.match(enterAgain.stderr, /not being rehearsed/);
  });
});
