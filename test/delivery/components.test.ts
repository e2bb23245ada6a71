import assert from "node:assert/strict";
import { Delivery } from "../../components/delivery/delivery";
import { runnerConfiguration } from "../../components/delivery/runner-configuration";
import { Product } from "../../components/workload/product";
import { deploy } from "../support/deploy";
import { strayKeys } from "../support/settable-keys";
import { catalogue } from "../support/sites";
import { type AnySite, blueprintOf, deliveryOf, withProduct } from "./site";

const secrets = {
  sshPassword: "s",
  readToken: "read\n",
  readKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nA\n-----END OPENSSH PRIVATE KEY-----",
  runnerToken: "glrt-1\n",
};

const chart = "kubernetes:helm.sh/v4:Chart";

async function deployed(change: (site: AnySite) => void = () => {}) {
  const delivery = deliveryOf(change);
  const found = await deploy(() => new Delivery("delivery", { delivery, secrets }));
  const named = (name: string) => {
    const one = found.seen.find((resource) => resource.name === name);
    if (one === undefined) throw new Error(`no ${name}`);
    return one;
  };
  return { ...found, named };
}

let asIs: ReturnType<typeof deployed> | undefined;

/** The site as it stands, deployed once for all who look at it. */
const unchanged = () => (asIs ??= deployed());

const workers = (count: number) => (site: AnySite) => {
  const [, worker] = site.hosts;
  for (let at = 3; at <= count; at++) {
    site.hosts.push({ ...worker, name: `worker-${at}`, address: `192.0.2.2${at}` });
  }
};

