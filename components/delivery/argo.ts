import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ArgoBlueprint } from "../../site/platform/delivery-types";
import { pageObjects } from "../ingress/resources";
import { installChart } from "../support/chart";
import { kubernetesObject } from "../support/kubernetes-object";
import { hashedPassword, randomPassword } from "../support/random-password";
import { closedProject } from "./resources";
import { argoValues } from "./values";

export interface ArgoArgs {
  readonly argo: ArgoBlueprint;
}

/** Sessions that began before this end; a date of its own for each password is not needed. */
const passwordChanged = "2026-01-01T00:00:00Z";

/** Argo CD with its own secrets, and the way to its pages. */
export class Argo extends pulumi.ComponentResource {
  static readonly type = "sitewright:delivery:Argo";
  /** Password of `admin`; a secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: ArgoArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Argo.type, name, {}, opts);
    const { argo } = args;
    const { namespace } = argo;
    const child = { parent: this };

    const admin = hashedPassword(`${name}-admin-password`, this);
    const cache = randomPassword(`${name}-cache-password`, this);
    const before = [
      new k8s.core.v1.Secret(
        `${name}-secret`,
        {
          metadata: {
            name: "argocd-secret",
            namespace,
            labels: {
              "app.kubernetes.io/name": "argocd-secret",
              "app.kubernetes.io/part-of": "argocd",
            },
          },
          stringData: {
            // Made once, with a salt of its own, and kept in state: the same in every deployment.
            "admin.password": admin.bcryptHash,
            "admin.passwordMtime": passwordChanged,
          },
        },
        child,
      ),
      new k8s.core.v1.Secret(
        `${name}-cache-secret`,
        { metadata: { name: "argocd-redis", namespace }, stringData: { auth: cache } },
        child,
      ),
      // There first, or Argo CD makes one that may do everything.
      new k8s.apiextensions.CustomResource(
        `${name}-default-project`,
        closedProject(namespace),
        child,
      ),
    ];
    const chart = installChart(
      `${name}-argo-cd`,
      { chart: argo.chart, values: argoValues(argo) },
      { ...child, dependsOn: before },
    );
    for (const { noun, object } of pageObjects(namespace, argo)) {
      kubernetesObject(`${name}-${noun}`, object, { ...child, dependsOn: chart });
    }
    this.password = pulumi.secret(admin.result);
    this.registerOutputs({ password: this.password });
  }
}
