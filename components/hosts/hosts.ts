import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { BaselineBlueprint, HostBlueprint } from "../../site/blueprint-types";
import { type Access, connectionTo, requirePinnedKeys, secretOf } from "../support/connection";
import { type RootCommand, rootCommandInText, rootCommandOnStdin } from "../support/root-command";
import { baselineRemovalScript, baselineScript } from "./baseline-script";
import { preflightScript } from "./preflight-script";

export interface HostsArgs extends Access {
  readonly hosts: readonly HostBlueprint[];
  readonly baseline: BaselineBlueprint;
}

/** The site's hosts, looked at once before anything is done to them and then kept on the site's baseline. */
export class Hosts extends pulumi.ComponentResource {
  static readonly type = "sitewright:hosts:Hosts";
  /** Names of the hosts, known once every baseline is in place. */
  readonly ready: pulumi.Output<readonly string[]>;

  constructor(name: string, args: HostsArgs, opts?: pulumi.ComponentResourceOptions) {
    // Before anything is registered, so that nothing has been sent to any host when a key is missing.
    requirePinnedKeys(args.hosts, args);
    super(Hosts.type, name, {}, opts);

    const preflights = args.hosts.map((host) => preflight(name, host, args, this));
    // No host is changed while any host still stands in the way of the delivery.
    const baselines = args.hosts.map((host) => baseline(name, host, args, this, preflights));

    this.ready = pulumi
      .all(baselines.map((done) => done.id))
      .apply(() => args.hosts.map((host) => host.name));
    this.registerOutputs({ ready: this.ready });
  }
}

/**
 * Looked at once, when the host comes to the site: afterwards a cluster runs there, which a preflight takes for leftovers.
 * So an update (another threshold, password or host key) does nothing, and only another address makes it another host.
 */
function preflight(name: string, host: HostBlueprint, args: HostsArgs, parent: pulumi.Resource) {
  const run = rootCommandOnStdin(host.login, "gate");
  const { site } = args;
  const script = preflightScript({ site, host: host.name, checks: host.preflight });
  return new remote.Command(
    `${name}-${host.name}-preflight`,
    {
      connection: connectionTo(host, args),
      create: run.text,
      // Takes its input to the end: a channel closed before that counts as an error on the operator's side.
      update: "cat >/dev/null",
      stdin: standardInput(run, host, args, script),
      triggers: [host.address],
      logging: remote.Logging.None,
      // Otherwise the findings are offered to the host as a variable, which its sshd refuses with a warning.
      addPreviousOutputInEnv: false,
    },
    { parent },
  );
}

/** Runs again, in place, whenever its script changes; has no triggers, because the plugin answers those with a replacement. */
function baseline(
  name: string,
  host: HostBlueprint,
  args: HostsArgs,
  parent: pulumi.Resource,
  dependsOn: pulumi.Resource[],
) {
  const put = rootCommandInText(host.login, baselineScript(args.site, args.baseline));
  const remove = rootCommandInText(host.login, baselineRemovalScript());
  const stdin = standardInput(put, host, args, "");
  return new remote.Command(
    `${name}-${host.name}-baseline`,
    {
      connection: connectionTo(host, args),
      create: put.text,
      delete: remove.text,
      ...(put.needsPassword ? { stdin } : {}),
      logging: remote.Logging.Stderr,
      addPreviousOutputInEnv: false,
    },
    // Should somebody force a replacement: the old one's removal must not come after the new one's work.
    { parent, dependsOn, deleteBeforeReplace: true },
  );
}

/** The sudo password, where one is needed, and after it the script. Secret just when it holds the password. */
function standardInput(
  run: RootCommand,
  host: HostBlueprint,
  args: HostsArgs,
  script: string,
): pulumi.Input<string> {
  const name = host.login.passwordSecret;
  if (!run.needsPassword) return script;
  if (name === undefined) {
    throw new pulumi.RunError(
      `host ${host.name} needs a sudo password, but its login names no passwordSecret\n` +
        `  next: add login.passwordSecret, or set sudo to nopasswd or none`,
    );
  }
  return pulumi.secret(secretOf(args, name).apply((password) => `${password}\n${script}`));
}
