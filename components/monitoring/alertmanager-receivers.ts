import type {
  EmailReceiver,
  HeartbeatBlueprint,
  HookReceiver,
  ReceiverBlueprint,
  WechatReceiver,
} from "../../site/alerting/notification-types";
import { ownReceivers } from "../../site/alerting/special-labels";
import { fileOf } from "./alertmanager-secrets";
import { messageTemplates } from "./message-templates";

/** Receivers as Alertmanager's configuration has them. `secrets` is the folder with their files. */

const use = (name: string) => `{{ template "${name}" . }}`;

/** One receiver; only options that the Prometheus operator knows too, since it reads and writes the file in between. */
export function receiverConfig(receiver: ReceiverBlueprint, secrets: string): object {
  switch (receiver.kind) {
    case "email":
      return { name: receiver.name, email_configs: [email(receiver, secrets)] };
    case "wechat":
      return { name: receiver.name, wechat_configs: [wechat(receiver, secrets)] };
    default:
      return { name: receiver.name, webhook_configs: [hook(receiver, secrets)] };
  }
}

export function heartbeatConfig({ address, ca }: HeartbeatBlueprint, secrets: string): object {
  const { heartbeat: name } = ownReceivers;
  return {
    name,
    webhook_configs: [
      {
        // A sign of life that ends is what the other end waits for; saying that it ended would be one more.
        send_resolved: false,
        ...addressOf(name, address, secrets),
        http_config: { ...authority(name, ca, secrets) },
        max_alerts: 1,
      },
    ],
  };
}

function email(receiver: EmailReceiver, secrets: string): object {
  const { name, to, from, server, tls, serverName, login, ca } = receiver;
  return {
    send_resolved: receiver.sendResolved,
    to: to.join(", "),
    from,
    smarthost: `${server.host}:${server.port}`,
    ...(login !== undefined && {
      auth_username: login.user,
      auth_password_file: `${secrets}/${fileOf.password(name)}`,
    }),
    // Both said, whatever the port makes Alertmanager think.
    require_tls: tls === "starttls",
    force_implicit_tls: tls === "implicit",
    ...((ca ?? serverName) !== undefined && {
      tls_config: {
        ...(ca !== undefined && { ca_file: `${secrets}/${fileOf.authority(name)}` }),
        ...(serverName !== undefined && { server_name: serverName }),
      },
    }),
    headers: { Subject: use(messageTemplates.title) },
    html: "",
    text: use(messageTemplates.text),
  };
}

function wechat(receiver: WechatReceiver, secrets: string): object {
  const { name, corpId, agentId, apiUrl, toUsers, toParties, toTags, ca } = receiver;
  return {
    send_resolved: receiver.sendResolved,
    api_url: apiUrl,
    api_secret_file: `${secrets}/${fileOf.apiSecret(name)}`,
    corp_id: corpId,
    agent_id: agentId,
    to_user: toUsers.join("|"),
    to_party: toParties.join("|"),
    to_tag: toTags.join("|"),
    message_type: "text",
    message: use(messageTemplates.chat),
    http_config: { ...authority(name, ca, secrets) },
  };
}

function hook(receiver: HookReceiver, secrets: string): object {
  const { name, address, auth, ca } = receiver;
  const payload = payloadOf(receiver);
  return {
    send_resolved: receiver.sendResolved,
    ...addressOf(name, address, secrets),
    http_config: {
      ...(auth !== undefined &&
        ("bearerSecret" in auth
          ? { authorization: { credentials_file: `${secrets}/${fileOf.token(name)}` } }
          : {
              basic_auth: {
                username: auth.user,
                password_file: `${secrets}/${fileOf.password(name)}`,
              },
            })),
      ...authority(name, ca, secrets),
    },
    ...(payload !== undefined && { payload }),
  };
}

/**
 * What is posted in place of Alertmanager's own object; undefined where that is understood. It is one text, since parts
 * that look like something else in YAML, such as telephone numbers, would become just that.
 */
function payloadOf({ speaks, to }: HookReceiver): string | undefined {
  const { titleJson, chatJson, shortJson } = messageTemplates;
  switch (speaks) {
    case "alertmanager":
      return undefined;
    case "message":
      return `{"to": ${JSON.stringify(to)}, "title": ${use(titleJson)}, "text": ${use(shortJson)}, "status": {{ .Status | toJson }}, "severity": {{ .CommonLabels.severity | toJson }}}`;
    case "feishu":
      return `{"msg_type": "text", "content": {"text": ${use(chatJson)}}}`;
    case "dingtalk":
    case "wecom":
      return `{"msgtype": "text", "text": {"content": ${use(chatJson)}}}`;
  }
}

function addressOf(name: string, address: HookReceiver["address"], secrets: string) {
  return "url" in address ? { url: address.url } : { url_file: `${secrets}/${fileOf.url(name)}` };
}

function authority(name: string, ca: string | undefined, secrets: string) {
  return ca !== undefined && { tls_config: { ca_file: `${secrets}/${fileOf.authority(name)}` } };
}
