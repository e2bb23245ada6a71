import type { TraceStorage } from "../../site/platform/tracing-types";
import { ownLabels } from "../support/own-labels";
import { stackSecret } from "../support/stack-secret";
import { storageSecret } from "./program";
import { trustStore } from "./truststore";

/** What leads to where traces are kept: the password in the forms that programs read it in, and whom to believe. */
export function storageSecretObject(
  namespace: string,
  storage: Extract<TraceStorage, { kind: "elasticsearch" }>,
  secrets: Readonly<Record<string, string>>,
) {
  const { login, ca } = storage;
  const password =
    login &&
    stackSecret("tracing needs the password", login.passwordSecret, secrets[login.passwordSecret]);
  const options = [
    ...(login === undefined ? [] : [`user = "${quoted(`${login.user}:${password}`)}"`]),
    ...(ca === undefined ? [] : ['cacert = "/etc/tracing/secret/ca.crt"']),
  ];
  return {
    metadata: {
      name: storageSecret,
      namespace,
      labels: ownLabels,
    },
    data: {
      ...(password !== undefined && { password: base64(password) }),
      curl: base64(options.map((line) => `${line}\n`).join("")),
      ...(ca !== undefined && {
        "ca.crt": base64(ca),
        "truststore.jks": trustStore(ca).toString("base64"),
      }),
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** As curl reads texts in its file of options. */
function quoted(text: string): string {
  return text.replace(/[\\"]/g, "\\$&");
}
