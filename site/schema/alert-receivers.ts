import { z } from "zod";
import { certificateField, domainField, list, secretNameField, text } from "./fields";

/** Ways of telling somebody: the `receivers` of the site's `alerts`. */

const emailField = text(
  /^[A-Za-z0-9.!#$%&'*+/=?^_`|~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
  "a mail address such as operations@example.com",
);

// No user in it, since that would be a secret in clear, and no braces, which would be read as a template.
export const urlField = text(
  /^(?=.{1,500}$)https?:\/\/[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?([/?][!-z|~]*)?$/,
  "an address with its scheme and without a password, such as https://alerts.example.com/hook",
);

const inClearField = text(/\S.{9,}/, "a reason of at least ten characters")
  .optional()
  .describe(
    "Why a secret may go to this address without TLS. Without a reason it may only within the cluster.",
  );

const resolvedField = z
  .boolean({ error: "true or false" })
  .default(true)
  .describe("Whether it is also told that something is over.");

export const caField = certificateField
  .optional()
  .describe("Authority of its certificate, where no public one signed it.");

const emailSchema = z.strictObject({
  kind: z.literal("email").describe("A mail to people, by the customer's mail server."),
  to: list(emailField, 50, "mail addresses")
    .min(1, { error: "at least one mail address" })
    .describe("Who gets it."),
  from: emailField.describe("Whom it comes from, as the mail server allows it."),
  smarthost: text(
    /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:\d{1,5}$/,
    "a mail server by name and port, such as mail.example.com:587",
  ).describe("Mail server and port: usually 587 with `starttls`, 465 with `implicit`."),
  user: text(/^[!-~]{1,200}$/, "a user name without spaces")
    .optional()
    .describe("User at the mail server. Absent: it takes mail without one."),
  passwordSecret: secretNameField.optional().describe("Secret with this user's password."),
  tls: z
    .enum(["starttls", "implicit", "none"], { error: "starttls, implicit or none" })
    .default("starttls")
    .describe(
      "When the connection becomes TLS: by STARTTLS, without which nothing is sent; from the first byte; or not at all.",
    ),
  ca: caField,
  serverName: domainField
    .optional()
    .describe("Name that its certificate is for, where that is not the one above."),
  inClearBecause: inClearField,
  sendResolved: resolvedField,
});

const recipient = text(/^[A-Za-z0-9@._-]{1,64}$/, "an ID as WeChat shows it, or @all");

const wechatSchema = z.strictObject({
  kind: z.literal("wechat").describe("A message by an application of the customer's WeCom."),
  corpId: text(/^[A-Za-z0-9_-]{1,64}$/, "the ID of the company").describe("ID of the company."),
  agentId: text(
    /^\d{1,12}$/,
    'the number of the application in quotes, such as "1000002"',
  ).describe("Number of the application that sends."),
  apiSecret: secretNameField.describe("Secret with the application's own secret."),
  toUsers: list(recipient, 100, "users").default([]).describe("Users who get it."),
  toParties: list(recipient, 100, "departments").default([]).describe("Departments that get it."),
  toTags: list(recipient, 100, "tags").default([]).describe("Tags whose members get it."),
  apiUrl: urlField
    .default("https://qyapi.weixin.qq.com/cgi-bin/")
    .describe("Address of WeCom's API, or of a proxy for it inside the site."),
  ca: caField,
  inClearBecause: inClearField,
  sendResolved: resolvedField,
});

/** How something that takes messages by HTTP is reached. */
const hookFields = {
  url: urlField.optional().describe("Address that messages are posted to."),
  urlSecret: secretNameField
    .optional()
    .describe("Secret with that address, where the address itself lets anybody send."),
  bearerSecret: secretNameField
    .optional()
    .describe("Secret with a token that is sent as `Authorization: Bearer`."),
  user: text(/^[!-9;-~]{1,200}$/, "a user name without spaces and colons")
    .optional()
    .describe("User, where it asks for a user and a password."),
  passwordSecret: secretNameField.optional().describe("Secret with this user's password."),
  ca: caField,
  inClearBecause: inClearField,
  sendResolved: resolvedField,
};

const smsSchema = z.strictObject({
  kind: z.literal("sms").describe("A short message, by a bridge that takes it over HTTP."),
  to: list(
    text(/^\+?\d{5,15}$/, 'a telephone number in quotes, such as "+861000000000"'),
    50,
    "numbers",
  )
    .min(1, { error: "at least one number" })
    .describe("Numbers that get it; the bridge is told them."),
  speaks: z
    .enum(["message", "alertmanager"], { error: "message or alertmanager" })
    .default("message")
    .describe(
      "What the bridge understands: with `message` an object of `to`, `title`, `text`, `status`, `severity` and `site`, with `alertmanager` what Alertmanager posts by itself.",
    ),
  ...hookFields,
});

const imSchema = z.strictObject({
  kind: z.literal("im").describe("A message to a group, by its robot or by a bridge to one."),
  speaks: z
    .enum(["alertmanager", "dingtalk", "feishu", "wecom"], {
      error: "alertmanager, dingtalk, feishu or wecom",
    })
    .default("alertmanager")
    .describe(
      "What stands at the address: a bridge that takes what Alertmanager posts, or a group robot of that maker (or a proxy for it).",
    ),
  ...hookFields,
});

const webhookSchema = z.strictObject({
  kind: z.literal("webhook").describe("Anything that takes what Alertmanager posts."),
  ...hookFields,
});

export const receiverSchema = z.discriminatedUnion(
  "kind",
  [emailSchema, wechatSchema, smsSchema, imSchema, webhookSchema],
  { error: "a kind: email, wechat, sms, im or webhook" },
);

export type ReceiverSettings = z.output<typeof receiverSchema>;
/** Receivers that are reached by HTTP. */
export type HookSettings = Extract<ReceiverSettings, { kind: "sms" | "im" | "webhook" }>;
