import { notificationBlueprint } from "../../site/alerting/notification";
import type { NotificationBlueprint } from "../../site/alerting/notification-types";
import { alertsSchema } from "../../site/schema/alerts";
import { alertSecrets } from "../support/any-alerts";
import { problemsOf, secretNames, smallSite } from "../support/sites";

/** Alerts of sites, as code. */

export const certificate = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n";

/** Alerts of every kind of receiver, with all that each can have. Free to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export function someAlerts(): any {
  return {
    receivers: {
      mail: {
        kind: "email",
        to: ["a@example.com", "b@example.com"],
        from: "alerts@site-t.example",
        smarthost: "mail.example.com:587",
        user: "alerts",
        passwordSecret: "password",
        ca: certificate,
      },
      phone: { kind: "sms", to: ["+8600000000000"], urlSecret: "address", bearerSecret: "token" },
      chat: { kind: "im", speaks: "feishu", url: "https://im.example.com/robot/1" },
      wecom: { kind: "wechat", corpId: "ww0", agentId: "1", apiSecret: "wechat", toUsers: ["lee"] },
      hook: {
        kind: "webhook",
        url: "https://desk.example.com/alerts",
        user: "desk",
        passwordSecret: "password",
      },
    },
    teams: {
      platform: {
        critical: ["mail", "phone"],
        warning: ["mail"],
        info: [],
        quietHours: [{ from: "22:00", to: "07:00" }],
      },
      product: { critical: ["chat", "wecom"], warning: ["hook"] },
    },
    heartbeat: { urlSecret: "address" },
    expiries: { licence: { date: "2027-03-31" } },
  };
}

/** Problems of a small site with monitoring and these alerts, each as `path: needs`. */
export function alertProblems(alerts: unknown): readonly string[] {
  const site = { ...smallSite(), monitoring: {}, alerts };
  return problemsOf(site, [...secretNames, ...alertSecrets]);
}

export function notificationOf(alerts: unknown, timezone = "Asia/Shanghai"): NotificationBlueprint {
  const settings = { alerts: alertsSchema.parse(alerts), timezone };
  const notification = notificationBlueprint("site-t", settings);
  if (notification === undefined) throw new Error("no alerts");
  return notification;
}
