import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { requestToken } from "../../cli/kubeconfig/token";
import { installProvider } from "../../rehearsal/plugins/protocol/launcher";
import { projectRoot } from "../../site/load";
import { resolve, smallSite } from "../support/sites";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

/**
 * What tenancy promises, kept by a real API server with RBAC, quotas, limit ranges and Pod security. Network policies
 * are only seen to be accepted: nothing enforces them where no network plugin runs.
 */
describe("Tenancy on a real control plane", function () {
  this.timeout(240_000);
  const suite = onCluster(3, "RBAC");
  const web = "site-t-sorting-web";

  /** JavaScript that makes what a site's tenancy asks for, its platform's namespaces included. */
  function program(tenancy: object, site: object = {}): string {
    const { platform } = resolve({ ...smallSite(), ...site, tenancy }).blueprint;
    const blueprint = structuredClone(platform.tenancy) as {
      kubesphere?: { chart: { path?: string } };
    };
    if (blueprint.kubesphere) {
      blueprint.kubesphere.chart.path = join(projectRoot, "rehearsal/charts/ks-core");
    }
    return `${suite.provider("enablePatchForce: true, upsertExistingObjects: true")}
      require(${JSON.stringify(join(projectRoot, "toolchain/register.js"))});
      const { Tenancy } = require(${JSON.stringify(join(projectRoot, "components/tenancy/tenancy.ts"))});
      const providers = [k.provider];
      const dependsOn = ${JSON.stringify(platform.namespaces)}.map((metadata) =>
        new k8s.core.v1.Namespace(metadata.name, { metadata }, k));
      new Tenancy("tenancy", { tenancy: ${JSON.stringify(blueprint)}, secrets: pulumi.secret({ consolePassword: "geheim-1A" }) }, { providers, dependsOn });`;
  }

  /** A token as the kubeconfig command asks for it. */
  async function tokenOf(role: string): Promise<string> {
    const { clusters, users } = parse(readFileSync(suite.plane.kubeconfig, "utf8"));
    const { server, "certificate-authority-data": ca } = clusters[0].cluster;
    const { hostname, port } = new URL(server);
    const access = {
      ca: Buffer.from(ca, "base64"),
      serverName: "kubernetes",
      authorization: `Bearer ${users[0].user.token}`,
      dial: async () => connect(Number(port), hostname),
    };
    const { token, until } = await requestToken(access, "sitewright-access", `sorting-${role}`, 1);
    const minutes = (Date.parse(until) - Date.now()) / 60_000;
    assert.ok(minutes > 50 && minutes < 70, `ends in ${minutes} minutes`);
    await assert.rejects(
      requestToken(access, "sitewright-access", "nobody", 1),
      /no account sitewright-access\/nobody yet/,
    );
    return token;
  }

  const pod = (name: string, container: object = {}, spec: object = {}) => ({
    metadata: { name },
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image: "a:1",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          ...container,
        },
      ],
      ...spec,
    },
  });

  it("bounds Pods, namespaces and roles", async () => {
    suite.project.program(
      program({
        workspaces: {
          sorting: {
            namespaces: {
              web: { quota: { requests: { cpu: "300m" }, pods: 4 } },
              jobs: { baselineBecause: "an image that wants root" },
            },
          },
        },
      }),
    );
    await suite.up();
    assert.deepEqual(await suite.project.plan(), []);

    const tokens = {
      operator: await tokenOf("operator"),
      developer: await tokenOf("developer"),
      viewer: await tokenOf("viewer"),
    };
    const ask = async (
      who: keyof typeof tokens | "admin",
      method: string,
      path: string,
      body?: object,
    ) => {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const token = who === "admin" ? [] : [tokens[who]];
      return suite.plane.api(method, path, body, type, ...token);
    };
    /** The refusal's words; fails when there was none. */
    const refusal = async (...call: Parameters<typeof ask>) => {
      const answer = await ask(...call);
      assert.equal(at(answer, "code"), 403, `${call.join(" ")}: ${JSON.stringify(answer)}`);
      return String(at(answer, "message"));
    };
    const accepted = async (...call: Parameters<typeof ask>) => {
      const answer = await ask(...call);
      assert.notEqual(at(answer, "status"), "Failure", JSON.stringify(answer));
      return answer;
    };
    const inWeb = `/api/v1/namespaces/${web}`;
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${web}/rolebindings`;
    const policies = `/apis/networking.k8s.io/v1/namespaces/${web}/networkpolicies`;
    const binding = (role: string) => ({
      metadata: { name: `more-${role}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "User", name: "shift-lead", apiGroup: "rbac.authorization.k8s.io" }],
    });
    await quotaIsCounted(inWeb);

    // Limit range: what states nothing gets the defaults, what states too much is refused.
    const made = await accepted("developer", "POST", `${inWeb}/pods`, pod("plain"));
    const [container] = at(made, "spec.containers") as { resources: object }[];
    assert.deepEqual(container?.resources, {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    });
    const large = { resources: { requests: { cpu: "10m" }, limits: { cpu: "5", memory: "1Gi" } } };
    assert.match(
      await refusal("developer", "POST", `${inWeb}/pods`, pod("large", large)),
      /maximum cpu usage per Container is 4/,
    );
    // Quota.
    const greedy = { resources: { requests: { cpu: "260m", memory: "64Mi" } } };
    assert.match(
      await refusal(
        "developer",
        "POST",
        `${inWeb}/pods`,
        pod("greedy", { resources: { ...greedy.resources, limits: { cpu: "1", memory: "64Mi" } } }),
      ),
      /exceeded quota: quota, requested: requests.cpu=260m, used: requests.cpu=50m, limited: requests.cpu=300m/,
    );
    const nodePort = {
      metadata: { name: "open" },
      spec: { type: "NodePort", ports: [{ port: 80 }] },
    };
    assert.match(
      await refusal("developer", "POST", `${inWeb}/services`, nodePort),
      /services.nodeports/,
    );
    // Pod security.
    const privileged = { securityContext: { privileged: true } };
    assert.match(
      await refusal("operator", "POST", `${inWeb}/pods`, pod("privileged", privileged)),
      /violates PodSecurity "restricted:latest": privileged/,
    );
    const root = pod("root", { securityContext: {} }, { securityContext: {} });
    await refusal("developer", "POST", `${inWeb}/pods`, root);
    const jobs = "/api/v1/namespaces/site-t-sorting-jobs/pods";
    await accepted("developer", "POST", jobs, root);
    assert.match(
      await refusal("developer", "POST", jobs, pod("privileged", privileged)),
      /"baseline:latest"/,
    );

    // Viewer.
    await accepted("developer", "POST", `${inWeb}/secrets`, {
      metadata: { name: "login" },
      stringData: { a: "b" },
    });
    const pods = at(await accepted("viewer", "GET", `${inWeb}/pods`), "items");
    assert.equal((pods as unknown[]).length, 1);
    await accepted("viewer", "GET", `${inWeb}/resourcequotas/quota`);
    await refusal("viewer", "DELETE", `${inWeb}/pods/plain`);
    await refusal("viewer", "GET", `${inWeb}/secrets`);
    await refusal("viewer", "GET", `${inWeb}/secrets/login`);
    await refusal("viewer", "GET", "/api/v1/namespaces/default/pods");
    await refusal("viewer", "GET", "/api/v1/pods");
    // Developer: deploys, and leaves the bounds alone.
    await accepted("developer", "GET", `${inWeb}/secrets/login`);
    await refusal("developer", "DELETE", `${policies}/deny-by-default`);
    await refusal("developer", "POST", policies, {
      metadata: { name: "all" },
      spec: { podSelector: {}, egress: [{}] },
    });
    await refusal("developer", "DELETE", `${inWeb}/resourcequotas/quota`);
    await refusal("developer", "PATCH", `${inWeb}/limitranges/containers`, {
      metadata: { labels: { a: "b" } },
    });
    await refusal("developer", "PATCH", `/api/v1/namespaces/${web}`, {
      metadata: { labels: { a: "b" } },
    });
    await refusal("developer", "POST", rbac, binding("sitewright-developer"));
    const account = "/api/v1/namespaces/sitewright-access/serviceaccounts/sorting-operator/token";
    await refusal("developer", "POST", account, { spec: {} });
    // Operator: hands on what the workspace has, and no more.
    await accepted("operator", "POST", rbac, binding("sitewright-viewer"));
    await accepted("operator", "POST", rbac, binding("sitewright-operator"));
    assert.match(
      await refusal("operator", "POST", rbac, binding("admin")),
      /attempting to grant RBAC permissions/,
    );
    await refusal("operator", "DELETE", `${policies}/platform`);
    await refusal("operator", "DELETE", `${inWeb}/resourcequotas/quota`);
    await refusal("operator", "POST", account, { spec: {} });
    // Nothing runs beside the accounts, whoever asks.
    assert.match(
      await refusal("admin", "POST", "/api/v1/namespaces/sitewright-access/pods", pod("thief")),
      /exceeded quota: no-pods/,
    );

    const refused = await suite.project.run("destroy", "--yes", "--skip-preview");
    assert.match(refused.output, /protected/);
    await suite.project.succeed("state", "unprotect", "--all", "--yes");
    await suite.destroy();
  });

  it("has KubeSphere installed by Helm with its hooks, from the site's registry, and silent", async () => {
    installProvider(join(suite.project.folder, "home"), { name: "random", version: "4.21.2" });
    for (const node of ["node1", "node2", "node3"]) {
      const labels = { "sitewright/worker": "true" };
      await suite.plane.api(
        "PATCH",
        `/api/v1/nodes/${node}`,
        { metadata: { labels } },
        "application/merge-patch+json",
      );
    }
    const kubesphere = { acceptLicence: true };
    const hosts = smallSite().hosts;
    hosts.push({ ...hosts[1], name: "worker-3", address: "192.0.2.23" });
    // As many workers as there are Pods of each program.
    const site = { hosts, storage: { kind: "local", local: { dataStaysOnItsNode: true } } };
    suite.project.program(program({ kubesphere }, site));
    await suite.up();
    assert.deepEqual(await suite.project.plan(), [], "a second preview has no change");

    const system = (group: string, what: string) => `${group}/namespaces/kubesphere-system/${what}`;
    const deployments = at(
      await suite.plane.api("GET", system("/apis/apps/v1", "deployments")),
      "items",
    );
    const ready = (deployments as object[]).map((one) => [
      at(one, "metadata.name"),
      at(one, "status.availableReplicas"),
    ]);
    assert.deepEqual(ready, [
      ["extensions-museum", 1],
      ["ks-apiserver", 3],
      ["ks-console", 3],
      ["ks-controller-manager", 3],
      ["ks-core-redisha-haproxy", 3],
    ]);
    const pods = at(await suite.plane.api("GET", system("/api/v1", "pods")), "items") as object[];
    for (const one of pods) {
      const [container] = at(one, "spec.containers") as { image: string; resources: object }[];
      assert.match(container?.image ?? "", /^dockerhub\.kubekey\.local\/kubesphere\//);
      assert.ok(at(container?.resources, "limits.memory"), JSON.stringify(container));
    }
    const hook = system("/apis/batch/v1", "jobs/ks-core-post-patch-system-ns");
    assert.equal(at(await suite.plane.api("GET", hook), "status.succeeded"), 1);
    const telemetry = async () => {
      const secret = system("/api/v1", "secrets/io.kubesphere.config.platformconfig.telemetry");
      const data = at(await suite.plane.api("GET", secret), "data") as Record<string, string>;
      return Buffer.from(data["configuration.yaml"] ?? "", "base64").toString();
    };
    assert.equal(await telemetry(), "enabled: false\n");

    // An upgrade that replaces every Pod comes to its end with no host to spare, and leaves telemetry off. The password
    // of the console stands nowhere in clear.
    suite.project.program(
      program({ kubesphere: { ...kubesphere, consoleNodePort: 30_900 } }, site)
        .replace(
          '"timeoutSeconds":900',
          '"timeoutSeconds":90,"adminPasswordSecret":"consolePassword"',
        )
        .replaceAll("dockerhub.kubekey.local", "other.kubekey.local"),
    );
    await suite.up();
    assert.equal(await telemetry(), "enabled: false\n");
    assert.deepEqual(await suite.project.plan(), []);
    const console = await suite.plane.api("GET", system("/api/v1", "services/ks-console"));
    assert.deepEqual((at(console, "spec.ports") as { nodePort: number }[])[0]?.nodePort, 30_900);
    assert.ok(!(await suite.project.succeed("stack", "export")).includes("geheim-1A"));

    const refused = await suite.project.run("destroy", "--yes", "--skip-preview");
    assert.match(refused.output, /protected/);
    await suite.project.succeed("state", "unprotect", "--all", "--yes");
    await suite.destroy();
    assert.equal(
      at(await suite.plane.api("GET", system("/apis/apps/v1", "deployments")), "items.length"),
      0,
    );
  });

  /** The quota's controller needs a moment before the API server holds anybody to it. */
  async function quotaIsCounted(namespace: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const quota = await suite.plane.api("GET", `${namespace}/resourcequotas/quota`);
      if (at(quota, "status.hard") !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the quota of ${namespace} is not counted`);
  }
});
