import { logStore } from "../../site/platform/logging-place";
import type { LogStoreBlueprint } from "../../site/platform/logging-types";
import { lockedContainer, restrictedPod } from "../support/pod-security";
import { authorityFile } from "./output-config";

/** What everything of the site's own store has in common. */

export interface Place {
  readonly namespace: string;
  readonly store: LogStoreBlueprint;
}

export const named = (name: string) => ({ "app.kubernetes.io/name": name });

/** User of the images. */
const user = 1000;

/** Secret with the passwords, and its keys. */
export const passwordsSecret = "elasticsearch-passwords";
export const passwordKeys = {
  administrator: "administrator",
  pages: "pages",
  writer: "writer",
  encryptionKey: "encryptionKey",
} as const;

export function storeUrl({ namespace, store }: Place): string {
  const scheme = store.certificate === undefined ? "http" : "https";
  return `${scheme}://${logStore.service}.${namespace}.svc:${logStore.port}`;
}

export function secretVariable(name: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: passwordsSecret, key } } };
}

export function storePodSecurity() {
  return { ...restrictedPod(user), fsGroupChangePolicy: "OnRootMismatch" };
}

/** Servers and pages write beside their programs. */
export const storeContainerSecurity = { ...lockedContainer, readOnlyRootFilesystem: false };

/** Whether a port is open. */
export function open(port: number) {
  return { tcpSocket: { port }, timeoutSeconds: 5 };
}

/** The authority that the store is known by. */
export function authorityMounts(signed: boolean) {
  const mountPath = authorityFile.slice(0, authorityFile.lastIndexOf("/"));
  return signed ? [{ name: "authority", mountPath, readOnly: true }] : [];
}

export function authorityVolumes({ certificate }: LogStoreBlueprint) {
  if (certificate === undefined) return [];
  const { secretName } = certificate;
  return [
    { name: "authority", secret: { secretName, items: [{ key: "ca.crt", path: "ca.crt" }] } },
  ];
}