describe("Delivery", () => {
  it("makes Argo CD, and for the workspace a project, a login, Applications and a runner", async () => {
    const { seen } = await unchanged();
    assert.deepEqual(seen.map(({ name }) => name).sort(), [
      "delivery",
      "delivery-argo",
      "delivery-argo-admin-password",
      "delivery-argo-argo-cd",
      "delivery-argo-cache-password",
      "delivery-argo-cache-secret",
      "delivery-argo-default-project",
      "delivery-argo-http-web-ingress-route",
      "delivery-argo-http-websecure-ingress-route",
      "delivery-argo-redirect",
      "delivery-argo-secret",
      "delivery-site-t-sorting-jobs-application",
      "delivery-site-t-sorting-web-application",
      "delivery-sorting-project",
      "delivery-sorting-repository",
      "delivery-sorting-runner",
      "delivery-sorting-runner-account",
      "delivery-sorting-runner-certificates",
      "delivery-sorting-runner-gitlab-runner",
      "delivery-sorting-runner-rules",
      "delivery-sorting-runner-rules-deny-by-default-policy",
      "delivery-sorting-runner-rules-exceptions-policy",
      "delivery-sorting-runner-rules-limit-range",
      "delivery-sorting-runner-rules-platform-policy",
      "delivery-sorting-runner-rules-quota",
      "delivery-sorting-runner-rules-within-namespace-policy",
      "delivery-sorting-runner-site-t-sorting-jobs-binding",
      "delivery-sorting-runner-site-t-sorting-web-binding",
      "delivery-sorting-runner-token",
    ]);
  });

  it("lets the workspace deploy from one repository into its namespaces and nowhere else", async () => {
    const { named } = await unchanged();
    const { spec } = named("delivery-sorting-project").inputs;
    assert.deepEqual(spec.sourceRepos, ["https://git.site-t.example/sorting/configuration.git"]);
    const server = "https://kubernetes.default.svc";
    assert.deepEqual(spec.destinations, [
      { server, namespace: "site-t-sorting-jobs" },
      { server, namespace: "site-t-sorting-web" },
    ]);
    assert.deepEqual(spec.clusterResourceWhitelist, []);
    const kinds = spec.namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
    assert.ok(kinds.includes("Deployment"));
    for (const kept of ["ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding", "Role"]) {
      assert.ok(!kinds.includes(kept), kept);
    }
    const open = named("delivery-argo-default-project").inputs;
    assert.equal(open.metadata.name, "default");
    assert.deepEqual([open.spec.sourceRepos, open.spec.destinations], [[], []]);
  });

  it("follows a folder for each namespace, and leaves what runs when an Application goes", async () => {
    const { named } = await unchanged();
    const { metadata, spec } = named("delivery-site-t-sorting-web-application").inputs;
    assert.equal(spec.project, "sorting");
    assert.deepEqual(spec.source, {
      repoURL: "https://git.site-t.example/sorting/configuration.git",
      path: "site-t/web",
      targetRevision: "main",
    });
    assert.deepEqual(spec.syncPolicy.automated, { prune: true, selfHeal: true });
    for (const option of ["ServerSideApply=true", "ApplyOutOfSyncOnly=true"])
      assert.ok(spec.syncPolicy.syncOptions.includes(option), option);
    assert.equal(metadata.finalizers, undefined);
  });

  it("gives a login to one project alone, as a secret, and keys their last line break", async () => {
    const { named, secretInputs } = await unchanged();
    const { metadata, stringData } = named("delivery-sorting-repository").inputs;
    assert.equal(metadata.labels["argocd.argoproj.io/secret-type"], "repository");
    assert.deepEqual(stringData, {
      type: "git",
      url: "https://git.site-t.example/sorting/configuration.git",
      project: "sorting",
      username: "git",
      password: "read",
    });
    assert.deepEqual(secretInputs("delivery-sorting-repository"), ["stringData"]);
    const overSsh = await deployed((site) => {
      const { delivery } = site.tenancy.workspaces.sorting;
      delivery.repository = "git@git.site-t.example:sorting/configuration.git";
      delivery.accessSecret = "readKey";
      site.delivery.servers["git.site-t.example"].hostKeys = ["ssh-ed25519 AAAA"];
    });
    const key = overSsh.named("delivery-sorting-repository").inputs.stringData;
    assert.equal(key.sshPrivateKey, `${secrets.readKey}\n`);
    assert.equal(key.username, undefined);
    const { ssh } = overSsh.named("delivery-argo-argo-cd").inputs.values.configs;
    assert.equal(ssh.knownHosts, "git.site-t.example ssh-ed25519 AAAA\n");
  });

  it("keeps Argo CD's secrets apart from its chart, so that no two previews differ", async () => {
    const { named } = await unchanged();
    const { values } = named("delivery-argo-argo-cd").inputs;
    assert.equal(values.configs.secret.createSecret, false);
    assert.equal(values.redisSecretInit.enabled, false);
    const { metadata, stringData } = named("delivery-argo-secret").inputs;
    assert.equal(metadata.name, "argocd-secret");
    assert.equal(stringData["admin.passwordMtime"], "2026-01-01T00:00:00Z");
    assert.equal(named("delivery-argo-cache-secret").inputs.metadata.name, "argocd-redis");
    assert.equal(values.configs.params["server.insecure"], true);
    assert.equal(values.dex.enabled, false);
    assert.equal(values.notifications.enabled, false);
    assert.equal(values.global.networkPolicy.create, false);
    assert.match(values.configs.tls.certificates["git.site-t.example"], /BEGIN CERTIFICATE/);
  });

  it("has one cache on two workers, three on three, and keeps Pods apart where a roll-out can end", async () => {
    const valuesOn = async (count: number) => {
      const { named } = await deployed(workers(count));
      const { values } = named("delivery-argo-argo-cd").inputs;
      return {
        replicas: values.server.replicas,
        apart: values.global.affinity.podAntiAffinity,
        caches: values["redis-ha"]?.enabled ?? false,
        proxiesApart: values["redis-ha"]?.haproxy.hardAntiAffinity,
      };
    };
    const base = { replicas: 2, apart: "soft", caches: false, proxiesApart: undefined };
    assert.deepEqual(await valuesOn(2), base);
    const three = { ...base, apart: "hard", caches: true, proxiesApart: false };
    assert.deepEqual(await valuesOn(3), three);
    assert.deepEqual(await valuesOn(4), { ...three, proxiesApart: true });
  });

  it("gives both charts only keys that they read", async () => {
    for (const count of [2, 3]) {
      const { seen } = await deployed(workers(count));
      const strays = seen
        .filter(({ type }) => type === chart)
        .flatMap(({ inputs }) => {
          const name = /charts\/([a-z-]+)\.tgz$/.exec(inputs.chart)?.[1] ?? "";
          return strayKeys(name, catalogue.platform.charts[name]?.version ?? "", inputs.values);
        });
      assert.deepEqual(strays, []);
    }
  });

  it("answers where the site's ingress leads, and nowhere without one", async () => {
    const { argo } = deliveryOf();
    assert.deepEqual(argo.route?.urls, ["https://argocd.apps.site-t.example:31443/"]);
    const without = deliveryOf((site) => {
      delete site.ingress;
      delete site.certificates;
    });
    assert.equal(without.argo.route, undefined);
    assert.equal(without.argo.domain, undefined);
  });
});

