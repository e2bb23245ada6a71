import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DeliveryBlueprint } from "../../site/platform/delivery-types";
import { Argo } from "./argo";
import { application, appProject, repositoryAccess } from "./resources";
import { Runner } from "./runner";

export interface DeliveryArgs {
  readonly delivery: DeliveryBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Argo CD, what it deploys from which repository, and the runners of workspaces. */
export class Delivery extends pulumi.ComponentResource {
  static readonly type = "sitewright:delivery:Delivery";
  /** Password of Argo CD's `admin`; a secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Delivery.type, name, {}, opts);
    const { argo, projects, runners } = args.delivery;
    const child = { parent: this };
    // Keys lose the last line break in many a pipe, and are refused without it.
    const secretOf = (secret: string) =>
      pulumi.secret(args.secrets).apply((all) => withLineBreak((all[secret] ?? "").trim()));

    const installed = new Argo(`${name}-argo`, { argo }, child);
    for (const project of projects) {
      const access = new k8s.core.v1.Secret(
        `${name}-${project.name}-repository`,
        repositoryAccess(argo.namespace, project, secretOf),
        { ...child, dependsOn: installed },
      );
      const bounds = new k8s.apiextensions.CustomResource(
        `${name}-${project.name}-project`,
        appProject(argo.namespace, project),
        { ...child, dependsOn: installed },
      );
      for (const one of project.applications) {
        new k8s.apiextensions.CustomResource(
          `${name}-${one.name}-application`,
          application(argo.namespace, project, one),
          { ...child, dependsOn: [access, bounds] },
        );
      }
    }
    for (const runner of runners) {
      new Runner(`${name}-${runner.workspace}-runner`, { runner, secrets: args.secrets }, child);
    }
    this.password = installed.password;
    this.registerOutputs({ password: this.password });
  }
}

function withLineBreak(text: string): string {
  return text.startsWith("-----BEGIN") ? `${text}\n` : text;
}
