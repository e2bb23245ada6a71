import type {
  Address,
  NotificationBlueprint,
  ReceiverBlueprint,
} from "../../site/alerting/notification-types";
import { ownReceivers } from "../../site/alerting/special-labels";

/** Files that Alertmanager reads secrets and authorities from, so that its configuration holds none. */

export type SecretFile = {
  readonly file: string;
} & (
  | {
      /** Entry of the stack's secrets. */
      readonly secret: string;
      /** What it must be: an address is looked at, since nobody would see a broken one before it is needed. */
      readonly holds: "text" | "address";
    }
  | { readonly content: string }
);

/** Names of a receiver's files. Receivers' names have no dot, so that none can be taken for another's. */
export const fileOf = {
  password: (receiver: string) => `${receiver}.password`,
  token: (receiver: string) => `${receiver}.token`,
  apiSecret: (receiver: string) => `${receiver}.api-secret`,
  url: (receiver: string) => `${receiver}.url`,
  authority: (receiver: string) => `${receiver}.ca.pem`,
};

/** Every file that the configuration names. */
export function secretFiles({
  receivers,
  heartbeat,
}: Pick<NotificationBlueprint, "receivers" | "heartbeat">): readonly SecretFile[] {
  const { heartbeat: name } = ownReceivers;
  return [
    ...receivers.flatMap(filesOfReceiver),
    ...(heartbeat === undefined
      ? []
      : [...addressFile(name, heartbeat.address), ...authorityFile(name, heartbeat.ca)]),
  ];
}

function filesOfReceiver(receiver: ReceiverBlueprint): readonly SecretFile[] {
  const { name, ca } = receiver;
  return [...secretsOf(receiver), ...authorityFile(name, ca)];
}

function secretsOf(receiver: ReceiverBlueprint): readonly SecretFile[] {
  const { name } = receiver;
  const text = (file: string, secret: string): SecretFile => ({ file, secret, holds: "text" });
  switch (receiver.kind) {
    case "email":
      return receiver.login === undefined
        ? []
        : [text(fileOf.password(name), receiver.login.passwordSecret)];
    case "wechat":
      return [text(fileOf.apiSecret(name), receiver.apiSecret)];
    default: {
      const { auth } = receiver;
      return [
        ...addressFile(name, receiver.address),
        ...(auth === undefined
          ? []
          : "bearerSecret" in auth
            ? [text(fileOf.token(name), auth.bearerSecret)]
            : [text(fileOf.password(name), auth.passwordSecret)]),
      ];
    }
  }
}

function addressFile(name: string, address: Address): readonly SecretFile[] {
  if (!("urlSecret" in address)) return [];
  return [{ file: fileOf.url(name), secret: address.urlSecret, holds: "address" }];
}

function authorityFile(name: string, ca: string | undefined): readonly SecretFile[] {
  return ca === undefined ? [] : [{ file: fileOf.authority(name), content: ca }];
}