describe("A workspace's runner", () => {
  it("starts jobs in its own namespace, from the site's registry alone", () => {
    const [runner] = deliveryOf().runners;
    if (runner === undefined) throw new Error("no runner");
    const lines = runnerConfiguration(runner)
      .split("\n")
      .map((line) => line.trim());
    for (const line of [
      'namespace = "site-t-sorting-runner"',
      'namespace_overwrite_allowed = ""',
      'service_account = "jobs"',
      'image = "dockerhub.kubekey.local/builds/toolbox:1"',
      'helper_image = "dockerhub.kubekey.local/gitlab-org/gitlab-runner/gitlab-runner-helper:x86_64-v19.3.0"',
      'allowed_images = ["dockerhub.kubekey.local/*","dockerhub.kubekey.local/**"]',
      'allowed_services = ["dockerhub.kubekey.local/*","dockerhub.kubekey.local/**"]',
      "privileged = false",
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it("has rights in its namespace only, and jobs that look at the workspace's", async () => {
    const { named, secretInputs } = await unchanged();
    const { values } = named("delivery-sorting-runner-gitlab-runner").inputs;
    assert.equal(values.rbac.clusterWideAccess, false);
    const binding = named("delivery-sorting-runner-site-t-sorting-web-binding").inputs;
    assert.equal(binding.roleRef.name, "sitewright-viewer");
    assert.deepEqual(binding.subjects, [
      { kind: "ServiceAccount", name: "jobs", namespace: "site-t-sorting-runner" },
    ]);
    const token = named("delivery-sorting-runner-token").inputs;
    assert.deepEqual(token.stringData, {
      "runner-token": "glrt-1",
      "runner-registration-token": "",
    });
    assert.deepEqual(secretInputs("delivery-sorting-runner-token"), ["stringData"]);
    const authorities = named("delivery-sorting-runner-certificates").inputs.stringData;
    assert.deepEqual(Object.keys(authorities), ["git.site-t.example.crt"]);
  });

  it("reaches Git, the registry and the API server, and nothing else outside", async () => {
    const { named } = await unchanged();
    const rules = ["exceptions", "platform"].flatMap(
      (name) => named(`delivery-sorting-runner-rules-${name}-policy`).inputs.spec.egress ?? [],
    );
    const cidrs = rules.flatMap((rule: AnySite) =>
      rule.to.flatMap((peer: AnySite) => peer.ipBlock?.cidr ?? []),
    );
    assert.deepEqual(cidrs.sort(), [
      "169.254.25.10/32",
      "192.0.2.11/32",
      "192.0.2.31/32",
      "192.0.2.60/32",
    ]);
  });

  it("counts with its jobs, in the site's room and in its quota", () => {
    const { pods, runners } = deliveryOf();
    const own = pods.filter(({ namespace }) => namespace === "site-t-sorting-runner");
    assert.deepEqual(
      own.map(({ name, replicas }) => [name, replicas]),
      [
        ["gitlab-runner", 1],
        ["jobs", 2],
      ],
    );
    const { quota } = runners[0]?.namespace ?? {};
    assert.equal(quota?.["requests.cpu"], "450m");
    assert.equal(quota?.pods, "4");
  });
});

describe("A namespace of the product", () => {
  async function product(mode: string | undefined, last: object = {}) {
    const { namespaces, workloads } = blueprintOf((site) => withProduct(site, mode));
    const args = {
      namespaces,
      workloads,
      sharedVolumes: [],
      rules: [],
      last: async () => ({ ...last }),
    };
    const { seen } = await deploy(() => new Product("product", args));
    return seen.map(({ name }) => name).sort();
  }

  it("is made with its workloads, or without them where Argo CD makes those", async () => {
    const all = await product("deploy");
    assert.deepEqual(await product(undefined), all);
    assert.deepEqual(await product("hand-over"), all);
    assert.ok(all.includes("product-web-stateful-set"));
    const left = await product("gitops");
    assert.deepEqual(left, [
      "product",
      "product-api",
      "product-clean-up",
      "product-parcels-middleware",
      "product-parcels-namespace",
      "product-web",
      "product-worker",
    ]);
  });

  it("is not let go of where the last whole deployment did not mark its workloads to stay", async () => {
    const last = { owners: { parcels: "deploy" } };
    await assert.rejects(product("gitops", last), /letting go of them now would delete them/);
    await product("gitops", { owners: { parcels: "hand-over" } });
  });

  it("gets a project for its own repository, without what stays the deployment's", () => {
    const [own] = deliveryOf((site) => withProduct(site, "gitops", { path: "site-t" })).projects;
    assert.equal(own?.name, "parcels");
    assert.deepEqual(own?.applications, [
      { name: "parcels", namespace: "parcels", path: "site-t/parcels", revision: "main" },
    ]);
    const kept = own !== undefined && "allBut" in own.kinds ? own.kinds.allBut : [];
    assert.ok(kept.some(({ kind }) => kind === "ResourceQuota"));
    for (const mode of ["deploy", "hand-over"]) {
      const names = deliveryOf((site) => withProduct(site, mode)).projects.map(({ name }) => name);
      assert.deepEqual(names, ["sorting"], mode);
    }
  });
});
