import { RunError } from "../../../site/run-error";
import { quote } from "../../../ssh/shell-quote";
import { exitCodes } from "../../exit-codes";
import type { StepContext } from "../step-context";

const ADMIN_CONF = "/etc/kubernetes/admin.conf";

/** Kubernetes objects in plain form, as far as anything here looks into them. */
export interface KubeObject {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly generation?: number;
  };
  // biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, each looked into at a few places
  readonly spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly status?: any;
}

/** The cluster as seen from its control-plane hosts, the first that answers. */
export class Kubectl {
  private readonly step: StepContext;
  private readonly hosts: readonly string[];

  constructor(step: StepContext, hosts: readonly string[]) {
    this.step = step;
    this.hosts = hosts;
  }

  /** An object, or undefined when there is none of that name. @throws RunError when no host answers. */
  async get(namespace: string, kind: string, name: string): Promise<KubeObject | undefined> {
    const text = await this.run([
      "-n",
      namespace,
      "get",
      kind,
      name,
      "-o",
      "json",
      ...absentIsFine,
    ]);
    return text.trim() === "" ? undefined : (JSON.parse(text) as KubeObject);
  }

  /** Objects of a kind; none when the kind itself is not defined. */
  async list(namespace: string, kind: string, label = ""): Promise<readonly KubeObject[]> {
    const selector = label === "" ? [] : ["-l", label];
    const text = await this.run([
      "-n",
      namespace,
      "get",
      kind,
      ...selector,
      "-o",
      "json",
      ...absentIsFine,
    ]);
    return text.trim() === "" ? [] : ((JSON.parse(text) as { items?: KubeObject[] }).items ?? []);
  }

  /** Makes an object, or leaves the one that is there as it is wanted. */
  async apply(object: object): Promise<void> {
    await this.run(["apply", "-f", "-"], JSON.stringify(object));
  }

  /** Runs kubectl; returns what it printed. */
  async run(args: readonly string[], input?: string): Promise<string> {
    const words = args.map(quote).join(" ");
    // sudo's own path often lacks /usr/local/bin, where kk puts kubectl.
    const kubectl = `PATH="$PATH:/usr/local/bin" kubectl --kubeconfig ${ADMIN_CONF} --request-timeout=15s ${words}`;
    const command = input === undefined ? kubectl : `printf '%s' ${quote(input)} | ${kubectl}`;
    let said = "";
    for (const host of this.hosts) {
      const result = await this.step
        .session(host)
        .steadily((connection) => connection.exec(command, { sudo: true }));
      if (result.code === 0) return result.stdout;
      const [line = ""] = result.stderr.trim().split("\n").slice(-1);
      said = `${host}: ${line.slice(0, 300)}`;
      if (kindIsMissing.test(line)) return "";
    }
    throw new RunError(`the cluster does not answer: ${said}`, {
      exitCode: exitCodes.remote,
      nextStep: "look on that host at crictl ps -a and journalctl -u kubelet; then run again",
    });
  }
}

const absentIsFine = ["--ignore-not-found"];

/** What kubectl says of a kind that the cluster does not know. */
const kindIsMissing = /doesn't have a resource type/;
