import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformBlueprint } from "../site/platform/platform-types";
import { Certificates } from "./certificates/certificates";
import type { CentreSecrets } from "./config-centre/centre-secrets";
import { ConfigCentre } from "./config-centre/config-centre";
import { Definitions } from "./definitions/definitions";
import { Delivery } from "./delivery/delivery";
import { Ingress } from "./ingress/ingress";
import { Logging } from "./logging/logging";
import type { LoggingSecrets } from "./logging/secrets";
import { Mesh } from "./mesh/mesh";
import { Monitoring } from "./monitoring/monitoring";
import type { MonitoringSecrets } from "./monitoring/secrets";
import { Nightingale } from "./nightingale/nightingale";
import type { NightingaleSecrets } from "./nightingale/nightingale-secrets";
import { Storage } from "./storage/storage";
import type { StepSource } from "./support/step-command";
import { Tenancy } from "./tenancy/tenancy";
import { Tracing } from "./tracing/tracing";

export interface PlatformArgs extends StepSource {
  readonly platform: PlatformBlueprint;
  /** Present where the site has a config centre. */
  readonly centreSecrets?: CentreSecrets | undefined;
  /** Present where the site has monitoring. */
  readonly monitoringSecrets?: MonitoringSecrets | undefined;
  /** Present where the site has Nightingale. */
  readonly nightingaleSecrets?: NightingaleSecrets | undefined;
  /** Present where the site collects logs. */
  readonly loggingSecrets?: LoggingSecrets | undefined;
  /** Both words that allow the site's data to be erased were said: nothing that holds data is protected then. */
  readonly eraseData: boolean;
}

/** What the product stands on, in the order in which the parts need each other. */
export class Platform extends pulumi.ComponentResource {
  static readonly type = "sitewright:platform:Platform";
  /** Password of Argo CD's administrator, a secret; undefined on a site without it. */
  readonly deliveryPassword: pulumi.Output<string> | undefined;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Platform.type, name, {}, opts);
    const { definitions, namespaces, storage, certificates, mesh, ingress, tenancy, delivery } =
      args.platform;
    const before: pulumi.Resource[] = namespaces.map(
      (namespace) =>
        new k8s.core.v1.Namespace(
          `${name}-${namespace.name}-namespace`,
          { metadata: { name: namespace.name, labels: { ...namespace.labels } } },
          { parent: this, protect: namespace.holdsData === true && !args.eraseData },
        ),
    );
    if (definitions.length > 0) {
      before.push(
        new Definitions(`${name}-definitions`, { ...args, definitions }, { parent: this }),
      );
    }
    /** A part that stands on all those before it. */
    const next = <Part extends pulumi.Resource>(make: (opts: pulumi.ResourceOptions) => Part) => {
      const part = make({ parent: this, dependsOn: [...before] });
      before.push(part);
      return part;
    };

    if (storage) {
      next(
        (opts) => new Storage(`${name}-storage`, { ...args, storage, erase: args.eraseData }, opts),
      );
    }
    if (certificates) {
      next(
        (opts) =>
          new Certificates(`${name}-certificates`, { certificates, secrets: args.secrets }, opts),
      );
    }
    if (mesh) next((opts) => new Mesh(`${name}-mesh`, { mesh }, opts));
    if (ingress) next((opts) => new Ingress(`${name}-ingress`, { ingress }, opts));
    if (tenancy)
      next((opts) => new Tenancy(`${name}-tenancy`, { tenancy, secrets: args.secrets }, opts));
    const { logging, monitoring, tracing, nightingale } = args.platform;
    const { secrets } = args;
    const { loggingSecrets } = args;
    if (logging !== undefined && loggingSecrets !== undefined) {
      const withSecrets = { logging, secrets: loggingSecrets };
      next((opts) => new Logging(`${name}-logging`, withSecrets, opts));
    }
    const { monitoringSecrets: own } = args;
    if (monitoring !== undefined && own !== undefined) {
      const whole = { monitoring, secrets, own, erase: args.eraseData };
      next((opts) => new Monitoring(`${name}-monitoring`, whole, opts));
    }
    if (tracing) next((opts) => new Tracing(`${name}-tracing`, { tracing, secrets }, opts));
    const { nightingaleSecrets } = args;
    if (nightingale && nightingaleSecrets) {
      const whole = { nightingale, own: nightingaleSecrets, source: args };
      next((opts) => new Nightingale(`${name}-nightingale`, whole, opts));
    }
    this.deliveryPassword =
      delivery &&
      next((opts) => new Delivery(`${name}-delivery`, { delivery, secrets: args.secrets }, opts))
        .password;
    const { configCentre } = args.platform;
    if (configCentre?.server !== undefined && args.centreSecrets !== undefined) {
      const centre = { server: configCentre.server, secrets: args.centreSecrets };
      next((opts) => new ConfigCentre(`${name}-config-centre`, centre, opts));
    }
    this.registerOutputs({ deliveryPassword: this.deliveryPassword });
  }
}
