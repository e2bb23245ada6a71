import type { ArgoBlueprint, RunnerBlueprint } from "../../site/platform/delivery-types";
import { logFormatLabel } from "../../site/workload/logs";
import { runtimeSeccomp } from "../support/pod-security";
import { certificatesSecret, tokenSecret } from "./resources";
import { runnerConfiguration } from "./runner-configuration";

/** Values of the charts argo-cd and gitlab-runner. */

/** As few Pods as can be away while a node is drained. */
const oneAway = { maxUnavailable: 1 };
const budget = { enabled: true, ...oneAway };

const asked = { enabled: true };

export function argoValues({
  replicas,
  highlyAvailable,
  ownHosts,
  ownCacheHosts,
  nodeSelector,
  resources,
  domain,
  authorities,
  hostKeys,
}: ArgoBlueprint) {
  const { controller, server, repoServer, cache, helper } = resources;
  const several = { replicas, ...(replicas > 1 && { pdb: budget }) };
  return {
    // Definitions come first and on their own; the secrets are ours, since a hook would make the one and chance the other.
    crds: { install: false },
    redisSecretInit: { enabled: false },
    global: {
      ...(domain !== undefined && { domain }),
      nodeSelector,
      affinity: { podAntiAffinity: ownHosts ? "hard" : "soft" },
      networkPolicy: { create: false },
    },
    configs: {
      cm: { "admin.enabled": true, "exec.enabled": false, "statusbadge.enabled": false },
      // TLS ends at the site's ingress.
      params: { "server.insecure": true },
      // Nobody but the administrator logs in; teams see their Applications in their own repository's pipeline.
      rbac: { "policy.default": "" },
      secret: { createSecret: false },
      ssh: { knownHosts: hostKeys.map((line) => `${line}\n`).join("") },
      tls: { certificates: { ...authorities } },
    },
    controller: { replicas: 1, resources: controller },
    server: { ...several, resources: server },
    repoServer: { ...several, resources: repoServer, copyutil: { resources: helper } },
    // Applications are written down one by one; what makes them from templates could make them for anybody.
    applicationSet: {
      replicas: 0,
      resources: helper,
      livenessProbe: asked,
      readinessProbe: asked,
      // Nothing answers behind its Service, and waiting for that would never end.
      service: { annotations: { "pulumi.com/skipAwait": "true" } },
    },
    dex: { enabled: false },
    notifications: { enabled: false },
    ...(highlyAvailable
      ? {
          redis: { enabled: false },
          "redis-ha": {
            enabled: true,
            nodeSelector,
            hardAntiAffinity: true,
            podDisruptionBudget: oneAway,
            redis: { resources: cache },
            sentinel: { resources: helper },
            init: { resources: helper },
            splitBrainDetection: { resources: helper },
            haproxy: {
              resources: cache,
              init: { resources: helper },
              hardAntiAffinity: ownCacheHosts,
              podDisruptionBudget: oneAway,
              metrics: { enabled: false },
            },
          },
        }
      : {
          redis: {
            resources: cache,
            // A cache asks nobody anything.
            automountServiceAccountToken: false,
            livenessProbe: asked,
            readinessProbe: asked,
          },
        }),
  };
}

export function runnerValues(runner: RunnerBlueprint) {
  const { url, ca, concurrent, resources } = runner;
  return {
    gitlabUrl: url,
    concurrent,
    checkInterval: 10,
    // A Pod that goes must not take the runner out of GitLab, which would have to give out another token.
    unregisterRunners: false,
    terminationGracePeriodSeconds: 3600,
    replicas: 1,
    ...(ca !== undefined && { certsSecretName: certificatesSecret }),
    rbac: { create: true, clusterWideAccess: false, rules: jobRules },
    serviceAccount: { create: true, name: "gitlab-runner" },
    resources,
    podSecurityContext: runtimeSeccomp,
    logFormat: "json",
    podLabels: { [logFormatLabel]: "json" },
    runners: { secret: tokenSecret, config: runnerConfiguration(runner) },
  };
}

/** What it takes to start jobs in the runner's own namespace, and nothing else anywhere. */
const jobRules = [
  {
    apiGroups: [""],
    resources: ["configmaps", "pods", "pods/attach", "secrets", "services"],
    verbs: ["get", "list", "watch", "create", "patch", "update", "delete"],
  },
  { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["list", "watch"] },
];
