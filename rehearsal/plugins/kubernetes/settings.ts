import { ProviderFailure } from "../protocol/failure";
import type { ClientSettings } from "./client/api";
import type { MutableData } from "./diff/replace-rules";
import { pluckNumber } from "./objects/kube-object";

/** What a Provider resource, or the stack's kubernetes:… configuration, says. */
export interface Settings {
  /** Content or path; "" for the one that kubectl would use. */
  kubeconfig: string;
  context: string;
  cluster: string;
  /** For objects that name none; "" when not set. */
  namespace: string;
  patchForce: boolean;
  upsertExistingObjects: boolean;
  mutable: MutableData;
  deleteUnreachable: boolean;
  skipUpdateUnreachable: boolean;
  suppressDeprecationWarnings: boolean;
  suppressHelmHookWarnings: boolean;
  client: ClientSettings;
}

const DEFAULT_CLIENT: ClientSettings = { qps: 50, burst: 120, timeoutSeconds: 60 };

/** Reads the configuration, with the environment's PULUMI_K8S_… variables for what it leaves out. */
export function settingsOf(
  variables: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): Settings {
  const text = (name: string) => variables[`kubernetes:config:${name}`] ?? "";
  const flag = (name: string, variable: string, otherwise = false): boolean => {
    const given = text(name) || environment[`PULUMI_K8S_${variable}`];
    return given === undefined || given === "" ? otherwise : given === "true";
  };
  refuse(
    !flag("enableServerSideApply", "ENABLE_SERVER_SIDE_APPLY", true),
    "enableServerSideApply: false",
  );
  refuse(text("renderYamlToDirectory") !== "", "renderYamlToDirectory");
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    patchForce: flag("enablePatchForce", "ENABLE_PATCH_FORCE"),
    upsertExistingObjects: flag("upsertExistingObjects", "UPSERT_EXISTING_OBJECTS"),
    mutable: {
      configMaps: flag("enableConfigMapMutable", "ENABLE_CONFIGMAP_MUTABLE"),
      secrets: flag("enableSecretMutable", "ENABLE_SECRET_MUTABLE"),
    },
    deleteUnreachable: flag("deleteUnreachable", "DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "SKIP_UPDATE_UNREACHABLE"),
    suppressDeprecationWarnings: flag(
      "suppressDeprecationWarnings",
      "SUPPRESS_DEPRECATION_WARNINGS",
    ),
    suppressHelmHookWarnings: flag("suppressHelmHookWarnings", "SUPPRESS_HELM_HOOK_WARNINGS"),
    client: clientSettings(text("kubeClientSettings"), environment),
  };
}

function clientSettings(json: string, environment: NodeJS.ProcessEnv): ClientSettings {
  const given = parse(json);
  const number = (name: string, variable: string, otherwise: number): number => {
    const configured =
      pluckNumber(given, name) ?? Number(environment[`PULUMI_K8S_CLIENT_${variable}`] || otherwise);
    if (Number.isFinite(configured)) return configured;
    throw new ProviderFailure(`PULUMI_K8S_CLIENT_${variable} must be a number.`);
  };
  return {
    qps: number("qps", "QPS", DEFAULT_CLIENT.qps),
    burst: number("burst", "BURST", DEFAULT_CLIENT.burst),
    timeoutSeconds: number("timeout", "TIMEOUT", DEFAULT_CLIENT.timeoutSeconds),
  };
}

function parse(json: string): Record<string, number> {
  if (json === "") return {};
  try {
    return JSON.parse(json) as Record<string, number>;
  } catch {
    throw new ProviderFailure(
      "kubeClientSettings must be an object such as { qps: 100, burst: 200, timeout: 30 }.",
    );
  }
}

function refuse(asked: boolean, option: string): void {
  if (!asked) return;
  throw new ProviderFailure(
    `The rehearsal's stand-in for the Kubernetes provider does not do ${option}. Leave the option out, or use the real plugin.`,
  );
}
