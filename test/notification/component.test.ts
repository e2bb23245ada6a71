import assert from "node:assert/strict";
import { Monitoring } from "../../components/monitoring/monitoring";
import { MonitoringSecrets } from "../../components/monitoring/secrets";
import { monitoredSite, secretNames } from "../monitoring/site";
import { alertSecrets } from "../support/any-alerts";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { strayKeys } from "../support/settable-keys";
import { catalogue, resolve } from "../support/sites";
import { someAlerts } from "./settings";

const secrets = {
  password: "geheim-password",
  token: "geheim-token",
  address: "https://geheim.example.com/x",
  wechat: "geheim-wechat",
};

async function deployed(alerts: unknown) {
  const site = monitoredSite((one) => {
    one.alerts = alerts;
  });
  const { monitoring } = withBundle(resolve(site, [...secretNames, ...alertSecrets])).platform;
  if (monitoring === undefined) throw new Error("no monitoring");
  const found = await deploy(() => {
    const own = new MonitoringSecrets("own");
    return new Monitoring("monitoring", { monitoring, secrets, own });
  });
  const named = (name: string) => found.seen.find((one) => one.name === name);
  return { ...found, named };
}

describe("Alertmanager of a site with alerts", () => {
  it("reads two Secrets, of which only the second holds what the stack keeps", async () => {
    const { named, secretInputs, seen } = await deployed(someAlerts());
    const config = named("monitoring-alertmanager-config");
    assert.deepEqual(config?.inputs.metadata, {
      name: "alertmanager-config",
      namespace: "monitoring",
    });
    assert.deepEqual(Object.keys(config?.inputs.stringData), [
      "alertmanager.yaml",
      "sitewright.tmpl",
    ]);
    const files = named("monitoring-alertmanager-files");
    assert.deepEqual(files?.inputs.metadata, {
      name: "alertmanager-files",
      namespace: "monitoring",
    });
    assert.equal(files?.inputs.stringData["phone.token"], "geheim-token");
    assert.deepEqual(secretInputs("monitoring-alertmanager-files"), ["stringData"]);
    const others = seen.filter(({ name }) => name !== "monitoring-alertmanager-files");
    assert.doesNotMatch(JSON.stringify(others), /geheim/);
  });

  it("is told of them by values that the chart has, and counts deliveries by receiver", async () => {
    const values = (await deployed(someAlerts())).named("monitoring-stack")?.inputs.values;
    const { enableFeatures, alertmanagerSpec } = values.alertmanager;
    assert.deepEqual(enableFeatures, ["receiver-name-in-metrics"]);
    assert.equal(alertmanagerSpec.useExistingSecret, true);
    assert.equal(alertmanagerSpec.configSecret, "alertmanager-config");
    assert.deepEqual(alertmanagerSpec.secrets, ["alertmanager-files"]);
    const version = catalogue.platform.charts["kube-prometheus-stack"]?.version ?? "";
    assert.deepEqual(strayKeys("kube-prometheus-stack", version, values), []);
  });

  it("has neither at a site that tells nobody", async () => {
    const { seen, named } = await deployed(undefined);
    assert.deepEqual(
      seen.filter(({ name }) => name.includes("alertmanager-")).map(({ name }) => name),
      [],
    );
    assert.equal(named("monitoring-stack")?.inputs.values.alertmanager.enableFeatures, undefined);
  });
});
