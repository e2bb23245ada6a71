import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { HostBlueprint } from "../../site/blueprint-types";
import type { KeepalivedBlueprint } from "../../site/platform/edge-types";
import { type Access, connectionTo, requirePinnedKeys, secretOf } from "../support/connection";
import { rootCommandInText } from "../support/root-command";
import { addressRemovalScript, addressScript } from "./address-script";

export interface SharedAddressArgs extends Access {
  readonly hosts: readonly HostBlueprint[];
  readonly keepalived: KeepalivedBlueprint;
  /** haproxy.cfg of a host; absent where only addresses are shared. */
  readonly haproxyOf?: (host: HostBlueprint) => string;
}

/**
 * A command for each host that shares the addresses, named `<name>-<host>`. One host after the other: the first one gets the
 * address first, and a configuration that breaks a host leaves the others serving. Configurations stand in the commands'
 * texts, so a preview shows their changed lines.
 */
export function shareAddresses(
  name: string,
  args: SharedAddressArgs,
  parent: pulumi.Resource,
): readonly remote.Command[] {
  const { keepalived, haproxyOf } = args;
  const names = keepalived.addresses[0]?.members.map(({ host }) => host) ?? [];
  const members = names.flatMap((member) => args.hosts.filter((host) => host.name === member));
  requirePinnedKeys(members, args);
  const commands: remote.Command[] = [];
  for (const host of members) {
    const script = addressScript({
      host,
      keepalived,
      ...(haproxyOf && { haproxy: haproxyOf(host) }),
    });
    const put = rootCommandInText(host.login, script);
    const remove = rootCommandInText(host.login, addressRemovalScript(keepalived));
    const { passwordSecret } = host.login;
    const password =
      put.needsPassword && passwordSecret !== undefined
        ? secretOf(args, passwordSecret)
        : undefined;
    const made = new remote.Command(
      `${name}-${host.name}`,
      {
        connection: connectionTo(host, args),
        create: put.text,
        delete: remove.text,
        ...(password && { stdin: pulumi.secret(pulumi.interpolate`${password}\n`) }),
        logging: remote.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      { parent, dependsOn: commands.slice(-1), deleteBeforeReplace: true },
    );
    commands.push(made);
  }
  return commands;
}
