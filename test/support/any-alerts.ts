import fc from "fast-check";
import { weekdays } from "../../site/schema/week-times";

/** Settings of alerts as sites may state them, without problems. */

const names = ["mail", "chat", "phone", "wecom", "hook"];

const certificate = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n";

const resolved = { sendResolved: fc.boolean() };
const authority = { ca: fc.constant(certificate) };

const email = (name: string) =>
  fc.record(
    {
      kind: fc.constant("email"),
      // Of its own: no two receivers lead to the same place.
      to: fc
        .integer({ min: 1, max: 3 })
        .map((count) => Array.from({ length: count }, (_, at) => `${name}-${at}@example.com`)),
      from: fc.constant("alerts@site-t.example"),
      smarthost: fc.constantFrom("mail.example.com:587", "192.0.2.25:25"),
      tls: fc.constantFrom("starttls", "implicit"),
      serverName: fc.constant("mail.example.com"),
      ...resolved,
      ...authority,
    },
    { requiredKeys: ["kind", "to", "from", "smarthost"] },
  );

const login = fc.constantFrom(
  {},
  { bearerSecret: "token" },
  { user: "alerts", passwordSecret: "password" },
);

const hook = (name: string) =>
  fc
    .tuple(
      fc.constantFrom(
        { kind: "webhook" },
        { kind: "im", speaks: "dingtalk" },
        { kind: "im", speaks: "feishu" },
        { kind: "im", speaks: "wecom" },
        { kind: "im" },
        { kind: "sms", to: [`+100000${names.indexOf(name)}`, `1380000000${names.indexOf(name)}`] },
        { kind: "sms", to: [`+200000${names.indexOf(name)}`], speaks: "alertmanager" },
      ),
      login,
      fc.constantFrom(
        { url: `https://${name}.example.com/hook?key=1` },
        { urlSecret: `${name}Address` },
      ),
      fc.record({ ...resolved, ...authority }, { requiredKeys: [] }),
    )
    .map((parts) => Object.assign({}, ...parts));

const wechat = () =>
  fc.record(
    {
      kind: fc.constant("wechat"),
      corpId: fc.constant("ww0000000000000000"),
      agentId: fc.constant("1000002"),
      apiSecret: fc.constant("wechat"),
      toParties: fc.constantFrom(["1"], ["1", "2"]),
      apiUrl: fc.constantFrom("https://proxy.example.com/cgi-bin", "https://proxy.example.com/"),
      ...resolved,
    },
    { requiredKeys: ["kind", "corpId", "agentId", "apiSecret", "toParties"] },
  );

/** Entries of the stack that these settings refer to. */
export const alertSecrets = [
  ...["token", "password", "address", "wechat"],
  ...names.map((name) => `${name}Address`),
];

const time = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((minute) =>
    [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":"),
  );

/** Two days at most, so that they never cover the week. */
export const anyQuietHours = fc.array(
  fc
    .record({
      days: fc.subarray([...weekdays], { minLength: 1, maxLength: 2 }),
      from: time,
      to: fc.oneof(time, fc.constant("24:00")),
    })
    .filter(({ from, to }) => from !== to),
  { maxLength: 2 },
);

/** The `alerts` of a site with a default team, the usual further ones, and receivers that are all used. */
export const anyAlerts = fc
  .tuple(
    fc.integer({ min: 1, max: names.length }),
    fc.subarray(["product", "business"]),
    fc.boolean(),
  )
  .chain(([count, teams, wechatToo]) => {
    const receivers = names.slice(0, count);
    const some = fc.shuffledSubarray(receivers);
    const least = fc.shuffledSubarray(receivers, { minLength: 1 });
    const kind = (name: string) =>
      name === "mail" ? email(name) : name === "wecom" && wechatToo ? wechat() : hook(name);
    const team = fc.record(
      { critical: least, warning: some, info: some, quietHours: anyQuietHours },
      { requiredKeys: [] },
    );
    return fc.record(
      {
        language: fc.constantFrom("en", "zh"),
        receivers: fc.record(Object.fromEntries(receivers.map((name) => [name, kind(name)]))),
        teams: fc.record({
          platform: fc.record({
            critical: fc.constant(receivers),
            warning: some,
            info: some,
            quietHours: anyQuietHours,
          }),
          ...Object.fromEntries(teams.map((name) => [name, team])),
        }),
        grouping: fc.record({
          by: fc.subarray(["alertname", "namespace", "severity"], { minLength: 1 }),
        }),
        heartbeat: fc.constantFrom(
          { url: "https://outside.example.com/ping" },
          { urlSecret: "address", everySeconds: 30 },
        ),
      },
      { requiredKeys: ["receivers", "teams"] },
    );
  });
