import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import type { Found } from "./operator";

/** Collections of everything that tells the API server to ask a webhook. */
export const webhookCollections: readonly string[] = ["mutating", "validating"].map(
  (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`,
);

export function isWebhooks({ kind }: KubeObject): boolean {
  return kind.endsWith("WebhookConfiguration");
}

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly caBundle?: string };
}

/** Puts an authority into every webhook of a configuration that has none yet. */
export async function giveAuthority(
  { object, path }: Found,
  certificate: string,
  api: KubeApi,
): Promise<void> {
  const webhooks = (object.webhooks ?? []) as readonly Webhook[];
  if (webhooks.every(({ clientConfig }) => clientConfig.caBundle !== undefined)) return;
  const caBundle = Buffer.from(certificate).toString("base64");
  await api.patch(path, {
    webhooks: webhooks.map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle },
    })),
  });
}

/** Whether a Deployment has a Pod that is ready. */
export async function runs(namespace: string, name: string, api: KubeApi): Promise<boolean> {
  const found = await api.get<KubeObject>(
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  );
  const { availableReplicas = 0 } = (found?.status ?? {}) as { availableReplicas?: number };
  return availableReplicas > 0;
}
