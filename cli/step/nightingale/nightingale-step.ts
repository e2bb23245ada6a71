import type { NightingaleConfiguration } from "../../../components/nightingale/configuration/configuration-types";
import { nightingaleSecretNames as names } from "../../../components/nightingale/step-secrets";
import { withPort } from "../../cluster-port/cluster-port";
import { withApi } from "../kubeconfig";
import type { StepContext } from "../step-context";
import { applySettings, type NightingaleResult } from "./settings";

/** Brings to Nightingale what it is to hold, by a way through the API server: nobody else reaches it yet. */
export async function nightingale(step: StepContext): Promise<NightingaleResult> {
  const { namespace, service, port } = step.need("nightingale");
  const secret = (name: string): string => {
    const value = step.secrets[name];
    if (value !== undefined) return value;
    throw new Error(`the request of this step does not hold ${name}`);
  };
  const wanted = JSON.parse(secret(names.configuration)) as NightingaleConfiguration;
  const passwords = { root: secret(names.root), own: secret(names.own) };
  return withApi(step, ({ access }) =>
    withPort(access, { namespace, service, port }, (url) =>
      applySettings(url, wanted, passwords, step.say),
    ),
  );
}
