import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CertificatesBlueprint } from "../../site/platform/certificates-types";
import { installChart } from "../support/chart";
import { checkAuthority } from "./given-authority";
import { authorityIssuer, bootstrapIssuer, certificate } from "./resources";
import { certManagerValues } from "./values";

export interface CertificatesArgs {
  readonly certificates: CertificatesBlueprint;
  /** The stack's secrets by name; a given authority is among them. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Its webhook checks every issuer and certificate; without its authority in place the API server refuses them all. */
const webhookReady = "jsonpath={.webhooks[0].clientConfig.caBundle}";

/** cert-manager, the site's own authority, and the certificates that it signs. */
export class Certificates extends pulumi.ComponentResource {
  static readonly type = "sitewright:certificates:Certificates";

  constructor(name: string, args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Certificates.type, name, {}, opts);
    const { certificates } = args;
    const [chart] = certificates.charts;
    if (chart === undefined) throw new Error("the blueprint has no chart of cert-manager");

    const manager = installChart(
      `${name}-cert-manager`,
      {
        chart,
        values: certManagerValues(certificates),
        waitFor: {
          MutatingWebhookConfiguration: webhookReady,
          ValidatingWebhookConfiguration: webhookReady,
        },
      },
      { parent: this },
    );
    const authority = createAuthority(name, args, { parent: this, dependsOn: manager });
    const issuer = new k8s.apiextensions.CustomResource(
      `${name}-issuer`,
      authorityIssuer(certificates),
      { parent: this, dependsOn: authority },
    );
    for (const wanted of certificates.issued) {
      new k8s.apiextensions.CustomResource(
        `${name}-${wanted.namespace}-${wanted.name}`,
        certificate(wanted),
        { parent: this, dependsOn: issuer },
      );
    }
    this.registerOutputs({});
  }
}

/** What ends in the Secret that the issuer signs with: a certificate that signs itself, or the customer's. */
function createAuthority(
  name: string,
  { certificates, secrets }: CertificatesArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { authority, authoritySecret, namespace } = certificates;
  if (authority.kind === "given") {
    const checked = pulumi.output(secrets).apply((all) => {
      checkAuthority(authority, all);
      return all;
    });
    const given = (secret: string) => pulumi.secret(checked.apply((all) => all[secret] ?? ""));
    return new k8s.core.v1.Secret(
      `${name}-authority`,
      {
        metadata: { name: authoritySecret, namespace },
        type: "kubernetes.io/tls",
        stringData: {
          "tls.crt": given(authority.certificateSecret),
          "tls.key": given(authority.keySecret),
        },
      },
      opts,
    );
  }
  const bootstrap = new k8s.apiextensions.CustomResource(
    `${name}-bootstrap-issuer`,
    bootstrapIssuer(authority.bootstrapIssuer),
    opts,
  );
  return new k8s.apiextensions.CustomResource(
    `${name}-authority`,
    certificate(authority.certificate),
    { ...opts, dependsOn: bootstrap },
  );
}
