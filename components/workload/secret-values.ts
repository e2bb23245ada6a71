import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { RunError } from "../../site/run-error";
import type { SecretBlueprint } from "../../site/workload/pod-types";
import type { KubernetesObject } from "../support/kubernetes-object";
import { randomPassword } from "../support/random-password";

export interface SecretValuesArgs {
  /** Secrets of the release. */
  readonly wanted: readonly SecretBlueprint[];
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
  /** Further values by name, which other parts of the site have. */
  readonly further?: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * Values of the release's secrets: the site's own, or random ones that stay the same as long as the state does. Apart
 * from everything that lives in the cluster: a run that is killed there must not lose them.
 */
export class SecretValues extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:SecretValues";
  private readonly values: ReadonlyMap<string, pulumi.Output<string>>;
  private readonly salt: pulumi.Output<string>;

  constructor(name: string, args: SecretValuesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(SecretValues.type, name, {}, opts);
    const given = pulumi.secret(args.secrets);
    const wantedValues = args.wanted.map(
      ({ name: wanted, given: entry, length }) =>
        [
          wanted,
          entry === undefined
            ? randomPassword(`${name}-${wanted}`, this, length)
            : given.apply((all) => present(entry, all[entry])),
        ] as const,
    );
    this.values = new Map([...wantedValues, ...Object.entries(args.further ?? {})]);
    const salt = new random.RandomBytes(`${name}-salt`, { length: 32 }, { parent: this });
    this.salt = pulumi.secret(salt.hex);
    this.registerOutputs({});
  }

  /** A Secret with the values of these secrets, each under its name. */
  filled(object: KubernetesObject, names: readonly string[]): KubernetesObject {
    return {
      ...object,
      stringData: Object.fromEntries(names.map((name) => [name, this.valueNamed(name)])),
    };
  }

  /**
   * The object with an annotation of its Pods that changes with the values of these secrets. It is keyed with a
   * random text that never leaves the state, so it tells nothing of them, not even that two are alike.
   */
  restarting(object: KubernetesObject, names: readonly string[]): KubernetesObject {
    const texts = pulumi.all(names.map((name) => this.valueNamed(name)));
    const hash = pulumi.all([this.salt, texts]).apply(([salt, values]) =>
      createHmac("sha256", salt)
        .update(JSON.stringify([object.metadata.namespace, object.metadata.name, names, values]))
        .digest("hex")
        .slice(0, 16),
    );
    return withAnnotation(object, "sitewright/secrets-hash", pulumi.unsecret(hash));
  }

  private valueNamed(name: string): pulumi.Output<string> {
    const value = this.values.get(name);
    if (value === undefined) throw new Error(`no secret ${name} was decided for this site`);
    return value;
  }
}

function present(entry: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  const message = `the release's workloads need the secret ${entry}, and the stack has no value`;
  throw new RunError(message, { nextStep: `set one under sitewright:secrets.${entry}` });
}

interface Template {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** An object that starts Pods, with one more annotation on them. */
function withAnnotation(
  object: KubernetesObject,
  key: string,
  value: pulumi.Input<string>,
): KubernetesObject {
  const spec = object.spec as { readonly template: Template };
  const { metadata } = spec.template;
  const annotations = { ...metadata.annotations, [key]: value };
  return {
    ...object,
    spec: { ...spec, template: { ...spec.template, metadata: { ...metadata, annotations } } },
  };
}
