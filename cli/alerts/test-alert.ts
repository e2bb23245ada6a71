import type {
  NotificationBlueprint,
  ReceiverBlueprint,
} from "../../site/alerting/notification-types";
import type { Severity } from "../../site/alerting/rule-types";
import { testLabel } from "../../site/alerting/special-labels";

const alertname = "SitewrightTest";

/** So long a test lasts at most, should nobody end it. */
const mostMinutes = 10;

interface TestMoment {
  /** Unlike that of every other test: alerts with the same labels are one and the same. */
  readonly id: string;
  readonly begun: Date;
  /** Set once it is over. */
  readonly over?: Date;
}

/** A test alert as Alertmanager takes it. Its texts say in the site's language that it is none. */
export function testAlert(
  { notification, severity }: { notification: NotificationBlueprint; severity: Severity },
  { name }: ReceiverBlueprint,
  { id, begun, over }: TestMoment,
) {
  const end = over ?? new Date(begun.getTime() + mostMinutes * 60_000);
  return {
    labels: { alertname, severity, site: notification.site, [testLabel]: name, test: id },
    annotations: words[notification.language](name, id),
    startsAt: begun.toISOString(),
    endsAt: end.toISOString(),
  };
}

const words = {
  en: (receiver: string, id: string) => ({
    summary: `TEST ${id}: message by ${receiver}, nothing has happened`,
    description:
      "Somebody tests how this site tells of alerts. A second message follows within a minute and says that it is over.",
    runbook: "1. Tell whoever runs the test that this message arrived.\n2. Nothing else.",
  }),
  zh: (receiver: string, id: string) => ({
    summary: `测试 ${id}：通过 ${receiver} 发送的消息，没有发生任何故障`,
    description: "正在测试本站点的告警通知。一分钟内会再收到一条恢复消息。",
    runbook: "1. 请告知测试人员已收到此消息。\n2. 无需其他处理。",
  }),
};
